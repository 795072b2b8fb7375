using Polls.Api.Backplane;

namespace Polls.Api.Hubs;

/// <summary>
/// Keeps a channel subscribed while somebody here needs it: the first to need it subscribes, the last one
/// unsubscribes. A subscription that fails leaves local delivery alone; it is tried again at the channel's next
/// use and whenever the backplane comes back.
/// </summary>
internal sealed class ChannelSubscriptions(
    IBackplane backplane,
    Action<string, ReadOnlyMemory<byte>> onMessage,
    TimeSpan limit,
    TimeProvider time,
    ILogger logger)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Use> uses = new(StringComparer.Ordinal);

    /// <summary>One more needs the channel; completes when it is subscribed, or could not be.</summary>
    public Task AddAsync(string channel) => ChangeAsync(channel, 1);

    /// <summary>One fewer needs the channel.</summary>
    public Task RemoveAsync(string channel) => ChangeAsync(channel, -1);

    /// <summary>Tries again what failed.</summary>
    public void Retry()
    {
        KeyValuePair<string, Use>[] failed;
        lock (gate) failed = [.. uses.Where(use => use.Value.Subscription is null)];
        foreach (var (channel, use) in failed) _ = SettleAsync(channel, use);
    }

    private Task ChangeAsync(string channel, int change)
    {
        Use? use;
        lock (gate)
        {
            if (!uses.TryGetValue(channel, out use)) uses.Add(channel, use = new Use());
            use.Count += change;
            if (use.Count > 0 && use.Subscription is not null) return Task.CompletedTask;
        }

        return SettleAsync(channel, use);
    }

    // One at a time for each channel, each looking at the count as it is by then.
    private async Task SettleAsync(string channel, Use use)
    {
        using var patience = new CancellationTokenSource(limit, time);
        try
        {
            await use.Turn.WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever has the turn is stuck on the same backplane and says so.
            return;
        }

        try
        {
            await SettleInTurnAsync(channel, use, patience.Token);
        }
        finally
        {
            use.Turn.Release();
        }
    }

    private async Task SettleInTurnAsync(string channel, Use use, CancellationToken cancellationToken)
    {
        bool missing;
        IAsyncDisposable? surplus = null;
        lock (gate)
        {
            missing = use.Count > 0 && use.Subscription is null;
            if (use.Count <= 0) (surplus, use.Subscription) = (use.Subscription, null);
        }

        try
        {
            if (missing)
            {
                var fresh = await backplane.SubscribeAsync(channel, message => onMessage(channel, message), cancellationToken);
                lock (gate) use.Subscription = fresh;
            }

            if (surplus is not null) await surplus.DisposeAsync().AsTask().WaitAsync(limit, time, cancellationToken);
        }
        catch (Exception exception)
        {
            if (missing) HubLog.SubscribeFailed(logger, exception, channel);
            else HubLog.UnsubscribeFailed(logger, exception, channel);
        }

        // Needed again, or not any more, while it was being changed: whoever changed it waits for the next turn.
        lock (gate)
        {
            var unused = use.Count == 0 && use.Subscription is null;
            if (unused && uses.GetValueOrDefault(channel) == use) uses.Remove(channel);
        }
    }

    private sealed class Use
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public int Count { get; set; }

        public IAsyncDisposable? Subscription { get; set; }
    }
}
