using System.Collections.Concurrent;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Polls.Tests.Servers;

[assembly: HostingStartup(typeof(Polls.Tests.Kubernetes.RecordSettings))]

namespace Polls.Tests.Kubernetes;

/// <summary>
/// Finds the settings that the API reads: runs its own program up to the validation of its configuration, which binds
/// every options class, with an empty configuration source that records the requested keys. So no list has to be
/// maintained.
/// </summary>
internal static class ApiSettings
{
    private static readonly Lazy<Task<IReadOnlySet<string>>> Read = new(RunAsync);

    /// <summary>The keys, with ":" between section and key.</summary>
    public static Task<IReadOnlySet<string>> KeysAsync() => Read.Value;

    /// <summary>The services that the API's program registered.</summary>
    public static async Task<IServiceCollection> ServicesAsync()
    {
        await Read.Value;
        return RecordSettings.Services!;
    }

    private static async Task<IReadOnlySet<string>> RunAsync()
    {
        // With Redis, because its options are read only then, and with one invalid value, so that the program exits
        // after validation.
        var refused = await InProcessProgram.RunAsync(
            [], ("hostingStartupAssemblies", typeof(ApiSettings).Assembly.GetName().Name!),
            ("ConnectionStrings:Redis", "127.0.0.1:1"), ("Votes:Writers", "99"));
        refused.ExitCode.ShouldBe(1, "the program exits because of the invalid value");
        return RecordSettings.Notes.Asked.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>
/// Adds the recording source to a host that names this assembly as a hosting startup, and captures the host's services.
/// </summary>
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

/// <summary>A configuration source without values that records the keys it is asked for.</summary>
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

    // Sections without values are not bound at all, so every section reports a child.
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
