using Microsoft.Extensions.Time.Testing;
using Polls.Api.Connections;
using Polls.Tests.Servers;
using Prometheus;

namespace Polls.Tests.Connections;

/// <summary>People who connect at the same time enter by turns, one of each address.</summary>
public sealed class ConnectTurnsTests : IDisposable
{
    private const int Hall = 1;
    private const int Elsewhere = 2;
    private readonly FakeTimeProvider clock = new();
    private readonly CollectorRegistry registry = Metrics.NewCustomRegistry();
    private readonly ConnectTurns turns;

    public ConnectTurnsTests() => turns = new(clock, new ConnectionMetrics(registry));

    public void Dispose() => turns.Dispose();

    [Fact]
    public async Task Whoever_comes_later_from_elsewhere_does_not_wait_for_the_whole_hall()
    {
        var entering = Enter(Hall, ConnectTurns.MaxOpening);
        var hall = Wait(Hall, 1000);
        var other = Wait(Elsewhere, 2);

        // The hall was first, then one of each.
        for (var left = 0; left < 4; left++)
        {
            entering[left].End();
        }

        (await hall[0]).ShouldNotBeNull();
        (await other[0]).ShouldNotBeNull();
        (await hall[1]).ShouldNotBeNull();
        (await other[1]).ShouldNotBeNull();
        hall.Count(turn => turn.IsCompleted).ShouldBe(2);

        entering[4].End();
        (await hall[2]).ShouldNotBeNull("nobody else waits");
    }

    [Fact]
    public async Task As_many_as_may_enter_and_no_more_also_if_a_turn_ends_twice()
    {
        var entering = Enter(Hall, ConnectTurns.MaxOpening);
        var waiting = Wait(Hall, 3);
        entering[0].End();
        entering[0].End();
        await waiting[0];
        waiting.Count(turn => turn.IsCompleted).ShouldBe(1);

        foreach (var turn in entering)
        {
            turn.End();
        }

        await Task.WhenAll(waiting);
        Enter(Elsewhere, ConnectTurns.MaxOpening - 3);
        Wait(Elsewhere, 1)[0].IsCompleted.ShouldBeFalse("256 are entering");
    }

    [Fact]
    public async Task Those_who_say_nothing_hold_up_nobody_for_long()
    {
        Enter(Hall, ConnectTurns.MaxOpening);
        var waiting = Wait(Elsewhere, 300);
        clock.Advance(ConnectTurns.LongestTurn / 2);
        waiting.ShouldAllBe(turn => !turn.IsCompleted);
        clock.Advance(ConnectTurns.LongestTurn);
        await Task.WhenAll(waiting.Take(ConnectTurns.MaxOpening));
        clock.Advance(2 * ConnectTurns.LongestTurn);
        await Task.WhenAll(waiting);

        // Also without anybody waiting.
        clock.Advance(2 * ConnectTurns.LongestTurn);
        Enter(Hall, ConnectTurns.MaxOpening);
    }

    [Fact]
    public async Task The_last_one_waits_eight_seconds_at_most()
    {
        Enter(Hall, ConnectTurns.MaxOpening);
        var last = Wait(Hall, ConnectTurns.MaxWaiting)[^1];
        for (var waited = TimeSpan.Zero; waited < TimeSpan.FromSeconds(8); waited += TimeSpan.FromSeconds(0.1))
        {
            clock.Advance(TimeSpan.FromSeconds(0.1));
        }

        (await last).ShouldNotBeNull();
    }

    [Fact]
    public async Task Whoever_leaves_while_waiting_is_passed_over()
    {
        var entering = Enter(Hall, ConnectTurns.MaxOpening);
        using var gone = new CancellationTokenSource();
        var left = turns.TakeAsync(Elsewhere, gone.Token).AsTask().WaitAsync(Until.Limit);
        var next = Wait(Hall, 1);
        (await WaitingAsync()).ShouldBe(2);
        await gone.CancelAsync();
        (await left).ShouldBeNull();
        (await WaitingAsync()).ShouldBe(1);
        entering[0].End();
        (await next[0]).ShouldNotBeNull();
        (await turns.TakeAsync(Hall, gone.Token).AsTask().WaitAsync(Until.Limit)).ShouldBeNull("it has gone before it came");
    }

    [Fact]
    public async Task When_too_many_wait_the_busiest_address_is_refused_and_others_find_a_place()
    {
        var entering = Enter(Hall, ConnectTurns.MaxOpening);
        var hall = Wait(Hall, ConnectTurns.MaxWaiting - 1);
        var other = Wait(Elsewhere, 2);
        (await hall[^1]).ShouldBeNull();
        hall.Count(turn => turn.IsCompleted).ShouldBe(1);
        (await WaitingAsync()).ShouldBe(ConnectTurns.MaxWaiting);
        foreach (var turn in entering.Take(4))
        {
            turn.End();
        }

        await Task.WhenAll(other);
    }

    private List<ConnectTurn> Enter(int address, int count) =>
        [.. Wait(address, count).Select(turn => turn.IsCompleted ? turn.Result.ShouldNotBeNull() : throw new InvalidOperationException("It has to wait."))];

    private List<Task<ConnectTurn?>> Wait(int address, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => turns.TakeAsync((UInt128)address, default).AsTask().WaitAsync(Until.Limit))];

    private async Task<double> WaitingAsync()
    {
        using var page = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(page);
        return new Telemetry.Scrape(System.Text.Encoding.UTF8.GetString(page.ToArray()))["polls_hub_connections_waiting"];
    }
}
