using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;
using Polls.Tests.Journeys;
using Xunit.Abstractions;

namespace Polls.Tests.Web;

/// <summary>A first visit over slow 3G: 400 ms latency, 400 kbit/s, empty cache. Prints how long it takes.</summary>
[Collection(nameof(PhonePages))]
public sealed class SlowNetworkTests(BreakableInstances cluster, Chromium chromium, ITestOutputHelper output) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task A_new_visitor_on_slow_3G_can_vote()
    {
        var (room, _) = await Cluster.OpenRoomAsync();
        var phone = await NewPhoneAsync(Cluster.A, Look.Phone);
        var network = await phone.Page.Context.NewCDPSessionAsync(phone.Page);
        await network.SendAsync("Network.enable");
        await network.SendAsync("Network.emulateNetworkConditions", new()
        {
            ["offline"] = false, ["latency"] = 400, ["downloadThroughput"] = 400_000 / 8, ["uploadThroughput"] = 400_000 / 8,
        });

        var started = Stopwatch.GetTimestamp();
        await phone.Page.GotoAsync(new Uri(Cluster.A.Address, $"/r/{room.Code}").AbsoluteUri, new() { WaitUntil = WaitUntilState.Commit });
        await phone.Page.GetByRole(AriaRole.Button, new() { Name = "Join", Exact = true }).TapAsync();
        var joining = Stopwatch.GetElapsedTime(started);
        await Assertions.Expect(phone.Options.First).ToBeEnabledAsync();
        var voting = Stopwatch.GetElapsedTime(started);
        await phone.VoteAsync("Option 1");
        await phone.ShowsTallyAsync(1, 1, 0, 0);

        var figure = string.Create(
            CultureInfo.InvariantCulture,
            $"Slow 3G (400 ms, 400 kbit/s, cold): able to join after {joining.TotalSeconds:0.0} s, able to vote after {voting.TotalSeconds:0.0} s (aim 5 s).");
        output.WriteLine(figure);
        Console.WriteLine(figure);
    }
}
