using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Core.Loops;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>
/// The instance's one connection to Redis, for calls and for the backplane. The client library reconnects and
/// resubscribes. With each heartbeat, this class verifies that Redis answers, takes writes and delivers messages. Calls
/// are limited in time and in number. After a call without an answer, further calls fail at once until a heartbeat is
/// answered.
/// </summary>
public sealed class RedisConnection : LoopService, IBackplane
{
    // Beyond that a call fails at once instead of waiting in a queue without bound.
    private const int MaxCallsInFlight = 20_000;
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeLife = TimeSpan.FromMinutes(1);

    private readonly RedisOptions options;
    private readonly RedisChannel heartbeat = RedisKeys.Heartbeat(Guid.NewGuid());
    private readonly string clientName;
    private readonly RedisKey probe;
    private readonly RedisMetrics metrics;
    private readonly RedisStatus status;
    private readonly TaskCompletionSource<IConnectionMultiplexer> connected =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDatabase? database;
    private bool listening;
    private int failures;
    private long answeredAt;
    private long heardAt;
    private int callsInFlight;

    /// <summary>Creates the connection. The host starts it.</summary>
    public RedisConnection(
        IOptions<RedisOptions> options, IOptions<InstanceOptions> instance, TimeProvider clock,
        RedisMetrics metrics, LoopMetrics loops, ILogger<RedisConnection> log)
        : base("redisConnection", clock, loops, log)
    {
        (this.options, this.metrics) = (options.Value, metrics);
        clientName = RedisKeys.ClientName(instance.Value.Id);
        probe = RedisKeys.Probe(instance.Value.Id);
        status = new RedisStatus(metrics, log);
        metrics.Observe(
            () => State == BackplaneState.Connected ? 1 : 0, () => status.RefusesWrites ? 1 : 0,
            () => Volatile.Read(ref callsInFlight));
    }

    /// <inheritdoc />
    public event Action? MessagesMayBeMissing
    {
        add => status.Connected += value;
        remove => status.Connected -= value;
    }

    /// <summary>Whether Redis answers, takes writes and delivers messages.</summary>
    public BackplaneState State => status.State;

    /// <summary>
    /// Whether Redis answers but takes no writes. What it says of leases is then wrong: all have run out.
    /// </summary>
    internal bool RefusesWrites => status.RefusesWrites;

    /// <inheritdoc />
    public bool CanSend => status.CommandsUp;

    /// <inheritdoc />
    public string? LastError => status.LastError;

    /// <summary>Completes when there is a connection, or one that the client library is retrying.</summary>
    internal Task<IConnectionMultiplexer> Multiplexer => connected.Task;

    /// <summary>
    /// Makes a call and returns within the operation time-out, whatever Redis does. The command is sent before this
    /// method returns, so that consecutive calls arrive in order.
    /// </summary>
    internal ValueTask<RedisReply<T>> CallAsync<T>(
        Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        status.CommandsUp ? TryAsync(call, cancellationToken) : ValueTask.FromResult(default(RedisReply<T>));

    /// <summary>The heartbeat interval; after a failure, the backoff.</summary>
    protected override TimeSpan Interval =>
        failures > 0 ? Backoff.After(failures, FirstBackoff, LongestBackoff)
        : database is null ? TimeSpan.Zero
        : options.HeartbeatInterval;

    /// <summary>0, because the backoff contains jitter.</summary>
    protected override double Jitter => 0;

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        if (connected.Task.IsCompletedSuccessfully)
        {
            connected.Task.Result.Dispose();
        }
    }

    /// <inheritdoc />
    protected override async Task RunOnceAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (database is null)
            {
                await ConnectAsync(stoppingToken);
            }

