using Microsoft.Extensions.Time.Testing;
using Polls.Api.Results;

namespace Polls.Tests.Results;

/// <summary>A workbook keeps a database connection, so there are few at once, and none for long.</summary>
public sealed class WorkbookSlotsTests
{
    [Fact]
    public void There_are_two_at_once_and_a_freed_one_is_taken_again()
    {
        using var slots = new WorkbookSlots(new FakeTimeProvider());
        using var one = slots.TryTake(default);
        var two = slots.TryTake(default).ShouldNotBeNull();
        slots.TryTake(default).ShouldBeNull();
        two.Dispose();
        using var three = slots.TryTake(default);
        three.ShouldNotBeNull();
    }

    [Fact]
    public void A_slot_ends_with_the_request_or_after_two_minutes()
    {
        var clock = new FakeTimeProvider();
        using var slots = new WorkbookSlots(clock);
        using var request = new CancellationTokenSource();
        using var cancelled = slots.TryTake(request.Token)!;
        using var slow = slots.TryTake(default)!;
        (cancelled.Token.IsCancellationRequested, slow.Token.IsCancellationRequested).ShouldBe((false, false));
        request.Cancel();
        (cancelled.Token.IsCancellationRequested, slow.Token.IsCancellationRequested).ShouldBe((true, false));
        clock.Advance(TimeSpan.FromMinutes(2));
        slow.Token.IsCancellationRequested.ShouldBeTrue();
    }
}
