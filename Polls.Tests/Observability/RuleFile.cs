using Polls.Tests.Deployment;
using YamlDotNet.Serialization;

namespace Polls.Tests.Observability;

/// <summary>The rules of <c>observability/rules/</c>, as far as those who look at dashboards need to know of them.</summary>
internal static class RuleFile
{
    private static readonly IReadOnlyList<Dictionary<object, object>> Rules =
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "observability", "rules"), "*.yml").SelectMany(file =>
            ((List<object>)new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(File.ReadAllText(file))["groups"])
                .SelectMany(group => (List<object>)((Dictionary<object, object>)group)["rules"]).Cast<Dictionary<object, object>>()),
    ];

    /// <summary>The names that rules record.</summary>
    public static IReadOnlySet<string> Recorded { get; } = Rules.Where(rule => rule.ContainsKey("record")).Select(rule => (string)rule["record"]).ToHashSet();

    /// <summary>What the rules ask.</summary>
    public static IReadOnlyList<(string Rule, string Query)> Queries { get; } =
        [.. Rules.Select(rule => ((string)(rule.TryGetValue("record", out var name) ? name : rule["alert"]), (string)rule["expr"]))];
}
