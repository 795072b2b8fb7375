using System.Threading.Channels;
using Polls.Core.Telemetry;

namespace Polls.Api.Backplane;

/// <summary>
/// The backplane of a single instance: everything published is delivered to this object's own subscribers. One
/// bounded queue and one loop keep the order and keep publishers from running handlers. Tests share one object
/// between several instances.
/// </summary>
public sealed class InProcessBackplane : IBackplane, IAsyncDisposable
{
    private const int QueueLength = 65_536;

    private readonly PollsMetrics metrics;
    private readonly Subscribers subscribers;
    private readonly Lock gate = new();
    private readonly Channel<Message> queue = System.Threading.Channels.Channel.CreateBounded<Message>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private readonly Task delivery;

    /// <summary>Starts delivering.</summary>
    public InProcessBackplane(PollsMetrics metrics, ILogger<InProcessBackplane> logger)
    {
        this.metrics = metrics;
        subscribers = new Subscribers(metrics, logger);
        delivery = Task.Run(DeliverAsync);
    }

    /// <inheritdoc />
    /// <remarks>Never raised: nothing gets lost on the way.</remarks>
    public event Action? MessagesMayBeMissing
    {
        add { }
        remove { }
    }

    /// <inheritdoc />
    public BackplaneState State => BackplaneState.InProcess;

    /// <inheritdoc />
    public ValueTask<bool> PublishAsync(
        string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        // Copied, because the caller may reuse its buffer as soon as this returns.
        var sent = !cancellationToken.IsCancellationRequested
            && queue.Writer.TryWrite(new Message(channel, message.ToArray()));
        metrics.BackplaneSent(sent);
        return ValueTask.FromResult(sent);
    }

    /// <inheritdoc />
    public ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, Action<ReadOnlyMemory<byte>> onMessage, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Subscriber subscriber;
        lock (gate) subscriber = subscribers.Add(channel, onMessage, out _);

        return ValueTask.FromResult<IAsyncDisposable>(Until(subscriber));
    }

    /// <summary>Delivers what is queued and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await delivery;
    }

    private Subscription Until(Subscriber subscriber) => new Subscription(() =>
    {
        lock (gate) subscribers.Remove(subscriber);
        return ValueTask.CompletedTask;
    });

    // Handlers' exceptions end in Subscribers, so nothing here can throw.
    private async Task DeliverAsync()
    {
        await foreach (var message in queue.Reader.ReadAllAsync())
        {
            metrics.BackplaneReceived();
            subscribers.Deliver(message.Channel, message.Body);
        }
    }

    private readonly record struct Message(string Channel, byte[] Body);
}
