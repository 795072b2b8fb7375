using System.Text.RegularExpressions;
using Polls.AppHost.Processes;
using Polls.Tests.Kubernetes;

namespace Polls.Tests.Observability;

/// <summary>
/// The example for Alertmanager is valid, routes alerts to the right receiver, and reports one cause once.
/// </summary>
public sealed partial class AlertmanagerTests(AlertmanagerServer server) : IClassFixture<AlertmanagerServer>
{
    private static readonly string Example = Path.Combine(Rules.Folder, "alertmanager.yml");

    /// <summary>Alerts raised together, on one instance by default, and the alerts that are sent.</summary>
    public static TheoryData<string, string> Causes => new()
    {
        { "InstanceDown, UnbalancedLoad, CpuHigh@b, MemoryHigh", "InstanceDown" },
        { "InstanceDown, MemoryHigh@b", "InstanceDown, MemoryHigh" },
        // A ticket never silences a page.
        { "InstanceDown, SlowVotes, HighErrorRate", "HighErrorRate, InstanceDown, SlowVotes" },
        { "TooFewInstances, InstanceDown@a, InstanceDown@b, CpuHigh@c, SlowVotes, QueueNearLimit@c", "TooFewInstances" },
        { "TooFewInstances, AvailabilityBudgetBurn/page/votes", "AvailabilityBudgetBurn, TooFewInstances" },
        { "TooFewInstances, LatencyBudgetBurn/page/receipts", "TooFewInstances" },
        { "CrashLoop@a, InstanceDown@a, InstanceDown@b, UnbalancedLoad", "CrashLoop, InstanceDown" },
        { "RedisDown@a, RedisDown@b, BackplaneSilent@a, BackplaneSilent@c", "BackplaneSilent, RedisDown, RedisDown" },
        { "DegradedTooLong/redis, RedisDown, BackplaneSilent", "DegradedTooLong" },
        { "DegradedTooLong/redis, RedisRefusesWrites", "DegradedTooLong" },
        { "DegradedTooLong/database, BackplaneSilent", "BackplaneSilent, DegradedTooLong" },
        { "DegradedTooLong/database, HighErrorRate@b, AvailabilityBudgetBurn/page/votes, LatencyBudgetBurn/page/receipts, SlowVotes, DatabasePoolExhausted@b", "DegradedTooLong" },
        { "DegradedTooLong/redis, HighErrorRate, ScreensLag", "DegradedTooLong, HighErrorRate, ScreensLag" },
        { "AvailabilityBudgetBurn/page/votes, AvailabilityBudgetBurn/ticket/votes, AvailabilityBudgetBurn/ticket/http", "AvailabilityBudgetBurn, AvailabilityBudgetBurn" },
        { "LatencyBudgetBurn/page/receipts, LatencyBudgetBurn/ticket/receipts", "LatencyBudgetBurn" },
        { "AvailabilityBudgetBurn/page/votes, LatencyBudgetBurn/page/receipts, LatencyBudgetBurn/ticket/receipts", "AvailabilityBudgetBurn" },
        { "AvailabilityBudgetBurn/page/http, AvailabilityBudgetBurn/ticket/votes, LatencyBudgetBurn/page/receipts", "AvailabilityBudgetBurn, AvailabilityBudgetBurn, LatencyBudgetBurn" },
    };

    public static TheoryData<string, string> Severities => new() { { "page", "page" }, { "ticket", "ticket" }, { "watchdog", "watchdog" }, { "", "ticket" } };

    [Fact]
    public async Task Amtool_accepts_the_example() => await AmtoolAsync("check-config", Example);

    [Theory]
    [MemberData(nameof(Severities))]
    public async Task Each_severity_has_its_receiver(string severity, string receiver) =>
        (await AmtoolAsync("config", "routes", "test", "--config.file=" + Example, "job=polls", "severity=" + severity)).Trim().ShouldBe(receiver);

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task Alerts_caused_by_other_alerts_are_inhibited(string raised, string told)
    {
        var job = $"t{Guid.NewGuid():N}";
        await server.RaiseAsync([.. raised.Split(", ").Select(alert => Labels(alert, job))]);
        // Alertmanager processes alerts in order and inhibits a little later: once the last alert is inhibited, all are
        // done.
        await server.RaiseAsync(Labels("TooFewInstances", job + "-last"), Labels("InstanceDown", job + "-last"));
        await Servers.Until.TrueAsync(async () => (await server.TellsAsync(job + "-last")).Count == 1, "the last alert is inhibited");
        (await server.TellsAsync(job)).ShouldBe(told.Split(", "));
    }

    [Fact]
    public void It_names_alerts_that_exist_and_no_ticket_silences_a_page()
    {
        foreach (var rule in Rules.Load("alertmanager.yml").At("inhibit_rules").Items())
        {
            var (sources, targets) = (Alerts(rule, "source_matchers"), Alerts(rule, "target_matchers"));
            sources.ShouldNotBeEmpty();
            targets.ShouldNotBeEmpty();
            if (sources.Any(alert => alert.Labels["severity"] == "ticket"))
            {
                targets.ShouldAllBe(alert => alert.Labels["severity"] == "ticket");
            }
        }

        static List<Rule> Alerts(YamlDotNet.RepresentationModel.YamlNode rule, string matchers)
        {
            var all = Matcher().Matches(string.Join(' ', rule.At(matchers).Items().Select(item => item.Text())));
            var named = all.Single(matcher => matcher.Groups[1].Value == "alertname").Groups[3].Value.Split('|');
            named.Except(Rules.Alerts.Select(alert => alert.Name)).ShouldBeEmpty();
            var severity = all.SingleOrDefault(matcher => matcher.Groups[1].Value == "severity")?.Groups[3].Value;
            return [.. Rules.Alerts.Where(alert => named.Contains(alert.Name) && (severity is null || alert.Labels["severity"] == severity))];
        }
    }

    /// <summary><c>Name[/label][/label][@instance]</c>: severity, part or sli as they are written.</summary>
    private static Dictionary<string, string> Labels(string alert, string job)
    {
        var (name, instance) = alert.Split('@') is [var before, var after] ? (before, after) : (alert, "a");
        var words = name.Split('/');
        var rule = Rules.Alerts.First(rule => rule.Name == words[0] && words[1..].All(word => word is "votes" or "http" or "receipts" || rule.Labels.Values.Contains(word)));
        var labels = new Dictionary<string, string>(rule.Labels) { ["alertname"] = rule.Name, ["job"] = job };
        // Alerts about the whole installation have no instance.
        if (rule.Name is not ("TooFewInstances" or "UnbalancedLoad" or "SlowVotes" or "ScreensLag" or "AvailabilityBudgetBurn" or "LatencyBudgetBurn"))
        {
            labels["instance"] = instance;
        }

        if (words[^1] is "votes" or "http" or "receipts")
        {
            labels["sli"] = words[^1];
        }

        return labels;
    }

    private static async Task<string> AmtoolAsync(params string[] arguments) =>
        (await Tool.RunAsync("amtool", arguments)).OrThrow($"amtool {arguments[0]}").Output;

    [GeneratedRegex("""(\w+)(=~|!=|=)"([^"]+)["]""")]
    private static partial Regex Matcher();
}
