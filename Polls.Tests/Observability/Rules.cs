using Polls.Tests.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Observability;

/// <summary>The files of <c>observability/</c> as everybody reads them: records, alerts and their cases.</summary>
internal static class Rules
{
    /// <summary>The folder.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "observability");

    /// <summary>What is recorded.</summary>
    public static IReadOnlyList<Rule> Records { get; } = Read("recording.yml", "record");

    /// <summary>What is told of.</summary>
    public static IReadOnlyList<Rule> Alerts { get; } = Read("alerts.yml", "alert");

    /// <summary>The names of all groups in the order in which they are to be evaluated.</summary>
    public static IReadOnlyList<string> Groups { get; } =
        [.. ((string[])["recording.yml", "alerts.yml"]).SelectMany(file => Load("rules/" + file).At("groups").Items()).Select(group => group.At("name").Text())];

    /// <summary>The files with cases.</summary>
    public static IReadOnlyList<string> CaseFiles { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "rules/tests"), "*.yml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Every moment of every case: of which alert, and with which labels it is expected to fire; none when it shall be quiet.</summary>
    public static IReadOnlyList<Moment> Moments { get; } =
    [
        .. CaseFiles.SelectMany(file => Load("rules/tests/" + file).At("tests").Items())
            .SelectMany(test => test.At("alert_rule_test").Items())
            .Select(moment => new Moment(
                moment.At("alertname").Text(), [.. moment.At("exp_alerts").Items().Select(alert => alert.At("exp_labels").Pairs())])),
    ];

    /// <summary>The root of a file of the folder.</summary>
    public static YamlNode Load(string path)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Folder, path))));
        return stream.Documents.ShouldHaveSingleItem().RootNode;
    }

    private static List<Rule> Read(string file, string kind)
    {
        List<YamlNode> nodes = [.. Load("rules/" + file).At("groups").Items().SelectMany(group => group.At("rules").Items())];
        nodes.ShouldNotBeEmpty();
        nodes.ShouldAllBe(node => node.At(kind) != null);
        return [.. nodes.Select(node => new Rule(node.At(kind).Text(), node.At("expr").Text(), node.At("labels").Pairs(), node.At("annotations").Pairs()))];
    }
}

/// <summary>A record or an alert.</summary>
internal sealed record Rule(
    string Name, string Expression, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations)
{
    public override string ToString() => $"{Name} {{{string.Join(", ", Labels.Select(label => $"{label.Key}={label.Value}"))}}}";
}

/// <summary>What a case expects of an alert at one time.</summary>
internal sealed record Moment(string Alert, IReadOnlyList<IReadOnlyDictionary<string, string>> Firing)
{
    /// <summary>Whether one of those that fire comes from this rule.</summary>
    public bool Fires(Rule rule) => rule.Name == Alert && Firing.Any(labels => rule.Labels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value));
}
