using System.Collections.Concurrent;
using Polls.Core.Telemetry;

namespace Polls.Api.Backplane;

/// <summary>
/// The handlers of one instance by channel. Adding and removing is the caller's to serialise, because the first
/// and the last handler of a channel mean something to the carrier; delivering needs no such care.
/// </summary>
internal sealed class Subscribers(PollsMetrics metrics, ILogger logger)
{
    private readonly ConcurrentDictionary<string, Listeners> channels = new(StringComparer.Ordinal);

    /// <summary>Every channel with at least one handler.</summary>
    public ICollection<string> Channels => channels.Keys;

    /// <summary>Adds a handler; <paramref name="first"/> tells whether the channel had none.</summary>
    public Subscriber Add(string channel, Action<ReadOnlyMemory<byte>> onMessage, out bool first)
    {
        var subscriber = new Subscriber(channel, onMessage);
        var listeners = channels.GetOrAdd(channel, static _ => new Listeners());
        first = listeners.All.Length == 0;
        listeners.All = [.. listeners.All, subscriber];
        return subscriber;
    }

    /// <summary>Removes a handler and tells whether it was the channel's last.</summary>
    public bool Remove(Subscriber subscriber)
    {
        if (!channels.TryGetValue(subscriber.Channel, out var listeners) || !listeners.All.Contains(subscriber))
            return false;

        listeners.All = [.. listeners.All.Where(other => other != subscriber)];
        return listeners.All.Length == 0 && channels.TryRemove(subscriber.Channel, out _);
    }

    /// <summary>Hands a message to the channel's handlers, one after the other.</summary>
    public void Deliver(string channel, ReadOnlyMemory<byte> message)
    {
        if (!channels.TryGetValue(channel, out var listeners)) return;

        // Contended only while one connection replaces another: handlers of a channel never overlap.
        lock (listeners.Turn)
        {
            foreach (var subscriber in listeners.All) Deliver(subscriber, message);
        }
    }

    private void Deliver(Subscriber subscriber, ReadOnlyMemory<byte> message)
    {
        try
        {
            subscriber.OnMessage(message);
        }
        catch (Exception exception)
        {
            metrics.LoopFailed(BackgroundLoop.BackplaneHandler);
            // Once per subscriber: a handler that fails tends to fail for every message.
            if (!subscriber.HasFailed) BackplaneLog.HandlerFailed(logger, exception, subscriber.Channel);
            subscriber.HasFailed = true;
        }
    }

    private sealed class Listeners
    {
        // Replaced as a whole, so that a delivery under way walks a list that does not change.
        private volatile Subscriber[] all = [];

        public Subscriber[] All { get => all; set => all = value; }

        public Lock Turn { get; } = new();
    }
}

/// <summary>One handler of one channel.</summary>
internal sealed class Subscriber(string channel, Action<ReadOnlyMemory<byte>> onMessage)
{
    public string Channel { get; } = channel;

    public Action<ReadOnlyMemory<byte>> OnMessage { get; } = onMessage;

    public bool HasFailed { get; set; }
}
