using System.Net;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>
/// One multiplexer from its connecting to its first failure. The client's own way of reconnecting is not relied
/// upon (it does not leave a stalled server, and now and then loses a subscription): whatever fails, the link is
/// over and <see cref="RedisConnection"/> opens a fresh one, which begins with nothing to repair.
/// </summary>
internal sealed class RedisLink : IAsyncDisposable
{
    private readonly TaskCompletionSource<string> lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HashSet<EndPoint> connectedAtFirst = [];
    private readonly ConnectionMultiplexer multiplexer;
    private readonly ISubscriber subscriber;
    private readonly TimeSpan closeWithin;
    private readonly TimeProvider time;

    private RedisLink(ConnectionMultiplexer multiplexer, TimeSpan closeWithin, TimeProvider time)
    {
        this.multiplexer = multiplexer;
        this.closeWithin = closeWithin;
        this.time = time;
        subscriber = multiplexer.GetSubscriber();
        Database = multiplexer.GetDatabase();
    }

    public IDatabase Database { get; }

    /// <summary>Completes with the reason when the link is over.</summary>
    public Task<string> Lost => lost.Task;

    /// <summary>A link to a Redis that answers; throws when there is none.</summary>
    public static async Task<RedisLink> OpenAsync(
        RedisOptions options, string clientName, TimeProvider time, CancellationToken cancellationToken)
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(Configure(options, clientName));
        ConnectionMultiplexer multiplexer;
        try
        {
            // The client keeps its own connect time-out; this one is for when it does not.
            multiplexer = await connecting.WaitAsync(options.ConnectTimeout * 2, time, cancellationToken);
        }
        catch
        {
            _ = CloseLateAsync(connecting);
            throw;
        }

        var link = new RedisLink(multiplexer, options.ConnectTimeout, time);
        try
        {
            await link.BeginAsync().WaitAsync(options.OperationTimeout, time, cancellationToken);
            return link;
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when Redis has confirmed the subscription.</summary>
    public Task SubscribeAsync(RedisChannel channel, Action<byte[]> onMessage) =>
        OrderedSubscription.StartAsync(subscriber, channel, onMessage);

    public Task UnsubscribeAsync(RedisChannel channel) => subscriber.UnsubscribeAsync(channel);

    /// <summary>Declares the link over.</summary>
    public void GiveUp(string reason) => lost.TrySetResult(reason);

    public ValueTask DisposeAsync()
    {
        GiveUp("closed");
        return new ValueTask(CloseAsync(multiplexer).WaitAsync(closeWithin, time));
    }

    private static ConfigurationOptions Configure(RedisOptions options, string clientName)
    {
        var configuration = ConfigurationOptions.Parse(options.ConnectionString);
        configuration.ClientName = clientName;
        configuration.AbortOnConnectFail = false;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = (int)options.ConnectTimeout.TotalMilliseconds;
        if (!string.IsNullOrEmpty(options.CaFile) && RedisTrust.Read(options.CaFile) is { } authorities)
        {
            configuration.CertificateValidation += RedisTrust.In(authorities);
        }

        return configuration;
    }

    // Both are needed: closing ends the connections without waiting for answers, and only disposing ends the client's
    // own threads (one per multiplexer). The latter may block for a moment, hence the pool thread.
    private static async Task CloseAsync(ConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
        }
        finally
        {
            await Task.Run(multiplexer.Dispose);
        }
    }

    private static async Task CloseLateAsync(Task<ConnectionMultiplexer> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully) await CloseAsync(await connecting);
    }

    private async Task BeginAsync()
    {
        multiplexer.ConnectionFailed += OnConnectionFailed;
        await Database.PingAsync();
        foreach (var server in multiplexer.GetEndPoints().Select(endPoint => multiplexer.GetServer(endPoint)))
        {
            if (!server.IsConnected) continue;
            lock (connectedAtFirst) connectedAtFirst.Add(server.EndPoint);
            await Task.WhenAll(RedisScripts.All.Select(script => script.MakeKnownAsync(server)));
        }
    }

    // A server that was away from the beginning (a replica, say) keeps failing; that takes nothing from the link.
    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failure)
    {
        lock (connectedAtFirst)
        {
            if (failure.EndPoint is not null && !connectedAtFirst.Contains(failure.EndPoint)) return;
        }

        GiveUp($"connection lost ({failure.ConnectionType}, {failure.FailureType})");
    }
}
