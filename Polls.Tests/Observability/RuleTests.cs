using Polls.AppHost.Processes;
using Polls.Tests.Kubernetes;
using Polls.Tests.Telemetry;

namespace Polls.Tests.Observability;

/// <summary>Prometheus accepts the rules, their test cases pass, and they use only names that exist.</summary>
public sealed class RuleTests
{
    private static readonly string[] LabelsOfPrometheus = ["job", "instance"];

    /// <summary>Documented metrics, recorded series, and Prometheus' own.</summary>
    internal static HashSet<string> KnownMetrics { get; } =
        [.. DocumentedMetrics.Read().Always, .. DocumentedMetrics.Read().AfterFirstEvent, .. Rules.Records.Select(record => record.Name), "up"];

    public static TheoryData<string> CaseFiles => [.. Rules.CaseFiles];

    [Fact]
    public async Task Promtool_accepts_the_rules_and_the_configuration_that_loads_them()
    {
        await PromtoolAsync("check", "rules", "rules/recording.yml", "rules/alerts.yml");
        (await PromtoolAsync("check", "config", "prometheus.yml")).ShouldContain("2 rule files found");
    }

    [Theory]
    [MemberData(nameof(CaseFiles))]
    public async Task The_rules_pass_their_test_cases(string file) => await PromtoolAsync("test", "rules", "rules/tests/" + file);

    [Theory]
    [MemberData(nameof(CaseFiles))]
    public void Cases_evaluate_records_before_what_reads_them(string file)
    {
        var test = Rules.Load("rules/tests/" + file);
        var loaded = test.At("rule_files").Items().Count;
        test.At("group_eval_order").Items().Select(group => group.Text())
            .ShouldBe(loaded == 2 ? Rules.Groups : Rules.Groups.Where(name => name.StartsWith("record-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_alert_has_a_case_in_which_it_fires_and_one_in_which_it_does_not()
    {
        Rules.Alerts.Where(alert => !Rules.Moments.Any(moment => moment.Fires(alert))).ShouldBeEmpty("never fires in a case");
        Rules.Alerts.Where(alert => !Rules.Moments.Any(moment => moment.Alert == alert.Name && moment.Firing.Count == 0)).ShouldBeEmpty("has no case in which it does not fire");
        Rules.Moments.Select(moment => moment.Alert).Except(Rules.Alerts.Select(alert => alert.Name)).ShouldBeEmpty("a case for an alert that does not exist");
    }

    [Fact]
    public void Every_alert_has_a_severity_a_summary_a_description_and_a_runbook_link()
    {
        Rules.Alerts.Select(alert => alert.ToString()).ShouldBeUnique();
        foreach (var alert in Rules.Alerts)
        {
            alert.Labels["severity"].ShouldBeOneOf("page", "ticket", "watchdog");
            string.Join(" ", alert.Annotations.Keys.Order()).ShouldBe("description runbook_url summary", alert.Name);
            alert.Annotations.Values.ShouldAllBe(text => text.Length > 10, alert.Name);
        }

        // All alerts of one name share one section of the runbook.
        Rules.Alerts.GroupBy(alert => alert.Name).ShouldAllBe(same => same.Select(alert => alert.Annotations["runbook_url"]).Distinct().Count() == 1);
    }

    [Fact]
    public void Every_metric_that_is_read_is_documented_or_recorded()
    {
        var known = KnownMetrics;
        foreach (var rule in Rules.Records.Concat(Rules.Alerts))
        {
            var names = Promql.Metrics(rule.Expression);
            names.ShouldNotBeEmpty(rule.Name);
            names.Where(name => !known.Contains(name) && !known.Contains(Promql.Family(name))).ShouldBeEmpty(rule.Name);
        }
    }

    [Fact]
    public void Every_label_that_is_read_and_every_value_of_it_is_documented()
    {
        var page = Repository.Read("docs/metrics.md");
        HashSet<string> known = [.. DocumentedMetrics.Read().Labels, .. LabelsOfPrometheus, .. Rules.Records.SelectMany(record => record.Labels.Keys)];
        foreach (var rule in Rules.Records.Concat(Rules.Alerts))
        {
            Promql.Labels(rule.Expression).Except(known).ShouldBeEmpty(rule.Name);
            var values = Promql.Matchers(rule.Expression).Where(matcher => matcher.Label is "outcome" or "part" or "event" or "db_client_connection_state")
                .SelectMany(matcher => matcher.Value.Split('|'));
            values.Where(value => !page.Contains($"`{value}`", StringComparison.Ordinal)).ShouldBeEmpty(rule.Name);
        }
    }

    [Fact]
    public void Metrics_that_other_programs_also_have_are_selected_by_job()
    {
        foreach (var rule in Rules.Records.Concat(Rules.Alerts))
        {
            Promql.Selectors(rule.Expression)
                .Where(selector => !selector.Metric.StartsWith("polls_", StringComparison.Ordinal) && !selector.Metric.Contains(':', StringComparison.Ordinal))
                .ShouldAllBe(selector => selector.Matchers.Contains("job=\"polls\"", StringComparison.Ordinal), rule.Name);
        }

        Rules.Load("prometheus.yml").At("scrape_configs").Items().ShouldHaveSingleItem().At("job_name").Text().ShouldBe("polls");
    }

    [Fact]
    public void Compose_mounts_the_files_where_the_configuration_expects_them()
    {
        var compose = Repository.Read("docker-compose.yml");
        compose.ShouldContain("--config.file=/etc/polls-prometheus/prometheus.yml");
        compose.ShouldContain("./observability/prometheus.yml:/etc/polls-prometheus/prometheus.yml:ro");
        compose.ShouldContain("./observability/rules:/etc/polls-prometheus/rules:ro");
        Rules.Load("prometheus.yml").At("rule_files").Items().Select(file => file.Text()).ShouldBe(["rules/*.yml"]);
    }

    private static async Task<string> PromtoolAsync(string first, string second, params string[] files) =>
        (await Tool.RunAsync("promtool", [first, second, .. files.Select(file => Path.Combine(Rules.Folder, file))]))
            .OrThrow($"promtool {first} {second}").Output;
}
