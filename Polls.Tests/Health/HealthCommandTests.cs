using System.Diagnostics;
using Polls.Api.Health;
using Polls.AppHost;
using Polls.Tests.Journeys;

namespace Polls.Tests.Health;

/// <summary>The program's health command, as the image's health check uses it.</summary>
[Collection(nameof(TwoInstances))]
public sealed class HealthCommandTests(TwoInstances cluster)
{
    [Theory]
    [InlineData(null, null, "http://localhost:5000/health/ready")]
    [InlineData(null, "8080", "http://localhost:8080/health/ready")]
    [InlineData("http://*:9000", "8080", "http://localhost:9000/health/ready")]
    [InlineData("https://+:8443;http://+:8081", null, "http://localhost:8081/health/ready")]
    [InlineData("http://0.0.0.0:8082", null, "http://localhost:8082/health/ready")]
    [InlineData("http://127.0.0.1:8083", null, "http://127.0.0.1:8083/health/ready")]
    public void It_requests_the_address_on_which_the_instance_listens(string? urls, string? ports, string address) =>
        HealthCommand.ReadyAddress(name => name == "ASPNETCORE_URLS" ? urls : ports).AbsoluteUri.ShouldBe(address);

    [Fact]
    public async Task It_exits_with_0_if_the_instance_is_ready() => (await RunAsync(cluster.A.Address)).ShouldBe(0);

    [Fact]
    public async Task It_exits_with_1_without_an_answer() => (await RunAsync(new("http://127.0.0.1:1"))).ShouldBe(1);

    private static async Task<int> RunAsync(Uri address)
    {
        var start = new ProcessStartInfo("dotnet", [ApiAssembly.Find(), "health"]) { RedirectStandardOutput = true };
        start.Environment["ASPNETCORE_URLS"] = address.OriginalString;
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }
}
