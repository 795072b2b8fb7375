namespace Polls.Api.Backplane;

/// <summary>
/// The state of the connection to other instances. <see cref="RoomBackplane"/> sends messages on a best-effort basis:
/// messages sent while the carrier is unavailable are lost, and <see cref="MessagesMayBeMissing"/> reports it
/// afterwards.
/// </summary>
public interface IBackplane
{
    /// <summary>Whether messages reach other instances.</summary>
    BackplaneState State { get; }

    /// <summary>Whether messages can be sent at present, also while this instance does not receive any.</summary>
    bool CanSend { get; }

    /// <summary>The last failure, without addresses and secrets; null if there was none.</summary>
    string? LastError { get; }

    /// <summary>
    /// Raised after messages may have been lost. Compare state that was derived from messages with PostgreSQL. Handlers
    /// must not block.
    /// </summary>
    event Action? MessagesMayBeMissing;
}

/// <summary>The state of the connection to other instances.</summary>
public enum BackplaneState
{
    /// <summary>No carrier is configured. This is the only instance.</summary>
    InProcess,

    /// <summary>Messages are delivered.</summary>
    Connected,

    /// <summary>The carrier is configured but cannot be reached, or is not to be relied on.</summary>
    Disconnected,
}
