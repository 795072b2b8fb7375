using System.Globalization;
using System.Net;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>One Polls.Api process.</summary>
public sealed class ApiInstance : LocalPart
{
    private readonly Dictionary<string, string> _environment;
    private readonly string _assembly;
    private PortReservation _managementPort = PortReservation.Free();

    internal ApiInstance(
        int number, int port, PostgresServer postgres, RedisServer? redis,
        IReadOnlyDictionary<string, string>? environment, PartContext context)
        : base($"api-{number}", port, context)
    {
        Number = number;
        _assembly = ApiAssembly.Find(context.Options.ApiAssemblyPath);
        _environment = new()
        {
            ["ConnectionStrings__Polls"] = postgres.ConnectionString,
            ["ConnectionStrings__Redis"] = redis?.ConnectionString ?? "",
            ["Instance__Id"] = Name,
            ["Proxy__Trusted"] = context.Options.NginxEnabled ? "127.0.0.1" : "",
            ["DOTNET_ENVIRONMENT"] = context.Options.EnvironmentName,
            ["ASPNETCORE_ENVIRONMENT"] = context.Options.EnvironmentName,
            // Readable text instead of JSON.
            ["Logging__Console__FormatterName"] = "simple",
        };
        foreach (var (name, value) in context.Options.ApiEnvironment
            .Concat(context.Options.InstanceEnvironment?.Invoke(number) ?? new Dictionary<string, string>())
            .Concat(environment ?? new Dictionary<string, string>()))
            _environment[name] = value;
    }

    /// <summary>1 for the first instance.</summary>
    public int Number { get; }

    /// <summary>The address of the API.</summary>
    public Uri Address => Loopback(Port);

    /// <summary>The address for metrics, unless the environment sets <c>Management__Url</c>.</summary>
    public Uri ManagementAddress => Loopback(_managementPort.Port);

    /// <inheritdoc/>
    public override string Endpoint => Address.OriginalString;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _managementPort.Dispose();
    }

    private protected override Launch CreateLaunch()
    {
        var environment = new Dictionary<string, string>(_environment) { ["ASPNETCORE_URLS"] = Address.OriginalString };
        environment.TryAdd("Management__Url", ManagementAddress.OriginalString);
        return new(ApiAssembly.DotnetHost, [_assembly])
        {
            WorkingDirectory = Path.GetDirectoryName(_assembly)!,
            Environment = environment,
        };
    }

    private protected override void ReplacePorts()
    {
        _managementPort.Dispose();
        _managementPort = PortReservation.Free();
    }

    private static Uri Loopback(int port) =>
        new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));

    private protected override Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        HttpProbe.AnswersAsync(
            new Uri(Address, "/health/ready"), status => status == HttpStatusCode.OK, cancellationToken);
}
