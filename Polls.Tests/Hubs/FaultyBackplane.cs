using Polls.Api.Backplane;

namespace Polls.Tests.Hubs;

/// <summary>One instance's view of a shared backplane, which can go away and come back.</summary>
public sealed class FaultyBackplane(IBackplane shared) : IBackplane
{
    private int subscriptions;

    public event Action? MessagesMayBeMissing;

    public bool Down { get; private set; }

    public int Published { get; private set; }

    public int Subscriptions => Volatile.Read(ref subscriptions);

    public bool RefusesSubscriptions { get; set; }

    public BackplaneState State => Down ? BackplaneState.Disconnected : BackplaneState.Connected;

    public void GoDown() => Down = true;

    public void ComeBack()
    {
        Down = false;
        MessagesMayBeMissing?.Invoke();
    }

    public ValueTask<bool> PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        Published++;
        return Down ? ValueTask.FromResult(false) : shared.PublishAsync(channel, message, cancellationToken);
    }

    public async ValueTask<IAsyncDisposable> SubscribeAsync(
        string channel, Action<ReadOnlyMemory<byte>> onMessage, CancellationToken cancellationToken)
    {
        if (RefusesSubscriptions) throw new IOException("No subscription now.");
        var subscription = await shared.SubscribeAsync(channel, message => Unless(onMessage, message), cancellationToken);
        Interlocked.Increment(ref subscriptions);
        return new Counted(subscription, () => Interlocked.Decrement(ref subscriptions));
    }

    private void Unless(Action<ReadOnlyMemory<byte>> onMessage, ReadOnlyMemory<byte> message)
    {
        if (!Down) onMessage(message);
    }

    private sealed class Counted(IAsyncDisposable inner, Action ended) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            ended();
        }
    }
}
