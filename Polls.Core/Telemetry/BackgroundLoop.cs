namespace Polls.Core.Telemetry;

/// <summary>The background loops of an instance, by their names in <c>polls_loop_failures_total</c>.</summary>
public enum BackgroundLoop
{
    /// <summary>Commits votes.</summary>
    VoteWriter,

    /// <summary>Closes polls whose time is up.</summary>
    PollTimer,

    /// <summary>Ends abandoned rooms and deletes old rooms.</summary>
    Housekeeping,

    /// <summary>Sends changes of one room to its connections.</summary>
    LiveRoom,

    /// <summary>Publishes changes of rooms to other instances.</summary>
    RoomPublisher,

    /// <summary>Compares rooms with PostgreSQL.</summary>
    RoomSync,

    /// <summary>Reports connected participants to other instances.</summary>
    Presence,

    /// <summary>Stores sessions.</summary>
    SessionJournal,

    /// <summary>Handles messages from the backplane.</summary>
    BackplaneHandler,

    /// <summary>Maintains the connection to Redis.</summary>
    RedisConnection,

    /// <summary>Starts a comparison with PostgreSQL after messages may have been lost.</summary>
    RedisResync,
}
