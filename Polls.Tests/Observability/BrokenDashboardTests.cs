namespace Polls.Tests.Observability;

/// <summary>Tests of the tests: each breaks one thing in a dashboard, and the matching check must report it.</summary>
public sealed class BrokenDashboardTests
{
    private static readonly string Right = File.ReadAllText(Path.Combine(Dashboard.Folder, "vote-path.json"));

    [Theory]
    [InlineData("\"id\": 2,", "\"id\": 1,", "its id is not unique")]
    [InlineData("\"w\": 3, \"x\": 3,", "\"w\": 4, \"x\": 3,", "lies on Vote to receipt")]
    [InlineData("\"w\": 12, \"x\": 12,", "\"w\": 13, \"x\": 12,", "not on the grid")]
    [InlineData("\"unit\": \"s\"", "\"unit\": \"sec\"", "its unit 'sec'")]
    [InlineData("\\n\\nNormal: ", " Normal: ", "does not say what is normal")]
    [InlineData("docs/runbook.md#slowvotes", "docs/runbook.md#slovotes", "#slovotes does not exist")]
    [InlineData("\"uid\": \"${datasource}\"", "\"uid\": \"prometheus\"", "a data source is not the variable")]
    [InlineData("polls_vote_queue_fullest{", "polls_queue_fullest{", "polls_queue_fullest is neither in docs/metrics.md")]
    [InlineData("polls_vote_writers_failing{instance=~\\\"$instance\\\"}", "polls_vote_writers_failing", "does not look at the chosen instances")]
    [InlineData("polls_vote_writers_failing{instance=~\\\"$instance\\\"}", "polls_vote_writers_failing{}", "does not look at the chosen instances")]
    [InlineData("{instance=~\\\"$instance\\\", outcome=\\\"accepted\\\"}[$__rate_interval]", "{instance=~\\\"$instance\\\", outcome=\\\"accepted\\\"}[1m]", "rate over 1m")]
    [InlineData("\"url\": \"/d/polls-stores\"", "\"url\": \"/d/polls-store\"", "/d/polls-store leads nowhere")]
    [InlineData("\"title\": \"Commit\"", "\"title\": \"Queue\"", "its title is not unique")]
    public void A_broken_rule_is_reported(string right, string wrong, string complaint)
    {
        var broken = Dashboard.Parse("vote-path", Break(right, wrong));
        var complaints = DashboardRules.Complaints(broken, [.. Dashboard.All.Select(dashboard => dashboard.Uid)]);
        complaints.Any(line => line.Contains(complaint, StringComparison.Ordinal)).ShouldBeTrue(string.Join('\n', complaints));
    }

    [Fact]
    public async Task The_types_refuse_what_Grafana_does_not_know()
    {
        (string Right, string Wrong, string Complaint)[] cases =
        [
            ("\"refresh\": \"10s\"", "\"refrsh\": \"10s\"", "refrsh"),
            ("\"graphTooltip\": 1", "\"graphTooltip\": 7", "'7' is not assignable"),
            ("\"graphMode\": \"area\"", "\"graphMode\": \"areas\"", "\"areas\""),
            ("\"showPoints\": \"never\"", "\"showPoint\": \"never\"", "showPoint"),
            ("\"scheme\": \"Oranges\"", "\"schema\": \"Oranges\"", "schema"),
            ("\"expr\": \"sum", "\"expression\": \"sum", "expression"),
            ("\"type\": \"bargauge\"", "\"type\": \"bargraph\"", "bargraph is not on the list"),
            ("\"panels\": [", "\"panels\": [,", "JSON"),
        ];
        var folder = Directory.CreateTempSubdirectory("polls-dashboards-").FullName;
        try
        {
            foreach (var (wrong, i) in cases.Select((wrong, i) => (wrong, i)))
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"{i}.json"), Break(wrong.Right, wrong.Wrong));
            }

            var files = cases.Select((_, i) => Path.Combine(folder, $"{i}.json")).ToList();
            var complaints = await GrafanaTypes.ComplaintsAsync(files);
            foreach (var (wrong, file) in cases.Zip(files))
            {
                complaints.Where(line => line.StartsWith(file, StringComparison.Ordinal) && line.Contains(wrong.Complaint, StringComparison.Ordinal))
                    .ShouldNotBeEmpty(wrong.Wrong + "\n" + string.Join('\n', complaints));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The dashboard with the first of these texts replaced.</summary>
    private static string Break(string right, string wrong)
    {
        Right.ShouldContain(right);
        var at = Right.IndexOf(right, StringComparison.Ordinal);
        return Right[..at] + wrong + Right[(at + right.Length)..];
    }
}
