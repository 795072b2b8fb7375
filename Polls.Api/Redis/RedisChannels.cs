using Polls.Api.Backplane;
using Polls.Core.Telemetry;

namespace Polls.Api.Redis;

/// <summary>
/// What this instance is subscribed to, and the link that carries it. The first handler of a channel subscribes,
/// the last one leaving unsubscribes, a new link subscribes to everything. All under one lock, in which commands
/// are only sent and never awaited: so Redis gets them in the order in which the list changed.
/// </summary>
internal sealed class RedisChannels(
    RedisOptions options, TimeProvider time, PollsMetrics metrics, ILogger logger)
{
    private readonly Lock gate = new();
    private readonly Subscribers subscribers = new(metrics, logger);
    private volatile RedisLink? link;

    /// <summary>Makes this the link that messages come from; completes when every channel is confirmed.</summary>
    public Task AttachAsync(RedisLink fresh)
    {
        lock (gate)
        {
            link = fresh;
            return Task.WhenAll([.. subscribers.Channels.Select(channel => StartAsync(fresh, channel))]);
        }
    }

    public void Detach()
    {
        lock (gate) link = null;
    }

    public async ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, Action<ReadOnlyMemory<byte>> onMessage, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Subscriber subscriber;
        RedisLink? on;
        var confirmed = Task.CompletedTask;
        lock (gate)
        {
            on = link;
            subscriber = subscribers.Add(channel, onMessage, out var first);
            if (first && on is not null) confirmed = StartAsync(on, channel);
        }

        var subscription = new Subscription(() => EndAsync(subscriber));
        try
        {
            await ConfirmAsync(on, confirmed, cancellationToken);
        }
        catch
        {
            await subscription.DisposeAsync();
            throw;
        }

        return subscription;
    }

    private async ValueTask EndAsync(Subscriber subscriber)
    {
        RedisLink? on;
        var confirmed = Task.CompletedTask;
        lock (gate)
        {
            on = link;
            if (subscribers.Remove(subscriber) && on is not null)
                confirmed = on.UnsubscribeAsync(RedisKeys.Bus(subscriber.Channel));
        }

        await ConfirmAsync(on, confirmed, CancellationToken.None);
    }

    // A link that does not confirm may or may not carry the channel: a fresh one certainly will.
    private async Task ConfirmAsync(RedisLink? on, Task confirmed, CancellationToken cancellationToken)
    {
        try
        {
            await confirmed.WaitAsync(options.OperationTimeout, time, cancellationToken);
        }
        catch (Exception exception) when (RedisFault.Is(exception))
        {
            on?.GiveUp($"subscription not confirmed ({RedisFault.Describe(exception)})");
        }
    }

    private Task StartAsync(RedisLink on, string channel) =>
        on.SubscribeAsync(RedisKeys.Bus(channel), message =>
        {
            // A link that was replaced may still have messages under way; they would arrive out of order.
            if (!ReferenceEquals(on, link)) return;
            metrics.BackplaneReceived();
            subscribers.Deliver(channel, message);
        });
}
