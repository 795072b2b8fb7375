using Polls.Tests.Kubernetes;
using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Observability;

/// <summary>The files of <c>observability/</c>: records, alerts and their test cases.</summary>
internal static class Rules
{
    /// <summary>The folder.</summary>
    public static string Folder { get; } = Path.Combine(Repository.Root, "observability");

    /// <summary>The recording rules.</summary>
    public static IReadOnlyList<Rule> Records { get; } = Read("recording.yml", "record");

    /// <summary>The alerts.</summary>
    public static IReadOnlyList<Rule> Alerts { get; } = Read("alerts.yml", "alert");

    /// <summary>The names of all groups in their order of evaluation.</summary>
    public static IReadOnlyList<string> Groups { get; } =
        [.. ((string[])["recording.yml", "alerts.yml"]).SelectMany(file => Load("rules/" + file).At("groups").Items()).Select(group => group.At("name").Text())];

    /// <summary>The files with test cases.</summary>
    public static IReadOnlyList<string> CaseFiles { get; } =
        [.. Directory.EnumerateFiles(Path.Combine(Folder, "rules/tests"), "*.yml").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Every expectation of every case: the alert, and the labels with which it fires; none if it must not fire.
    /// </summary>
    public static IReadOnlyList<Moment> Moments { get; } =
    [
        .. CaseFiles.SelectMany(file => Load("rules/tests/" + file).At("tests").Items())
            .SelectMany(test => test.At("alert_rule_test").Items())
            .Select(moment => new Moment(
                moment.At("alertname").Text(), [.. moment.At("exp_alerts").Items().Select(alert => alert.At("exp_labels").Pairs())])),
    ];

    /// <summary>The root node of a file in the folder.</summary>
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

/// <summary>What a case expects of an alert at a given time.</summary>
internal sealed record Moment(string Alert, IReadOnlyList<IReadOnlyDictionary<string, string>> Firing)
{
    /// <summary>Whether one of the firing alerts comes from this rule.</summary>
    public bool Fires(Rule rule) => rule.Name == Alert && Firing.Any(labels => rule.Labels.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value));
}
