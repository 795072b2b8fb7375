using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Kubernetes;

/// <summary>Label selectors, as far as our manifests use them.</summary>
internal static class Selector
{
    /// <summary>Whether a selector of <c>matchLabels</c> and <c>matchExpressions</c> matches these labels; an empty one matches all.</summary>
    public static bool Matches(YamlNode? selector, IReadOnlyDictionary<string, string> labels) =>
        Matches(selector.At("matchLabels").Pairs(), labels)
        && selector.At("matchExpressions").Items().All(expression => expression.At("operator").Text() == "In"
            ? labels.TryGetValue(expression.At("key").Text(), out var value) && expression.At("values").Items().Any(item => item.Text() == value)
            : throw new NotSupportedException($"The operator {expression.At("operator").Text()} is not known here."));

    /// <summary>Whether the labels match the plain selector of a Service.</summary>
    public static bool Matches(IReadOnlyDictionary<string, string> selector, IReadOnlyDictionary<string, string> labels) =>
        selector.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);
}
