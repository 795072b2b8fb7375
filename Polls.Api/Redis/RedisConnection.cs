using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Instance;
using Polls.Core.Telemetry;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>
/// The instance's connection to Redis. Connects in the background, proves once a heartbeat that Redis answers and
/// that messages arrive, and replaces the link when either fails. Calls are bounded in time and in number, and
/// fail at once while Redis is away.
/// </summary>
public sealed class RedisConnection : BackgroundService
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);

    private readonly RedisOptions options;
    private readonly string clientName;
    private readonly TimeProvider time;
    private readonly PollsMetrics metrics;
    private readonly ILogger logger;
    private readonly RedisStatus status;
    private volatile RedisLink? link;
    private long heardAt;
    private int callsInFlight;

    /// <summary>Nothing is connected before the host starts it.</summary>
    public RedisConnection(
        IOptions<RedisOptions> options, IOptions<InstanceOptions> instance, TimeProvider time,
        PollsMetrics metrics, ILogger<RedisConnection> logger)
    {
        this.options = options.Value;
        clientName = RedisKeys.ClientName(instance.Value.Id);
        this.time = time;
        this.metrics = metrics;
        this.logger = logger;
        status = new RedisStatus(time, metrics, logger);
        Channels = new RedisChannels(this.options, time, metrics, logger);
        metrics.ObserveRedis(() => State == BackplaneState.Connected ? 1 : 0, () => Volatile.Read(ref callsInFlight), RedisFault.Usual);
    }

    /// <summary>Whether Redis answers and delivers messages.</summary>
    public BackplaneState State => status.State;

    /// <summary>Figures for health reports.</summary>
    public RedisHealth Health => status.Health;

    internal RedisChannels Channels { get; }

    /// <summary>Raised whenever Redis came (back).</summary>
    internal event Action? CameUp
    {
        add => status.CameUp += value;
        remove => status.CameUp -= value;
    }

    /// <summary>
    /// Makes a call, and is back within the operation time-out whatever Redis does. The command is sent before
    /// this returns, so that calls made one after the other arrive in that order.
    /// </summary>
    internal ValueTask<RedisReply<T>> CallAsync<T>(
        Func<IDatabase, Task<T>> call, CancellationToken cancellationToken) =>
        link is { } current && status.CommandsUp
            ? CallAsync(current, call, cancellationToken)
            : ValueTask.FromResult(default(RedisReply<T>));

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var attempt = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            var before = status.LinksUp;
            try
            {
                await LiveAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (RedisFault.Is(exception))
            {
                status.Down(RedisFault.Describe(exception));
            }
            catch (Exception exception)
            {
                metrics.LoopFailed(BackgroundLoop.RedisConnection);
                RedisLog.LoopFailed(logger, exception);
                status.Down(exception.GetType().Name);
            }

            attempt = status.LinksUp > before ? 0 : attempt + 1;
            await Task.Delay(Backoff(attempt), time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        status.Stopped();
    }

    // One link from its connecting to its end.
    private async Task LiveAsync(CancellationToken cancellationToken)
    {
        await using var fresh = await RedisLink.OpenAsync(options, clientName, time, cancellationToken);
        try
        {
            status.LinkBegan();
            // The heartbeat's own subscription comes last: once it is heard, all the others are in place.
            await Channels.AttachAsync(fresh).WaitAsync(options.ConnectTimeout, time, cancellationToken);
            var heartbeat = RedisKeys.Heartbeat(Guid.NewGuid());
            await fresh.SubscribeAsync(heartbeat, message => OnHeartbeat(fresh, message))
                .WaitAsync(options.OperationTimeout, time, cancellationToken);
            Volatile.Write(ref heardAt, time.GetTimestamp());
            link = fresh;
            status.Down(await WatchAsync(fresh, heartbeat, cancellationToken));
        }
        finally
        {
            link = null;
            Channels.Detach();
        }
    }

    private async Task<string> WatchAsync(RedisLink on, RedisChannel heartbeat, CancellationToken cancellationToken)
    {
        while (true)
        {
            var sent = await CallAsync(on, database => database.PublishAsync(heartbeat, time.GetTimestamp()), cancellationToken);
            if (sent.Answered) status.Answered();
            await Task.WhenAny(on.Lost, Task.Delay(options.HeartbeatInterval, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            if (on.Lost.IsCompleted) return await on.Lost;
            if (time.GetElapsedTime(Volatile.Read(ref heardAt)) > options.SilenceLimit)
                return sent.Answered ? "own messages do not arrive" : "no answer";
        }
    }

    private void OnHeartbeat(RedisLink from, byte[] message)
    {
        if (!ReferenceEquals(from, link)) return;
        if (Utf8Parser.TryParse(message, out long sentAt, out _)) metrics.HeartbeatHeard(time.GetElapsedTime(sentAt));
        Volatile.Write(ref heardAt, time.GetTimestamp());
        status.Heard();
    }

    private async ValueTask<RedisReply<T>> CallAsync<T>(
        RedisLink on, Func<IDatabase, Task<T>> call, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        try
        {
            if (Interlocked.Increment(ref callsInFlight) > options.MaxCallsInFlight)
            {
                status.Failed(RedisFault.TooManyCalls);
                return default;
            }

            var value = await call(on.Database)
                .WaitAsync(options.OperationTimeout, time, cancellationToken).ConfigureAwait(false);
            // The client completes calls and delivers messages on one worker. What the caller does next must not run
            // on it, nor be posted from it (xunit starts a thread per post): it would hold up everybody's answers.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            metrics.RedisAnswered(time.GetElapsedTime(started));
            return new(true, value);
        }
        catch (Exception exception) when (RedisFault.Is(exception))
        {
            var reason = RedisFault.Describe(exception);
            status.Failed(reason);
            // A refusal is an answer too; silence is not, and every further call would wait just as long.
            if (exception is not RedisServerException && ReferenceEquals(on, link)) status.Unanswered(reason);
            return default;
        }
        finally
        {
            Interlocked.Decrement(ref callsInFlight);
        }
    }

    private TimeSpan Backoff(int attempt)
    {
        var most = Math.Min(options.MaxBackoff.TotalMilliseconds, FirstBackoff.TotalMilliseconds * (1 << Math.Min(attempt, 10)));
        // Half of it at random: instances that lost Redis together do not come back in step.
        return TimeSpan.FromMilliseconds((most / 2) + RandomNumberGenerator.GetInt32((int)(most / 2) + 1));
    }
}
