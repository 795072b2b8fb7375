using System.Globalization;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>
/// nginx in front of the instances, with the repository's <c>nginx/</c>, as in compose and Kubernetes.
/// </summary>
public sealed class NginxServer : LocalPart
{
    private readonly string _start;
    private readonly string _runDirectory;
    private readonly string _instancesFile;

    internal NginxServer(int port, PartContext context) : base("nginx", port, context)
    {
        _start = RepositoryFiles.Find("nginx/start");
        _runDirectory = context.Folder.In("nginx");
        _instancesFile = context.Folder.In("nginx-instances");
    }

    /// <summary>The address of nginx.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    /// <inheritdoc/>
    public override string Endpoint => Address.OriginalString;

    /// <summary>The folder of the generated configuration.</summary>
    public string ConfigurationDirectory => _runDirectory;

    /// <summary>Sets the instances to forward to; nginx reloads within about two seconds.</summary>
    public void Serve(IEnumerable<ApiInstance> instances)
    {
        // By name, as in compose and Kubernetes.
        File.WriteAllLines(
            _instancesFile + ".new",
            instances.Select(instance => string.Create(CultureInfo.InvariantCulture, $"localhost:{instance.Port}")));
        File.Move(_instancesFile + ".new", _instancesFile, overwrite: true);
    }

    private protected override Launch CreateLaunch() => new("sh", [_start])
    {
        Environment = new Dictionary<string, string>(Context.Options.NginxEnvironment)
        {
            ["POLLS_RUN_DIR"] = _runDirectory,
            ["POLLS_INSTANCES_FILE"] = _instancesFile,
            ["POLLS_ADDRESS"] = "127.0.0.1",
            ["POLLS_PORT"] = Port.ToString(CultureInfo.InvariantCulture),
        },
        StopSignal = PosixSignalNumber.Interrupt,
    };

    // With TLS, the plain port answers with a redirect.
    private protected override Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        HttpProbe.AnswersAsync(new Uri(Address, "/health/live"), status => (int)status < 400, cancellationToken);
}
