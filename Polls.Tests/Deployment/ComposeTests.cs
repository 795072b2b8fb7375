using System.Diagnostics;
using System.Text.RegularExpressions;
using Polls.Tests.Kubernetes;
using YamlDotNet.Serialization;

namespace Polls.Tests.Deployment;

/// <summary>docker-compose.yml is consistent with the files that it uses; scripts/verify-image starts it.</summary>
public sealed partial class ComposeTests
{
    private static readonly string Text = Repository.Read("docker-compose.yml");
    private static readonly Dictionary<string, Dictionary<string, object>> Services = Parse();

    [Fact]
    public void Every_variable_is_in_the_example_and_the_example_has_no_other()
    {
        var example = ExampleLine().Matches(Repository.Read(".env.example")).ToDictionary(line => line.Groups[1].Value, line => line.Groups[2].Value);
        var used = Variable().Matches(Text).Select(match => (Name: match.Groups[1].Value, Rule: match.Groups[2].Value)).ToHashSet();

        used.Select(variable => variable.Name).Distinct().Order().ShouldBe(example.Keys.Order());
        foreach (var (name, rule) in used)
        {
            // Values that must be set are empty in the example, so that no publicly known secret is used.
            rule.StartsWith(":?", StringComparison.Ordinal).ShouldBe(name.EndsWith("PASSWORD", StringComparison.Ordinal) || name == "POLLS_PUBLIC_URL", name);
            example[name].ShouldBe(rule.StartsWith(":-", StringComparison.Ordinal) ? rule[2..] : "", name);
        }
    }

    [Fact]
    public async Task Instances_get_only_settings_that_they_read()
    {
        var read = await ApiSettings.KeysAsync();
        foreach (var service in (string[])["api", "migrate"])
        {
            var told = EnvironmentOf(service).Keys.ToList();
            told.ShouldContain("ConnectionStrings__Polls");
            told.Where(variable => !read.Contains(variable.Replace("__", ":", StringComparison.Ordinal))).ShouldBeEmpty(service);
        }
    }

    [Fact]
    public void Instances_start_after_the_migration_and_never_know_the_password_of_the_owner_or_the_superuser()
    {
        EnvironmentOf("api")["Database__MigrateAtStart"].ShouldBe("false");
        string.Join('\n', EnvironmentOf("api").Values).ShouldNotMatch("POSTGRES_PASSWORD|POSTGRES_OWNER_PASSWORD");
        string.Join('\n', EnvironmentOf("migrate").Values).ShouldNotContain("POSTGRES_PASSWORD");
        foreach (var (service, earlier) in (ReadOnlySpan<(string, string)>)[("migrate", "roles"), ("grants", "migrate"), ("api", "grants")])
        {
            var condition = (Dictionary<object, object>)((Dictionary<object, object>)Services[service]["depends_on"])[earlier];
            condition["condition"].ShouldBe("service_completed_successfully", service);
        }

        Services["migrate"]["image"].ShouldBe(Services["api"]["image"]);
        Services["roles"]["image"].ShouldBe(Services["postgres"]["image"]);
    }

    [Fact]
    public void Nothing_but_nginx_is_published_and_nothing_has_more_rights_than_it_needs()
    {
        Services.Where(service => service.Value.ContainsKey("ports")).Select(service => service.Key).ShouldBe(["nginx"]);
        foreach (var (name, service) in Services)
        {
            service["read_only"].ShouldBe("true", name);
            service["cap_drop"].ShouldBe(new object[] { "ALL" }, name);
            service["security_opt"].ShouldBe(new object[] { "no-new-privileges:true" }, name);
            service["stop_grace_period"].ShouldBe("30s", name);
            // Those that run to their end have no health to check.
            var once = name is "roles" or "migrate" or "grants";
            service["restart"].ShouldBe(once ? "no" : "unless-stopped", name);
            (once || service.ContainsKey("healthcheck")).ShouldBeTrue(name);
            service.ShouldContainKey("deploy", name);
        }
    }

    [Fact]
    public async Task Compose_accepts_the_file()
    {
        var start = new ProcessStartInfo("docker-compose", ["-f", "docker-compose.yml", "--env-file", ".env.example", "config", "-q"])
        {
            WorkingDirectory = Repository.Root, RedirectStandardError = true,
        };
        foreach (var variable in Variable().Matches(Text).Where(match => match.Groups[2].Value.StartsWith(":?", StringComparison.Ordinal)))
        {
            start.Environment[variable.Groups[1].Value] = "given";
        }

        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var errors = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        process.ExitCode.ShouldBe(0, errors);
    }

    private static Dictionary<string, string> EnvironmentOf(string service) =>
        ((Dictionary<object, object>)Services[service]["environment"]).ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value);

    private static Dictionary<string, Dictionary<string, object>> Parse()
    {
        var parser = new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(Text)));
        var file = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(parser);
        return ((Dictionary<object, object>)file["services"]).ToDictionary(
            service => (string)service.Key,
            service => ((Dictionary<object, object>)service.Value).ToDictionary(setting => (string)setting.Key, setting => setting.Value));
    }

    // $$NAME is meant for the shell in the container.
    [GeneratedRegex(@"(?<!\$)\$\{(\w+)((?::[-?])[^}]*)?\}")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^(\w+)=(.*)$", RegexOptions.Multiline)]
    private static partial Regex ExampleLine();
}
