namespace Polls.Api.Backplane;

/// <summary>
/// How well this instance hears the others. Messages are sent best effort through <see cref="RoomBackplane"/>: those that are sent while the
/// carrier is away are lost, and <see cref="MessagesMayBeMissing"/> says so afterwards.
/// </summary>
public interface IBackplane
{
    /// <summary>Whether messages reach other instances at present.</summary>
    BackplaneState State { get; }

    /// <summary>Whether messages can be sent at present, also while this instance does not receive any.</summary>
    bool CanSend { get; }

    /// <summary>
    /// Raised after a time in which messages may have been lost: compare what was derived from messages with PostgreSQL now. Handlers must
    /// not block.
    /// </summary>
    event Action? MessagesMayBeMissing;
}

/// <summary>How well an instance is connected to the others.</summary>
public enum BackplaneState
{
    /// <summary>No carrier is configured: this is the only instance.</summary>
    InProcess,

    /// <summary>Messages flow.</summary>
    Connected,

    /// <summary>The carrier is configured but cannot be reached at present.</summary>
    Disconnected,
}
