using Microsoft.AspNetCore.Builder;
using Polls.AppHost.Processes;

namespace Polls.Tests.Nginx;

/// <summary><c>scripts/validate-cluster</c> passes for a good deployment and fails for a bad one.</summary>
[Collection(nameof(ThroughNginx))]
public sealed class ValidateClusterTests(ThroughNginx cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => cluster.MendAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_good_deployment_passes_every_check()
    {
        var result = await ValidateAsync(cluster.Address, "--instances", "3");
        result.Output.ShouldNotContain("FAIL", Case.Sensitive);
        foreach (var check in new[]
        {
            "healthy", "5 requests at once", "50 requests at once", "instances: api-1, api-2, api-3", "metrics are not public",
            "a vote by WebSocket:", "a vote by WebSocket, negotiated", "a vote by server-sent events", "a vote by long polling",
            "a vote is seen on every instance", "the room ends",
        })
        {
            result.Output.ShouldContain($"PASS  {check}");
        }

        result.Output.TrimEnd().ShouldEndWith("13 passed, 0 failed");
        result.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Too_few_instances_fail()
    {
        var result = await ValidateAsync(cluster.Address, "--instances", "9");
        result.Output.ShouldContain("FAIL  instances");
        result.ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task A_server_of_another_kind_fails()
    {
        await using var other = WebApplication.CreateSlimBuilder().Build();
        other.Urls.Add("http://127.0.0.1:0");
        other.MapFallback(() => "Welcome");
        await other.StartAsync();
        var result = await ValidateAsync(new Uri(other.Urls.Single()));
        result.Output.ShouldContain("FAIL  metrics are not public");
        result.Output.ShouldContain("FAIL  a vote by WebSocket");
        result.ExitCode.ShouldBe(1);
    }

    private static Task<ToolResult> ValidateAsync(Uri address, params string[] options) =>
        Tool.RunAsync(Repository.PathOf("scripts", "validate-cluster"), [address.AbsoluteUri, .. options]);
}
