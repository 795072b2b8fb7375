namespace Polls.Api.Backplane;

/// <summary>
/// Carries messages between instances. Best effort: a message may be lost while the carrier is away, and
/// <see cref="MessagesMayBeMissing"/> says so afterwards. What one publisher sends on one channel arrives in order.
/// An instance also hears its own messages.
/// </summary>
public interface IBackplane
{
    /// <summary>Whether messages reach other instances at present.</summary>
    BackplaneState State { get; }

    /// <summary>
    /// Raised after a time in which messages may have been lost (reconnected, resubscribed): whoever derives
    /// state from messages compares it with the truth now. Handlers must not block.
    /// </summary>
    event Action? MessagesMayBeMissing;

    /// <summary>
    /// Sends a message to every subscriber of the channel, on every instance.
    /// Bounded in time; returns false, never throws, when the message could not be handed to the carrier.
    /// </summary>
    ValueTask<bool> PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>
    /// Subscribes until the result is disposed; survives the carrier's restarts. Handlers of one channel run one
    /// at a time in order and must not block. While the carrier is away this still succeeds and takes
    /// effect when it is back.
    /// </summary>
    ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, Action<ReadOnlyMemory<byte>> onMessage, CancellationToken cancellationToken);
}

/// <summary>How well an instance is connected to the others.</summary>
public enum BackplaneState
{
    /// <summary>No carrier is configured: this instance talks to itself only.</summary>
    InProcess,

    /// <summary>Messages flow.</summary>
    Connected,

    /// <summary>The carrier is configured but cannot be reached at present.</summary>
    Disconnected,
}
