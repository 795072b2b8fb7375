using System.Globalization;
using YamlDotNet.RepresentationModel;

namespace Polls.Tests.Kubernetes;

/// <summary>Short accessors for a YAML tree. Missing nodes are null or empty.</summary>
internal static class Yaml
{
    public static YamlNode? At(this YamlNode? node, params string[] path)
    {
        foreach (var name in path)
        {
            node = node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(name), out var child) ? child : null;
        }

        return node;
    }

    public static string Text(this YamlNode? node) => (node as YamlScalarNode)?.Value ?? "";

    public static int Number(this YamlNode? node) => int.Parse(node.Text(), CultureInfo.InvariantCulture);

    public static IReadOnlyList<YamlNode> Items(this YamlNode? node) => node is YamlSequenceNode list ? [.. list.Children] : [];

    public static IReadOnlyDictionary<string, string> Pairs(this YamlNode? node) => node is YamlMappingNode map
        ? map.Children.ToDictionary(pair => pair.Key.Text(), pair => pair.Value.Text())
        : new Dictionary<string, string>();

    /// <summary>All nodes below this one with this name.</summary>
    public static IEnumerable<YamlNode> Named(this YamlNode? node, string name) => node switch
    {
        YamlMappingNode map => map.Children.SelectMany(pair =>
            (pair.Key.Text() == name ? [pair.Value] : Array.Empty<YamlNode>()).Concat(pair.Value.Named(name))),
        YamlSequenceNode list => list.Children.SelectMany(item => item.Named(name)),
        _ => [],
    };
}
