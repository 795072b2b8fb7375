using System.Text.RegularExpressions;

namespace Polls.Tests;

/// <summary>
/// Rules for the source files: the folders of a project depend on each other in one direction, so that each can be read
/// without all the others, and no line is too long.
/// </summary>
public sealed class FolderTests
{
    [Theory]
    [InlineData("Polls.Api")]
    [InlineData("Polls.Core")]
    public void At_most_three_folders_depend_on_each_other(string project)
    {
        var uses = Uses(project);
        uses.Count.ShouldBeGreaterThan(8, "the search finds the folders");

        var circles = uses.Keys.Select(folder => uses.Keys.Where(other => Reaches(uses, folder, other) && Reaches(uses, other, folder)).Order().ToArray());

        circles.Where(circle => circle.Length > 3).Select(circle => string.Join(", ", circle)).Distinct().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Polls.Api", "LiveRooms", "Hubs", "Sessions", "Redis", "Rooms", "Votes")]
    [InlineData("Polls.Api", "Connections", "LiveRooms", "Hubs", "Redis", "Backplane")]
    [InlineData("Polls.Api", "Backplane", "LiveRooms", "Hubs", "Redis", "Connections")]
    [InlineData("Polls.Api", "Limits", "LiveRooms", "Hubs", "Redis", "Backplane", "Connections")]
    [InlineData("Polls.Core", "Loops", "Votes", "Rooms", "RoomPolls", "Storage", "Tallies")]
    [InlineData("Polls.Core", "Telemetry", "Votes", "Rooms", "RoomPolls", "Storage", "Loops")]
    public void Lower_layers_do_not_depend_on_higher_ones(string project, string folder, params string[] above) =>
        Uses(project)[folder].Intersect(above).ShouldBeEmpty();

    [Fact]
    public void Metrics_are_beside_the_code_that_they_measure()
    {
        // Delivery is measured in Polls.Api.
        var core = Files("Polls.Core").Where(file => file.Contains("/Telemetry/", StringComparison.Ordinal) || file.EndsWith("Metrics.cs", StringComparison.Ordinal)).ToList();
        core.Count.ShouldBeGreaterThan(3, "the search finds the files");
        core.Where(file => Regex.IsMatch(File.ReadAllText(file), @"redis|backplane|hub|websocket|broadcast", RegexOptions.IgnoreCase)).ShouldBeEmpty();

        // The shared part names no metric.
        var common = Repository.Read("Polls.Core/Telemetry/Instruments.cs");
        Regex.Matches(common, "\"(polls_|websocket_)").ShouldBeEmpty();
    }

    [Fact]
    public void The_core_knows_neither_the_web_nor_Redis() =>
        Files("Polls.Core").Where(file => Regex.IsMatch(File.ReadAllText(file), @"using (Microsoft\.AspNetCore|StackExchange|Polls\.Api)")).ShouldBeEmpty();

    [Theory]
    [InlineData("Polls.Api")]
    [InlineData("Polls.Core")]
    [InlineData("tools")]
    public void No_line_of_code_is_longer_than_120_columns(string folder) =>
        Files(folder)
            // Written by dotnet ef.
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal)
                && !file.Contains("/CompiledModel/", StringComparison.Ordinal))
            .SelectMany(file => File.ReadLines(file).Index()
                .Where(line => line.Item.Length > 120)
                .Select(line => $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}"))
            .ShouldBeEmpty();

    // For each folder, the other folders whose namespaces its files use.
    private static Dictionary<string, HashSet<string>> Uses(string project)
    {
        var root = Repository.PathOf(project);
        return Files(project).Select(file => (Folder: Path.GetRelativePath(root, file).Split('/'), Text: File.ReadAllText(file)))
            .Where(file => file.Folder.Length > 1)
            .GroupBy(file => file.Folder[0])
            .ToDictionary(
                files => files.Key,
                files => files.SelectMany(file => Regex.Matches(file.Text, $@"\b{Regex.Escape(project)}\.(\w+)").Select(match => match.Groups[1].Value))
                    .Where(used => used != files.Key && Directory.Exists(Path.Combine(root, used))).ToHashSet());
    }

    private static bool Reaches(Dictionary<string, HashSet<string>> uses, string from, string to)
    {
        var reached = new HashSet<string>();
        var next = new Queue<string>([from]);
        while (next.TryDequeue(out var folder))
        {
            foreach (var used in uses.GetValueOrDefault(folder) ?? [])
            {
                if (reached.Add(used))
                {
                    next.Enqueue(used);
                }
            }
        }

        return from == to || reached.Contains(to);
    }

    private static IEnumerable<string> Files(string project) =>
        Directory.EnumerateFiles(Repository.PathOf(project), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal));
}
