using Polls.Tests.Servers;

namespace Polls.Tests.Kubernetes;

/// <summary>The API reads and accepts the settings in the manifests, and serves the ports.</summary>
public sealed class ApiSettingsTests
{
    public static TheoryData<string> Overlays => [.. Kustomize.Overlays];

    [Fact]
    public async Task The_settings_of_the_API_are_found_by_running_it()
    {
        var keys = await ApiSettings.KeysAsync();
        foreach (var key in (string[])["ConnectionStrings:Polls", "ConnectionStrings:Redis", "Instance:Id", "Public:BaseUrl", "Database:MigrateAtStart",
            "Votes:QueueLimit", "Proxy:Trusted", "Management:Url", "Tokens:LifetimeDays", "Redis:OperationTimeout", "Secrets:Directory", "KeyRing:CertificateFile", "Cors:Origins", "Housekeeping:IntervalSeconds", "FanOut:MinIntervalMilliseconds"])
        {
            keys.ShouldContain(key);
        }

        keys.ShouldNotContain("Votes:Writer");
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task Every_setting_of_an_instance_is_one_that_the_API_reads(string overlay)
    {
        var manifests = await Kustomize.LoadAsync(overlay);
        var keys = await ApiSettings.KeysAsync();
        foreach (var name in (string[])["polls-api", "polls-migrate"])
        {
            SettingRules.Environment(manifests, manifests.Workload(name)).Keys
                .Where(variable => !variable.StartsWith("ASPNETCORE_", StringComparison.Ordinal))
                .Select(variable => variable.Replace("__", ":", StringComparison.Ordinal))
                .Where(key => !keys.Contains(key))
                .ShouldBeEmpty();
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task The_servers_in_the_settings_of_the_API_exist(string overlay)
    {
        var manifests = await Kustomize.LoadAsync(overlay);
        SettingRules.UnknownHosts(manifests, SettingRules.Environment(manifests, manifests.Workload("polls-api"))).ShouldBeEmpty();
    }

    [KubectlFact]
    public async Task The_API_accepts_every_value()
    {
        var overlays = await Task.WhenAll(Kustomize.Overlays.Select(Kustomize.LoadAsync));
        var environments = overlays.Select(manifests => SettingRules.Environment(manifests, manifests.Workload("polls-api")));
        // Overlays with the same settings need the program only once.
        foreach (var environment in environments.DistinctBy(settings => string.Join('\n', settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))))
        {
            // The values of the example secret are placeholders; the trial's own passwords are accepted.
            foreach (var (name, value) in environment)
            {
                environment[name] = value.Replace("REPLACE-ME", Guid.NewGuid().ToString("N"), StringComparison.Ordinal);
            }

            // One invalid value on purpose: the program reports everything that is invalid, which must be only this
            // value, and then exits.
            environment["Votes__Writers"] = "99";
            var refused = await InProcessProgram.RunAsync([], [.. environment.Select(variable =>
                (variable.Key.Replace("ASPNETCORE_", "", StringComparison.Ordinal).Replace("__", ":", StringComparison.Ordinal), variable.Value))]);
            refused.ExitCode.ShouldBe(1);
            refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain("Votes:Writers");
        }
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public async Task The_API_listens_where_the_manifests_say(string overlay)
    {
        var manifests = await Kustomize.LoadAsync(overlay);
        var api = manifests.Workload("polls-api");
        var environment = SettingRules.Environment(manifests, api);
        environment["ASPNETCORE_HTTP_PORTS"].ShouldBe($"{api.Port("http")}");
        environment["Management__Url"].ShouldBe($"http://*:{api.Port("management")}");
        api.Owner.Spec.At("template", "metadata", "annotations", "prometheus.io/port").Text().ShouldBe($"{api.Port("management")}");
        environment["Instance__Id"].ShouldStartWith("polls-api-");
    }
}
