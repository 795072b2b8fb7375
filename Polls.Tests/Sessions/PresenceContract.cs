using Polls.Api.Presence;

namespace Polls.Tests.Sessions;

/// <summary>The behaviour of every presence implementation.</summary>
public abstract class PresenceContract
{
    private readonly Guid room = Guid.CreateVersion7();
    private readonly Guid otherRoom = Guid.CreateVersion7();

    /// <summary>The presence of the instance with this id.</summary>
    protected abstract Task<IPresence> InstanceAsync(string id);

    /// <summary>Advances time by a whole lease.</summary>
    protected abstract Task PassLeaseAsync();

    [Fact]
    public async Task Totals_include_all_instances_in_the_order_of_the_report()
    {
        var (one, two) = (await InstanceAsync("one"), await InstanceAsync("two"));
        await one.ReportAsync([new(room, 3), new(otherRoom, 10)], default);

        (await two.ReportAsync([new(otherRoom, 1), new(room, 4)], default)).ShouldBe([11, 7]);

        (await one.CountAsync(room, default)).ShouldBe(7);
        (await (await InstanceAsync("three")).CountAsync(otherRoom, default)).ShouldBe(11);
    }

    [Fact]
    public async Task A_report_replaces_the_instances_earlier_one()
    {
        var one = await InstanceAsync("one");
        await one.ReportAsync([new(room, 3)], default);

        (await one.ReportAsync([new(room, 5)], default)).ShouldBe([5]);
    }

    [Fact]
    public async Task A_count_of_zero_removes_the_report()
    {
        var (one, two) = (await InstanceAsync("one"), await InstanceAsync("two"));
        await one.ReportAsync([new(room, 3)], default);
        await two.ReportAsync([new(room, 2)], default);

        (await one.ReportAsync([new(room, 0)], default)).ShouldBe([2]);
        (await two.ReportAsync([new(room, 0)], default)).ShouldBe([0]);
    }

    [Fact]
    public async Task A_room_that_nobody_reported_is_empty() =>
        (await (await InstanceAsync("one")).CountAsync(room, default)).ShouldBe(0);

    [Fact]
    public async Task An_empty_report_gets_an_empty_answer() =>
        (await (await InstanceAsync("one")).ReportAsync([], default)).ShouldBeEmpty();

    [Fact]
    public async Task An_instance_that_stops_reporting_is_removed_and_the_others_remain()
    {
        var (one, two) = (await InstanceAsync("one"), await InstanceAsync("two"));
        await one.ReportAsync([new(room, 3), new(otherRoom, 3)], default);
        await PassLeaseAsync();

        (await two.ReportAsync([new(room, 4)], default)).ShouldBe([4]);
        (await two.CountAsync(otherRoom, default)).ShouldBe(0);
    }

    [Fact]
    public async Task Thousands_of_rooms_are_reported_at_once()
    {
        var one = await InstanceAsync("one");
        RoomCount[] counts = [.. Enumerable.Range(1, 3_000).Select(n => new RoomCount(Guid.CreateVersion7(), n))];

        (await one.ReportAsync(counts, default)).ShouldBe(counts.Select(count => count.Participants));
    }
}
