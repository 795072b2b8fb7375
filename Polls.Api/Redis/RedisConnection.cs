using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Core.Telemetry;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>
/// The instance's one connection to Redis, for calls and for the backplane. The client library reconnects and subscribes again by itself.
/// This class proves once a heartbeat that Redis answers and that messages arrive; calls are bounded in time and in number, and
/// fail at once from the first one that got no answer until a heartbeat got one.
/// </summary>
public sealed class RedisConnection : BackgroundService, IBackplane
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(1);

    private readonly RedisOptions options;
    private readonly RedisChannel heartbeat = RedisKeys.Heartbeat(Guid.NewGuid());
    private readonly string clientName;
    private readonly TimeProvider time;
    private readonly PollsMetrics metrics;
    private readonly ILogger logger;
    private readonly RedisStatus status;
    private readonly SemaphoreSlim beatNow = new(0, 1);
    private readonly TaskCompletionSource<IConnectionMultiplexer> connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDatabase? database;
    private bool listening;
    private long answeredAt;
    private long heardAt;
    private int callsInFlight;

    /// <summary>Nothing is connected before the host starts it.</summary>
    public RedisConnection(
        IOptions<RedisOptions> options, IOptions<InstanceOptions> instance, TimeProvider time,
        PollsMetrics metrics, ILogger<RedisConnection> logger)
    {
        this.options = options.Value;
        clientName = RedisKeys.ClientName(instance.Value.Id);
        (this.time, this.metrics, this.logger) = (time, metrics, logger);
        status = new RedisStatus(metrics, logger);
        metrics.ObserveRedis(() => State == BackplaneState.Connected ? 1 : 0, () => Volatile.Read(ref callsInFlight), RedisFault.Usual);
    }

    /// <inheritdoc />
    public event Action? MessagesMayBeMissing
    {
        add => status.CameUp += value;
        remove => status.CameUp -= value;
    }

    /// <summary>Whether Redis answers and delivers messages.</summary>
    public BackplaneState State => status.State;

    /// <summary>The latest failure in a few words that name no address and no secret; null when there was none.</summary>
    public string? LastError => status.LastError;

    /// <summary>Completes once there is a connection, or one that is being tried again.</summary>
    internal Task<IConnectionMultiplexer> Multiplexer => connected.Task;

    /// <summary>
    /// Makes a call, and is back within the operation time-out whatever Redis does. The command is sent before
    /// this returns, so that calls made one after the other arrive in that order.
    /// </summary>
    internal ValueTask<RedisReply<T>> CallAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        status.CommandsUp ? TryAsync(call, cancellationToken) : ValueTask.FromResult(default(RedisReply<T>));

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        status.Stopped();
        connected.TrySetCanceled(CancellationToken.None);
        if (connected.Task.IsCompletedSuccessfully)
        {
            // Without waiting for answers, which may not come.
            await (await connected.Task).CloseAsync(allowCommandsToComplete: false).WaitAsync(options.OperationTimeout, time, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        base.Dispose();
        beatNow.Dispose();
        if (connected.Task.IsCompletedSuccessfully)
        {
            connected.Task.Result.Dispose();
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                if (database is null)
                {
                    await ConnectAsync(stoppingToken);
                }

                await BeatAsync(stoppingToken);
                attempt = 0;
                await beatNow.WaitAsync(options.HeartbeatInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (!RedisFault.Is(exception))
                {
                    metrics.LoopFailed(BackgroundLoop.RedisConnection);
                    RedisLog.LoopFailed(logger, exception);
                }

                status.Failed(RedisFault.Describe(exception));
                status.Down(RedisFault.Describe(exception));
                await Task.Delay(Backoff(attempt++), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Without a Redis that answers it returns all the same and tries on by itself; with Sentinel it throws.
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        var multiplexer = await ConnectionMultiplexer.ConnectAsync(options.ToConfiguration(clientName))
            .WaitAsync(options.ConnectTimeout * 3, time, cancellationToken);
        multiplexer.ConnectionFailed += (_, failure) => OnFailed(failure);
        multiplexer.ConnectionRestored += (_, _) => BeatNow();
        // The connection for messages may come a moment later than the one for calls.
        for (var began = time.GetTimestamp(); !multiplexer.GetSubscriber().IsConnected() && time.GetElapsedTime(began) < options.ConnectTimeout;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken);
        }

        database = multiplexer.GetDatabase();
        connected.TrySetResult(multiplexer);
    }

    private async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (!listening)
        {
            var subscriber = database!.Multiplexer.GetSubscriber();
            await subscriber.UnsubscribeAsync(heartbeat).WaitAsync(options.OperationTimeout, time, cancellationToken);
            await subscriber.SubscribeAsync(heartbeat, (_, message) => OnHeartbeat(message)).WaitAsync(options.OperationTimeout, time, cancellationToken);
            listening = true;
            Volatile.Write(ref heardAt, time.GetTimestamp());
        }

        await database!.PublishAsync(heartbeat, time.GetTimestamp()).WaitAsync(options.OperationTimeout, time, cancellationToken);
        Volatile.Write(ref answeredAt, time.GetTimestamp());
        status.Answered();
        if (time.GetElapsedTime(Volatile.Read(ref heardAt)) > options.SilenceLimit)
        {
            status.Silent("own messages do not arrive");
        }
    }

    private void OnHeartbeat(RedisValue message)
    {
        if (message.TryParse(out long sentAt))
        {
            metrics.HeartbeatHeard(time.GetElapsedTime(sentAt));
        }

        Volatile.Write(ref heardAt, time.GetTimestamp());
        status.Heard();
    }

    // A server that cannot be reached from the beginning (a replica, a node of a cluster) takes nothing from the others.
    private void OnFailed(ConnectionFailedEventArgs failure)
    {
        if (failure.FailureType != ConnectionFailureType.UnableToConnect)
        {
            status.Lost(failure.ConnectionType == ConnectionType.Subscription, RedisFault.Describe(failure));
            BeatNow();
        }
    }

    private void BeatNow()
    {
        try
        {
            beatNow.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // One is due already, or the host stops.
        }
    }

    private async ValueTask<RedisReply<T>> TryAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            if (Interlocked.Increment(ref callsInFlight) > options.MaxCallsInFlight)
            {
                status.Failed(RedisFault.TooManyCalls);
                return default;
            }

            var value = await call(database!).WaitAsync(options.OperationTimeout, time, cancellationToken).ConfigureAwait(false);
            metrics.RedisAnswered(time.GetElapsedTime(started));
            return new(true, value);
        }
        catch (Exception exception) when (RedisFault.Is(exception))
        {
            var reason = RedisFault.Describe(exception);
            status.Failed(reason);
            // Every further call would wait just as long, unless a heartbeat was answered meanwhile.
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

    // Half of it at random: instances that lost Redis together do not come back in step.
    private static TimeSpan Backoff(int attempt)
    {
        var most = Math.Min(LongestBackoff.TotalMilliseconds, FirstBackoff.TotalMilliseconds * (1 << Math.Min(attempt, 10)));
        return TimeSpan.FromMilliseconds((most / 2) + RandomNumberGenerator.GetInt32((int)(most / 2) + 1));
    }
}
