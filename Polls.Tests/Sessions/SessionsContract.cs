using Polls.Api.Sessions;

namespace Polls.Tests.Sessions;

/// <summary>The behaviour of every session store.</summary>
public abstract class SessionsContract
{
    // Whole microseconds, the precision that every store keeps.
    private static readonly DateTimeOffset Noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456);

    private readonly Guid participant = Guid.CreateVersion7();
    private readonly Guid room = Guid.CreateVersion7();
    private readonly Guid poll = Guid.CreateVersion7();

    protected abstract ISessions Sessions { get; }

    /// <summary>Advances time by nearly the whole life of a session.</summary>
    protected abstract Task NearlyRunOutAsync(Guid participantId);

    /// <summary>Advances time by the remainder after <see cref="NearlyRunOutAsync"/>.</summary>
    protected abstract Task PassTheRestAsync(Guid participantId);

    [Fact]
    public async Task A_session_is_found_as_it_was_opened()
    {
        var session = Opened("c1", "one") with { Nickname = "Zoë 🎉", LastVote = Vote(3) };
        (await Sessions.OpenAsync(session, default)).ShouldBeNull();

        (await Sessions.FindAsync(participant, default)).ShouldBe(session);
    }

    [Fact]
    public async Task No_session_is_found_before_it_is_opened() =>
        (await Sessions.FindAsync(participant, default)).ShouldBeNull();

    [Fact]
    public async Task A_newer_connection_takes_over_the_session_and_learns_the_previous_instance()
    {
        await Sessions.OpenAsync(Opened("c1", "one") with { Nickname = "Old" }, default);
        await Sessions.TouchAsync([new(participant, Noon, Vote(4))], default);

        (await Sessions.OpenAsync(Opened("c2", "two"), default)).ShouldBe("one");

        (await Sessions.FindAsync(participant, default)).ShouldBe(Opened("c2", "two") with { LastVote = Vote(4) });
    }

    [Fact]
    public async Task Concurrent_connections_each_get_a_different_predecessor()
    {
        var previous = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            n => Sessions.OpenAsync(Opened($"c{n}", $"i{n}"), default)));

        previous.Count(instance => instance is null).ShouldBe(1);
        previous.Distinct().Count().ShouldBe(50);
        previous.ShouldNotContain((await Sessions.FindAsync(participant, default))!.InstanceId);
    }

    [Fact]
    public async Task Opening_with_an_older_vote_keeps_the_newer_one()
    {
        await Sessions.OpenAsync(Opened("c1", "one") with { LastVote = Vote(9) }, default);
        await Sessions.OpenAsync(Opened("c2", "one") with { LastVote = Vote(2) }, default);

        (await FoundVoteAsync()).ShouldBe(Vote(9));
    }

    [Fact]
    public async Task Only_the_connection_that_owns_the_session_closes_it()
    {
        await Sessions.OpenAsync(Opened("c1", "one"), default);
        await Sessions.OpenAsync(Opened("c2", "two"), default);

        await Sessions.CloseAsync(participant, "c1", default);
        (await Sessions.FindAsync(participant, default))!.ConnectionId.ShouldBe("c2");
        await Sessions.CloseAsync(participant, "c2", default);

        (await Sessions.FindAsync(participant, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_touch_records_the_vote_and_the_time()
    {
        await Sessions.OpenAsync(Opened("c1", "one"), default);
        var later = Noon.AddMinutes(1);

        (await Sessions.TouchAsync([new(participant, later, Vote(1))], default)).ShouldBeEmpty();

        (await Sessions.FindAsync(participant, default))
            .ShouldBe(Opened("c1", "one") with { LastSeen = later, LastVote = Vote(1) });
    }

    [Fact]
    public async Task A_touch_without_a_vote_keeps_the_vote_and_never_sets_the_time_back()
    {
        await Sessions.OpenAsync(Opened("c1", "one") with { LastVote = Vote(1) }, default);

        await Sessions.TouchAsync([new(participant, Noon.AddMinutes(-1), null)], default);

        (await Sessions.FindAsync(participant, default)).ShouldBe(Opened("c1", "one") with { LastVote = Vote(1) });
    }

    [Fact]
    public async Task A_lower_revision_of_the_same_poll_changes_nothing()
    {
        await Sessions.OpenAsync(Opened("c1", "one"), default);
        await Sessions.TouchAsync([new(participant, Noon, Vote(10)), new(participant, Noon, Vote(9))], default);
        await Sessions.TouchAsync([new(participant, Noon, Vote(2))], default);

        (await FoundVoteAsync()).ShouldBe(Vote(10));
    }

    [Fact]
    public async Task A_later_vote_in_another_poll_replaces_and_an_earlier_one_does_not()
    {
        await Sessions.OpenAsync(Opened("c1", "one") with { LastVote = Vote(10) }, default);
        var other = new LastVote(Guid.CreateVersion7(), 1, Noon.AddHours(1));

        await Sessions.TouchAsync([new(participant, Noon, other)], default);
        (await FoundVoteAsync()).ShouldBe(other);
        await Sessions.TouchAsync([new(participant, Noon, Vote(11))], default);

        (await FoundVoteAsync()).ShouldBe(other);
    }

    [Fact]
    public async Task A_touch_creates_no_session_and_returns_the_participants_without_one()
    {
        await Sessions.OpenAsync(Opened("c1", "one"), default);
        var stranger = Guid.CreateVersion7();

        (await Sessions.TouchAsync([new(participant, Noon, null), new(stranger, Noon, Vote(1))], default))
            .ShouldBe([stranger]);

        (await Sessions.FindAsync(stranger, default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_session_without_signs_of_life_expires_and_leaves_nothing_behind()
    {
        await Sessions.OpenAsync(Opened("c1", "one"), default);
        await NearlyRunOutAsync(participant);
        (await Sessions.FindAsync(participant, default)).ShouldNotBeNull();
        await PassTheRestAsync(participant);

        (await Sessions.FindAsync(participant, default)).ShouldBeNull();
        (await Sessions.OpenAsync(Opened("c2", "two"), default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_touch_renews_the_lifetime_of_the_session()
    {
        await Sessions.OpenAsync(Opened("c1", "one"), default);
        await NearlyRunOutAsync(participant);
        await Sessions.TouchAsync([new(participant, Noon, null)], default);
        await PassTheRestAsync(participant);

        (await Sessions.FindAsync(participant, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Many_touches_are_sent_together()
    {
        var people = Enumerable.Range(0, 1_000).Select(_ => Guid.CreateVersion7()).ToArray();
        // Outside xunit's synchronization context, which starts a thread for each of the many continuations.
        await Task.Run(() => Task.WhenAll(people.Select(
            person => Sessions.OpenAsync(Opened("c", "one") with { ParticipantId = person }, default))));

        (await Sessions.TouchAsync([.. people.Select(person => new SessionTouch(person, Noon, Vote(1)))], default))
            .ShouldBeEmpty();

        (await Sessions.FindAsync(people[^1], default))!.LastVote.ShouldBe(Vote(1));
    }

    protected Session Opened(string connection, string instance) =>
        new(participant, room, connection, instance, null, null, Noon);

    private LastVote Vote(int revision) => new(poll, revision, Noon.AddSeconds(revision));

    private async Task<LastVote?> FoundVoteAsync() => (await Sessions.FindAsync(participant, default))?.LastVote;
}
