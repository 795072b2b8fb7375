using System.Text.Json;

namespace Polls.Tests.Observability;

/// <summary>One Grafana dashboard of <c>observability/grafana/dashboards/</c>.</summary>
internal sealed record Dashboard(string Name, JsonElement Root)
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "observability", "grafana", "dashboards");

    /// <summary>All dashboards.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Directory.GetFiles(Folder, "*.json").Order(StringComparer.Ordinal)];

    public static IReadOnlyList<Dashboard> All { get; } = [.. Files.Select(file => Parse(Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)))];

    public string Uid => Root.GetProperty("uid").GetString()!;

    /// <summary>Rows and panels, in the order of the file.</summary>
    public IReadOnlyList<JsonElement> Parts => [.. Root.GetProperty("panels").EnumerateArray()];

    /// <summary>Panels that show data.</summary>
    public IReadOnlyList<JsonElement> Panels => [.. Parts.Where(part => Text(part, "type") != "row")];

    /// <summary>Every query with the title of its panel.</summary>
    public IEnumerable<(string Panel, string Query)> Queries =>
        Panels.SelectMany(panel => List(panel, "targets").Select(target => ($"{Name}, {Text(panel, "title")}", Text(target, "expr"))));

    /// <summary>The query for the values of the variable "instance", as <c>label_values</c> defines it.</summary>
    public string Instances => Text(List(Root.GetProperty("templating"), "list").Single(variable => Text(variable, "name") == "instance").GetProperty("query"), "query");

    /// <summary>The queries of annotations.</summary>
    public IEnumerable<string> Marks => Root.GetProperty("annotations").GetProperty("list").EnumerateArray().Select(mark => Text(mark.GetProperty("target"), "expr"));

    public static Dashboard Parse(string name, string json) => new(name, JsonDocument.Parse(json).RootElement);

    /// <summary>A string property of an object; empty if missing.</summary>
    public static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>An array property of an object; empty if missing.</summary>
    public static IReadOnlyList<JsonElement> List(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [];

    /// <summary>Every object with a property of this name, at any depth, and that property.</summary>
    public static IEnumerable<(JsonElement Owner, JsonElement Value)> Everywhere(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property =>
            (property.NameEquals(name) ? [(element, property.Value)] : Enumerable.Empty<(JsonElement, JsonElement)>()).Concat(Everywhere(property.Value, name))),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(item => Everywhere(item, name)),
        _ => [],
    };
}
