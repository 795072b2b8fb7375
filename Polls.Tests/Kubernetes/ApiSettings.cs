using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Polls.Api.Http;

[assembly: HostingStartup(typeof(Polls.Tests.Kubernetes.RecordSettings))]

namespace Polls.Tests.Kubernetes;

/// <summary>
/// Which settings the API reads: its own program is run up to the check of its configuration, which binds every options
/// class, with a source of configuration that has nothing and notes what it is asked for. No list to keep true.
/// </summary>
internal static class ApiSettings
{
    private static readonly Lazy<Task<IReadOnlySet<string>>> Read = new(RunAsync);

    /// <summary>The keys, with ":" between section and key.</summary>
    public static Task<IReadOnlySet<string>> KeysAsync() => Read.Value;

    /// <summary>What the API's program registered.</summary>
    public static async Task<IServiceCollection> ServicesAsync()
    {
        await Read.Value;
        return RecordSettings.Services!;
    }

    private static async Task<IReadOnlySet<string>> RunAsync()
    {
        // With Redis, whose options are read only then, and with one wrong value, so that it ends after the check.
        string[] arguments =
        [
            "--hostingStartupAssemblies", typeof(ApiSettings).Assembly.GetName().Name!,
            "--ConnectionStrings:Redis", "127.0.0.1:1", "--Votes:Writers", "99",
        ];
        var main = typeof(RoomLinks).Assembly.EntryPoint!;
        var exitCode = await Task.Run(() => main.Invoke(null, [arguments])).WaitAsync(TimeSpan.FromSeconds(60));
        exitCode.ShouldBe(1, "the program ends because of the wrong value");
        return RecordSettings.Notes.Asked.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>Adds the noting source to a host that names this assembly as a hosting startup, and keeps what the host registers.</summary>
public sealed class RecordSettings : IHostingStartup
{
    internal static SettingNotes Notes { get; } = new();

    internal static IServiceCollection? Services { get; private set; }

    public void Configure(IWebHostBuilder builder)
    {
        builder.ConfigureAppConfiguration((_, configuration) => configuration.Add(Notes));
        builder.ConfigureServices(services => Services = services);
    }
}

/// <summary>A source of configuration that has no values and notes the keys it is asked for.</summary>
internal sealed class SettingNotes : IConfigurationSource, IConfigurationProvider
{
    private readonly ConcurrentDictionary<string, bool> asked = new();

    public IEnumerable<string> Asked => asked.Keys;

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public bool TryGet(string key, out string? value)
    {
        asked[key] = true;
        value = null;
        return false;
    }

    // Sections that nobody set are not bound at all, so every section seems to have something.
    public IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
        parentPath is null || parentPath.Contains(':', StringComparison.Ordinal) ? earlierKeys : earlierKeys.Append("something");

    public void Set(string key, string? value)
    {
    }

    public IChangeToken GetReloadToken() => new CancellationChangeToken(default);

    public void Load()
    {
    }
}