            await BeatAsync(stoppingToken);
            failures = 0;
        }
        catch (Exception exception) when (RedisFault.Is(exception))
        {
            failures++;
            status.Failed(RedisFault.Describe(exception));
            status.Down(RedisFault.Describe(exception));
        }
    }

    /// <summary>Closes the connection without waiting for pending answers.</summary>
    protected override async Task FinishAsync(CancellationToken cancellationToken)
    {
        status.Stopped();
        connected.TrySetCanceled(CancellationToken.None);
        if (connected.Task.IsCompletedSuccessfully)
        {
            var multiplexer = await connected.Task;
            await multiplexer.CloseAsync(allowCommandsToComplete: false)
                .WaitAsync(options.OperationTimeout, Clock, cancellationToken);
        }
    }

    // If Redis does not answer, this returns and the client library keeps retrying. With Sentinel it throws.
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(options.ToConfiguration(clientName));
        ConnectionMultiplexer multiplexer;
        try
        {
            multiplexer = await connecting.WaitAsync(RedisOptions.ConnectTimeout * 3, Clock, cancellationToken);
            // The subscription connection can open later than the connection for calls.
            var began = Clock.GetTimestamp();
            while (!multiplexer.GetSubscriber().IsConnected()
                && Clock.GetElapsedTime(began) < RedisOptions.ConnectTimeout)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10), Clock, cancellationToken);
            }
        }
        catch
        {
            _ = DisposeLateAsync(connecting);
            throw;
        }

        multiplexer.ConnectionFailed += (_, failure) => OnFailed(failure);
        multiplexer.ConnectionRestored += (_, restored) => OnRestored(restored);
        database = multiplexer.GetDatabase();
        connected.TrySetResult(multiplexer);
    }

    private static async Task DisposeLateAsync(Task<ConnectionMultiplexer> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully)
        {
            await (await connecting).DisposeAsync();
        }
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (!listening)
        {
            var subscriber = database!.Multiplexer.GetSubscriber();
            await subscriber.UnsubscribeAsync(heartbeat).WaitAsync(options.OperationTimeout, Clock, cancellationToken);
            await subscriber.SubscribeAsync(heartbeat, (_, message) => OnHeartbeat(message))
                .WaitAsync(options.OperationTimeout, Clock, cancellationToken);
            listening = true;
            Volatile.Write(ref heardAt, Clock.GetTimestamp());
        }

        await database!.PublishAsync(heartbeat, Clock.GetTimestamp())
            .WaitAsync(options.OperationTimeout, Clock, cancellationToken);
        var refusal = await WriteAsync(cancellationToken);
        Volatile.Write(ref answeredAt, Clock.GetTimestamp());
        status.Answered(refusal);
        if (Clock.GetElapsedTime(Volatile.Read(ref heardAt)) > options.SilenceLimit)
        {
            status.Silent("own messages do not arrive");
            // Perhaps only the subscription is lost: the next heartbeat subscribes again.
            listening = false;
        }
    }

    // A full Redis and a replica still answer and deliver: of a replica's messages only its own instances learn.
    private async Task<string?> WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await database!.StringSetAsync(probe, RedisValue.EmptyString, ProbeLife)
                .WaitAsync(options.OperationTimeout, Clock, cancellationToken);
            return null;
        }
        catch (Exception exception) when (RedisFault.IsRefusal(exception))
        {
            status.Failed(RedisFault.Describe(exception));
            return RedisFault.Describe(exception);
        }
    }

    private void OnHeartbeat(RedisValue message)
    {
        if (message.TryParse(out long sentAt))
        {
            metrics.HeartbeatHeard(Clock.GetElapsedTime(sentAt));
        }

        Volatile.Write(ref heardAt, Clock.GetTimestamp());
        status.Heard();
    }

    // A server that was never reachable (a replica, a node of a cluster) does not affect the other connections.
    private void OnFailed(ConnectionFailedEventArgs failure)
    {
        if (failure.FailureType != ConnectionFailureType.UnableToConnect)
        {
            status.Lost(failure.ConnectionType == ConnectionType.Subscription, RedisFault.Describe(failure));
            Wake();
        }
    }

    // The client library does not report each loss: a connection can be replaced without ConnectionFailed.
    private void OnRestored(ConnectionFailedEventArgs restored)
    {
        status.Replaced(restored.ConnectionType == ConnectionType.Subscription);
        Wake();
    }

    private async ValueTask<RedisReply<T>> TryAsync<T>(
        Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        var started = Clock.GetTimestamp();
        try
        {
            if (Interlocked.Increment(ref callsInFlight) > MaxCallsInFlight)
            {
                status.Failed(RedisFault.TooManyCalls);
                return default;
            }

            var value = await call(database!)
                .WaitAsync(options.OperationTimeout, Clock, cancellationToken)
                .ConfigureAwait(false);
            metrics.Answered(Clock.GetElapsedTime(started));
            return new(true, value);
        }
        catch (Exception exception) when (RedisFault.Is(exception))
        {
            var reason = RedisFault.Describe(exception);
            status.Failed(reason);
            // Further calls would wait just as long, unless a heartbeat was answered in the meantime.
            if (exception is TimeoutException && Volatile.Read(ref answeredAt) < started)
            {
                status.Unanswered(reason);
            }

            return default;
        }
        finally
        {
            Interlocked.Decrement(ref callsInFlight);
        }
    }
}
