using System.Text.RegularExpressions;
using Polls.Api.Limits;
using Polls.AppHost.Processes;
using Polls.Tests.Kubernetes;

namespace Polls.Tests.Observability;

/// <summary>The runbook has one section for each alert, and no others.</summary>
public sealed partial class RunbookTests
{
    private const string Page = "docs/runbook.md";
    private static readonly string Text = Repository.Read(Page);

    // The anchors that Markdown renderers generate.
    internal static IReadOnlyList<string> Anchors { get; } =
        [.. Heading().Matches(Text).Select(heading => NoAnchor().Replace(heading.Groups[2].Value.ToLowerInvariant(), "").Replace(' ', '-'))];

    [Fact]
    public void Every_alert_links_to_its_section()
    {
        Anchors.ShouldBeUnique();
        foreach (var alert in Rules.Alerts)
        {
            alert.Annotations["runbook_url"].ShouldBe($"{Page}#{alert.Name.ToLowerInvariant()}");
            Anchors.ShouldContain(alert.Name.ToLowerInvariant());
        }
    }

    [Fact]
    public void Every_section_of_an_alert_belongs_to_one()
    {
        var alerts = Text.Split("\n## Alerts\n").Last().Split("\n## ")[0];
        Heading().Matches(alerts).Select(heading => heading.Groups[2].Value).Order().ShouldBe(Rules.Alerts.Select(alert => alert.Name).Distinct().Order());
    }

    [Fact]
    public void Every_section_of_an_alert_has_the_parts_Means_Look_and_Do()
    {
        foreach (var section in Text.Split("\n## Alerts\n").Last().Split("\n## ")[0].Split("\n### ").Skip(1))
        {
            foreach (var part in (string[])["**Means.**", "**Look.**", "**Do.**"])
            {
                section.ShouldContain(part);
            }

            section.ShouldContain("```");
        }
    }

    [Fact]
    public void The_table_lists_every_alert_with_its_severity()
    {
        var rows = Row().Matches(Text).Select(row => (row.Groups[1].Value, row.Groups[2].Value)).ToList();
        rows.Order().ShouldBe(Rules.Alerts.GroupBy(alert => alert.Name)
            .Select(same => (same.Key, string.Join(", ", same.Select(alert => alert.Labels["severity"]).Distinct()))).Order());
    }

    [Fact]
    public void Every_query_uses_existing_metrics()
    {
        var queries = Query().Matches(Text).Select(query => query.Groups[1].Value).Where(query => !query.StartsWith("ALERTS", StringComparison.Ordinal)).ToList();
        queries.Count.ShouldBeGreaterThan(30);
        var known = RuleTests.KnownMetrics;
        queries.SelectMany(Promql.Metrics).Where(name => !known.Contains(name) && !known.Contains(Promql.Family(name))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_block_of_commands_is_valid_shell_syntax()
    {
        var blocks = Block().Matches(Text).Select(block => block.Groups[1].Value).ToList();
        blocks.Count.ShouldBeGreaterThan(20);
        foreach (var block in blocks)
        {
            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, block);
            (await Tool.RunAsync("bash", ["-n", file])).OrThrow($"bash does not accept:\n{block}");
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Every_setting_and_every_file_that_it_names_exists()
    {
        var known = await ApiSettings.KeysAsync();
        var named = Setting().Matches(Text).Select(setting => setting.Value).Distinct().ToList();
        named.ShouldNotBeEmpty();
        // Limits are read only if they are set, so any of them is accepted.
        var limits = Enum.GetNames<RateClass>().SelectMany(rate => (string[])[$"Limits__{rate}__PerSecond", $"Limits__{rate}__Burst"]).ToList();
        named.Where(name => !limits.Contains(name) && !known.Contains(name.Replace("__", ":", StringComparison.Ordinal))).ShouldBeEmpty();
        var files = LinkedFile().Matches(Text).Select(link => link.Groups[1].Value).Concat(Script().Matches(Text).Select(script => "../" + script.Value)).Distinct().ToList();
        files.Count.ShouldBeGreaterThan(5);
        files.Where(file => !File.Exists(Path.Combine(Repository.Root, "docs", file))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_table_and_function_in_its_SQL_exists()
    {
        // PostgreSQL's own catalogue is not checked; our tables and functions are in the migrations.
        var made = string.Join('\n', Directory.GetFiles(Path.Combine(Repository.Root, "Polls.Core", "Storage", "Migrations")).Select(File.ReadAllText));
        var asked = Sql().Matches(Text).SelectMany(sql => From().Matches(sql.Groups[2].Value)).Select(from => from.Groups[1].Value).Distinct().ToList();
        asked.ShouldNotBeEmpty();
        asked.Where(name => !name.StartsWith("pg_", StringComparison.Ordinal) && !Regex.IsMatch(made, $@"\b{name}\b")).ShouldBeEmpty();
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\b[A-Z]\w*?__\w+")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\]\(([\w./-]+\.\w+)(?:#[\w-]+)?\)")]
    private static partial Regex LinkedFile();

    [GeneratedRegex(@"\bscripts/[\w-]+")]
    private static partial Regex Script();

    [GeneratedRegex("""sql (["'])(.+?)\1""")]
    private static partial Regex Sql();

    [GeneratedRegex(@"\b(?:FROM|JOIN) (\w+)")]
    private static partial Regex From();

    [GeneratedRegex("prom '([^']+)'")]
    private static partial Regex Query();

    [GeneratedRegex("^(##+) (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("[^a-z0-9 -]")]
    private static partial Regex NoAnchor();

    [GeneratedRegex(@"^\| \[(\w+)\]\(#\w+\) \| ([a-z, ]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
