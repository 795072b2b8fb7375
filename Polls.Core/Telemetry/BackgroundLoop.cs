namespace Polls.Core.Telemetry;

/// <summary>The loops of an instance that survive what is thrown in them, as <c>polls_loop_failures_total</c> names them.</summary>
public enum BackgroundLoop
{
    /// <summary>Commits votes.</summary>
    VoteWriter,

    /// <summary>Closes polls whose time is up.</summary>
    PollTimer,

    /// <summary>Ends rooms that were left, deletes old ones.</summary>
    Housekeeping,

    /// <summary>Sends what is new in one room to its connections.</summary>
    LiveRoom,

    /// <summary>Tells other instances what changed in rooms.</summary>
    RoomPublisher,

    /// <summary>Compares rooms with PostgreSQL.</summary>
    RoomSync,

    /// <summary>Tells other instances who is here.</summary>
    Presence,

    /// <summary>Writes down sessions.</summary>
    SessionJournal,

    /// <summary>Hands out what the backplane delivers.</summary>
    BackplaneHandler,

    /// <summary>Keeps a connection to Redis.</summary>
    RedisConnection,

    /// <summary>Has missed messages made up for.</summary>
    RedisResync,
}
