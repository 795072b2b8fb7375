using System.Text.RegularExpressions;
using Polls.AppHost;
using Polls.Tests.Journeys;

namespace Polls.Tests.Observability;

/// <summary>
/// Two instances on PostgreSQL and Redis, and a real Prometheus with the repository's configuration and rules.
/// Differences: it scrapes every second, and alerts fire without waiting, because minutes of "for" would be minutes of
/// the test.
/// </summary>
public sealed partial class ObservedInstances : TwoInstances, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("polls-observability-").FullName;
    private PrometheusClient? prometheus;

    public ObservedInstances()
    {
        var source = Path.Combine(Repository.Root, "observability");
        Directory.CreateDirectory(Path.Combine(folder, "rules"));
        foreach (var file in Directory.GetFiles(Path.Combine(source, "rules"), "*.yml").Append(Path.Combine(source, "prometheus.yml")))
        {
            var text = File.ReadAllText(file);
            var quick = Waits().Replace(text, "$1 1s");
            File.WriteAllText(Path.Combine(folder, Path.GetRelativePath(source, file)), quick);
        }

        Options = new()
        {
            Throwaway = true,
            Instances = 2,
            PrometheusEnabled = true,
            ObservabilityDirectory = folder,
            ApiEnvironment = new Dictionary<string, string> { ["Housekeeping__IntervalSeconds"] = "1" },
        };
    }

    private protected override ClusterOptions Options { get; }

    internal PrometheusClient Prometheus => prometheus ??= new(Cluster.Prometheus!.Address);

    public void Dispose()
    {
        prometheus?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [GeneratedRegex(@"^( *(?:- )?(?:scrape_interval|evaluation_interval|interval|for|keep_firing_for):) *\w+", RegexOptions.Multiline)]
    private static partial Regex Waits();
}
