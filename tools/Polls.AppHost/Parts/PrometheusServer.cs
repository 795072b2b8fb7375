using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>
/// Prometheus with <c>observability/prometheus.yml</c> and its rules, as in compose, except that its targets are in a
/// file, because the instances have no DNS name here.
/// </summary>
public sealed partial class PrometheusServer : LocalPart
{
    private readonly string _source;
    private readonly string _directory;

    internal PrometheusServer(PartContext context) : base("prometheus", 0, context)
    {
        _source = context.Options.ObservabilityDirectory
            ?? Path.GetDirectoryName(RepositoryFiles.Find("observability/prometheus.yml"))!;
        _directory = context.Folder.In("prometheus");
    }

    /// <summary>The address of Prometheus.</summary>
    public Uri Address => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}"));

    /// <inheritdoc/>
    public override string Endpoint => Address.OriginalString;

    private string ConfigurationPath => Path.Combine(_directory, "prometheus.yml");

    private string TargetsPath => Path.Combine(_directory, "targets.json");

    /// <summary>Sets the instances to scrape; Prometheus reloads the file at once.</summary>
    public void Watch(IEnumerable<ApiInstance> instances)
    {
        Directory.CreateDirectory(_directory);
        var targets = instances.Select(instance => instance.ManagementAddress.Authority);
        File.WriteAllText(TargetsPath + ".new", JsonSerializer.Serialize(new[] { new { targets } }));
        File.Move(TargetsPath + ".new", TargetsPath, overwrite: true);
    }

    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_directory);
        var text = await File.ReadAllTextAsync(Path.Combine(_source, "prometheus.yml"), cancellationToken);
        // There is no Alertmanager.
        text = Alerting().Replace(text, "");
        if (Discovery().Count(text) != 1)
            throw new StartFailedException(
                $"'{_source}/prometheus.yml' must have exactly one dns_sd_configs, "
                    + "which this run replaces by its own targets.");
        text = Discovery().Replace(text, "$1file_sd_configs: [{files: [targets.json]}]\n");
        await File.WriteAllTextAsync(ConfigurationPath, text, cancellationToken);

        // A link, so that kill -HUP of Prometheus is enough after a change of the rules.
        var rules = Path.Combine(_directory, "rules");
        File.Delete(rules);
        File.CreateSymbolicLink(rules, Path.Combine(_source, "rules"));
    }

    private protected override Launch CreateLaunch() => new("prometheus",
    [
        $"--config.file={ConfigurationPath}", $"--storage.tsdb.path={_directory}/data",
        $"--web.listen-address=127.0.0.1:{Port}", "--storage.tsdb.retention.time=31d",
        "--storage.tsdb.retention.size=1GB",
    ])
    {
        WorkingDirectory = _directory,
    };

    private protected override Task<bool> IsReadyAsync(CancellationToken cancellationToken) =>
        HttpProbe.AnswersAsync(new Uri(Address, "/-/ready"), status => status == HttpStatusCode.OK, cancellationToken);

    // The key and all lines with a deeper indentation.
    [GeneratedRegex(@"^( +)dns_sd_configs:.*\n(?:\1[ ].*\n)+", RegexOptions.Multiline)]
    private static partial Regex Discovery();

    [GeneratedRegex(@"^alerting:.*\n(?:[ ].*\n)+", RegexOptions.Multiline)]
    private static partial Regex Alerting();
}
