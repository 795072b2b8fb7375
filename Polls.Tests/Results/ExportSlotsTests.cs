using Microsoft.Extensions.Time.Testing;
using Polls.Api.Results;

namespace Polls.Tests.Results;

/// <summary>An export keeps a database connection, so there are few at once, and none for long.</summary>
public sealed class ExportSlotsTests
{
    [Fact]
    public void There_are_four_at_once_one_of_a_room_and_a_freed_one_is_taken_again()
    {
        var slots = new ExportSlots(new FakeTimeProvider());
        var room = Guid.NewGuid();
        using var one = slots.TryTake(room, default);
        slots.TryTake(room, default).ShouldBeNull("the room has one");
        var others = Enumerable.Range(1, 3).Select(_ => slots.TryTake(Guid.NewGuid(), default).ShouldNotBeNull()).ToList();
        slots.TryTake(Guid.NewGuid(), default).ShouldBeNull("all are taken");
        others[0].Dispose();
        others[0].Dispose();
        using var three = slots.TryTake(Guid.NewGuid(), default);
        three.ShouldNotBeNull();
        slots.TryTake(Guid.NewGuid(), default).ShouldBeNull("a slot is freed once");
        others.ForEach(other => other.Dispose());
    }

    [Fact]
    public void A_slot_ends_with_the_request_or_after_two_minutes()
    {
        var clock = new FakeTimeProvider();
        var slots = new ExportSlots(clock);
        using var request = new CancellationTokenSource();
        using var cancelled = slots.TryTake(Guid.NewGuid(), request.Token)!;
        using var slow = slots.TryTake(Guid.NewGuid(), default)!;
        (cancelled.Token.IsCancellationRequested, slow.Token.IsCancellationRequested).ShouldBe((false, false));
        request.Cancel();
        (cancelled.Token.IsCancellationRequested, slow.Token.IsCancellationRequested).ShouldBe((true, false));
        clock.Advance(TimeSpan.FromMinutes(2));
        slow.Token.IsCancellationRequested.ShouldBeTrue();
    }
}
