using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Polls.Api.LiveRooms;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Servers;

namespace Polls.Tests.LiveRooms;

/// <summary>
/// However many clients connect at once, few queries read the own votes of all of them, after they connected.
/// </summary>
public sealed class OwnVotesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly RoomSnapshot Room = new(Guid.NewGuid(), "123456", "A room", RoomStatus.Open, Assurance.Device, false, "1-1", 1, []);
    private readonly ConcurrentQueue<(RoomSnapshot Room, Guid[] Participants, TaskCompletionSource Answer)> queries = new();
    private readonly FakeTimeProvider clock = new();
    private readonly OwnVotes votes;

    public OwnVotesTests() => votes = new(ReadAsync, clock);

    [Fact]
    public async Task Requests_during_a_query_are_combined_in_the_next_one()
    {
        var first = Guid.NewGuid();
        var alone = votes.OfAsync(Room, first, default);
        await BegunAsync();
        var others = Enumerable.Range(0, 500).Select(_ => Guid.NewGuid()).ToList();
        var together = others.ConvertAll(other => votes.OfAsync(Room, other, default));
        var again = votes.OfAsync(Room, first, default);

        (await NextAsync()).Participants.ShouldBe([first]);
        Revision(await alone.WaitAsync(Limit)).ShouldBe(first.GetHashCode() & int.MaxValue);
        // The second answer for the same person comes from a query that began after the second request.
        (await NextAsync()).Participants.ShouldBe([.. others, first], ignoreOrder: true);
        (await Task.WhenAll(together).WaitAsync(Limit)).Select(Revision).ShouldBe(others.Select(other => other.GetHashCode() & int.MaxValue));
        Revision(await again.WaitAsync(Limit)).ShouldBe(first.GetHashCode() & int.MaxValue);
        queries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_query_has_a_maximum_size_and_covers_one_state_of_the_room()
    {
        var alone = votes.OfAsync(Room, Guid.NewGuid(), default);
        await BegunAsync();
        var before = Enumerable.Range(0, OwnVotes.Most + 1).Select(_ => votes.OfAsync(Room, Guid.NewGuid(), default)).ToList();
        var after = votes.OfAsync(Room with { Version = 2 }, Guid.NewGuid(), default);

        (await NextAsync()).Participants.Length.ShouldBe(1);
        await alone.WaitAsync(Limit);
        var sizes = new List<(long Version, int Participants)>();
        while (sizes.Count < 3)
        {
            var (room, participants) = await NextAsync();
            sizes.Add((room.Version, participants.Length));
        }

        sizes.ShouldBe([(1, OwnVotes.Most), (1, 1), (2, 1)], ignoreOrder: true);
        await Task.WhenAll([.. before, after]).WaitAsync(Limit);
    }

    [Fact]
    public async Task A_failed_query_fails_only_the_requests_that_wait_for_it()
    {
        var hit = votes.OfAsync(Room, Guid.NewGuid(), default);
        await BegunAsync();
        var spared = votes.OfAsync(Room, Guid.NewGuid(), default);
        queries.TryDequeue(out var failing).ShouldBeTrue();
        failing.Answer.SetException(new TimeoutException());

        await Should.ThrowAsync<TimeoutException>(hit);
        await NextAsync();
        (await spared.WaitAsync(Limit)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_cancelled_request_does_not_cancel_the_query_for_others()
    {
        using var gone = new CancellationTokenSource();
        var alone = votes.OfAsync(Room, Guid.NewGuid(), default);
        await BegunAsync();
        var first = votes.OfAsync(Room, Guid.NewGuid(), gone.Token);
        var second = votes.OfAsync(Room, Guid.NewGuid(), default);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);

        (await NextAsync()).Participants.Length.ShouldBe(1);
        (await NextAsync()).Participants.Length.ShouldBe(2);
        (await alone.WaitAsync(Limit)).ShouldHaveSingleItem();
        (await second.WaitAsync(Limit)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_query_without_an_answer_does_not_block_later_requests()
    {
        var stuck = votes.OfAsync(Room, Guid.NewGuid(), default);
        await BegunAsync();
        queries.TryDequeue(out _).ShouldBeTrue();
        var after = votes.OfAsync(Room, Guid.NewGuid(), default);
        clock.Advance(TimeSpan.FromSeconds(1));

        await NextAsync();
        (await after.WaitAsync(Limit)).ShouldHaveSingleItem();
        stuck.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_query_without_an_answer_times_out()
    {
        var stuck = votes.OfAsync(Room, Guid.NewGuid(), default);
        await BegunAsync();
        clock.Advance(TimeSpan.FromSeconds(8));
        await Should.ThrowAsync<TimeoutException>(stuck.WaitAsync(Limit));
    }

    private static int Revision(IEnumerable<MyVote> votes) => votes.ShouldHaveSingleItem().Revision;

    /// <summary>A query is running: a request made now is part of the next one.</summary>
    private Task BegunAsync() => Until.TrueAsync(() => !queries.IsEmpty, "a query is running");

    /// <summary>Waits for the next query and answers it.</summary>
    private async Task<(RoomSnapshot Room, Guid[] Participants)> NextAsync()
    {
        await BegunAsync();
        queries.TryDequeue(out var query).ShouldBeTrue();
        query.Answer.SetResult();
        return (query.Room, query.Participants);
    }

    private async Task<ILookup<Guid, MyVote>> ReadAsync(RoomSnapshot room, IReadOnlyCollection<Guid> participants, CancellationToken token)
    {
        var answer = new TaskCompletionSource();
        queries.Enqueue((room, [.. participants], answer));
        await answer.Task.WaitAsync(token);
        // The revision identifies each person's vote.
        return participants.ToLookup(participant => participant, participant => new MyVote { PollId = Guid.Empty, Choices = [0], Revision = participant.GetHashCode() & int.MaxValue });
    }
}
