using Polls.Core.Loops;
using Polls.Core.Tallies;
using Polls.Core.Telemetry;
using Prometheus;

namespace Polls.Api.LiveRooms;

/// <summary>The kinds of updates to a room, by their names in <c>polls_broadcasts_total</c>.</summary>
public enum Broadcast
{
    /// <summary>A tally.</summary>
    Tally,

    /// <summary>A poll without its tally.</summary>
    Poll,

    /// <summary>The whole room.</summary>
    State,

    /// <summary>A participant's own vote from another device or tab.</summary>
    MyVotes,

    /// <summary>The number of participants.</summary>
    Presence,

    /// <summary>The end of the room.</summary>
    Closed,
}

/// <summary>From the commit to the screens: live rooms and what is sent to their members.</summary>
public sealed class LiveRoomMetrics(CollectorRegistry registry, LoopMetrics loops)
{
    private readonly Histogram sendLag = registry.Histogram(
        "polls_tally_send_lag_seconds", "Time from the oldest commit in a sent tally to sending it.", Instruments.Lags);

    private readonly Histogram screenLag = registry.Histogram(
        "polls_tally_screen_lag_seconds",
        "Time from the arrival of the oldest vote in a sent tally to sending it.",
        Instruments.Lags);

    private readonly Counter.Child[] broadcasts = registry.Counters<Broadcast>(
        "polls_broadcasts_total", "Updates sent to the connections of a room, by event.", "event");

    private readonly Counter conflated = registry.Counter(
        "polls_broadcasts_conflated_total", "Tallies not sent because a newer one was available.");

    private readonly Counter messages = registry.Counter(
        "polls_hub_messages_sent_total", "Broadcast messages passed to connections.");
    private readonly Gauge rooms = registry.Gauge("polls_rooms_live", "Rooms with connections on this instance.");
    private readonly Gauge participants = registry.Gauge(
        "polls_participants_live", "Participants counted by this instance.");
    private readonly Counter.Child loopFailures = loops.FailuresOf("liveRoom");

    /// <summary>Records that a tally was sent to all connections of a room on this instance that may see it.</summary>
    /// <param name="since">The times of the oldest vote in the tally that was not sent yet; null if unknown.</param>
    /// <param name="now">The current time.</param>
    /// <param name="receivers">The number of these connections.</param>
    public void TallySent(Moments? since, DateTimeOffset now, int receivers)
    {
        if (receivers > 0)
        {
            Began(Broadcast.Tally);
        }

        if (since is { } moments)
        {
            // Another instance's clock can be ahead of this one's.
            sendLag.Observe(Math.Max(0, (now - moments.Committed).TotalSeconds));
            screenLag.Observe(Math.Max(0, (now - moments.Cast).TotalSeconds));
        }
    }

    /// <summary>Records versions of a tally that are not sent because a newer one is.</summary>
    public void Skipped(long versions) => conflated.Inc(versions);

    /// <summary>Records an update that its receivers, which <see cref="Passed"/> records, do not get at once.</summary>
    public void Began(Broadcast kind) => broadcasts[(int)kind].Inc();

    /// <summary>Records messages that were passed to connections.</summary>
    public void Passed(int count) => messages.Inc(count);

    /// <summary>Records an update to connections of a room.</summary>
    /// <param name="kind">The kind of update.</param>
    /// <param name="connections">The number of receivers.</param>
    public void Sent(Broadcast kind, int connections)
    {
        Began(kind);
        Passed(connections);
    }

    /// <summary>Records the current numbers of live rooms and their participants on this instance.</summary>
    public void Counted(int roomCount, int participantCount)
    {
        rooms.Set(roomCount);
        participants.Set(participantCount);
    }

    /// <summary>The loop of a room caught an exception and continues.</summary>
    public void LoopFailed() => loopFailures.Inc();
}
