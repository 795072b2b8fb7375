using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Polls.Core.Telemetry;

namespace Polls.Api.Backplane;

/// <summary>Subscribes live rooms to messages about their room from other instances.</summary>
/// <remarks>
/// Joining a group needs Redis, and can fail or take a second while Redis is unavailable. So it runs in the background and is retried
/// until it succeeds. The client library keeps joined groups across restarts of Redis.
/// </remarks>
public sealed class RoomListeners(
    HubLifetimeManager<RoomBackplane> rooms, IBackplane backplane, IOptions<JsonHubProtocolOptions> json, TimeProvider time,
    PollsMetrics metrics, ILoggerFactory loggers)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Not the protocol guard of the public hub: messages between instances have no size limit.
    private readonly JsonHubProtocol protocol = new(json);
    private readonly ILogger logger = loggers.CreateLogger<RoomListeners>();

    /// <summary>
    /// Listens until the result is disposed. Calls <paramref name="heard"/> for each message; calls for messages from Redis do not
    /// overlap. Calls <paramref name="joined"/> once; changes before that call were not received. Neither callback may block.
    /// </summary>
    public IAsyncDisposable Listen(Guid roomId, Action<RoomMessage> heard, Action joined) =>
        new Listening(this, stopping => JoinAsync(roomId, heard, joined, stopping));

    private async Task<RoomEar?> JoinAsync(Guid roomId, Action<RoomMessage> heard, Action joined, CancellationToken stopping)
    {
        for (var attempt = 0; !stopping.IsCancellationRequested; attempt++)
        {
            if (backplane.State != BackplaneState.Disconnected && await TryJoinAsync(roomId, heard, tellFailure: attempt == 0) is { } ear)
            {
                joined();
                return ear;
            }

            var pause = Math.Min(LongestPause.TotalMilliseconds, FirstPause.TotalMilliseconds * (1 << Math.Min(attempt, 10)));
            await Task.Delay(TimeSpan.FromMilliseconds(pause * (0.5 + (Random.Shared.NextDouble() / 2))), time, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task<RoomEar?> TryJoinAsync(Guid roomId, Action<RoomMessage> heard, bool tellFailure)
    {
        // The manager counts a connection as joined even if joining failed halfway, and would not retry. So each attempt uses a new one.
        var ear = new RoomEar(protocol, heard, HearingFailed, loggers);
        try
        {
            await rooms.OnConnectedAsync(ear);
            await rooms.AddToGroupAsync(ear.ConnectionId, RoomBackplane.GroupOf(roomId));
            return ear;
        }
        catch (Exception exception)
        {
            metrics.LoopFailed(BackgroundLoop.BackplaneHandler);
            if (tellFailure)
            {
                BackplaneLog.JoinFailed(logger, exception.GetType().Name);
            }

            await LeaveAsync(ear);
            return null;
        }
    }

    private void HearingFailed(Exception exception)
    {
        metrics.LoopFailed(BackgroundLoop.BackplaneHandler);
        BackplaneLog.HearingFailed(logger, exception);
    }

    // This fails while Redis is unavailable. Redis has then dropped the subscription anyway.
    private async Task LeaveAsync(RoomEar ear) =>
        await rooms.OnDisconnectedAsync(ear).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private sealed class Listening : IAsyncDisposable
    {
        private readonly CancellationTokenSource stopping = new();
        private readonly RoomListeners owner;
        private readonly Task<RoomEar?> joining;

        public Listening(RoomListeners owner, Func<CancellationToken, Task<RoomEar?>> join)
        {
            this.owner = owner;
            joining = Task.Run(() => join(stopping.Token));
        }

        public async ValueTask DisposeAsync()
        {
            await stopping.CancelAsync();
            if (await joining is { } ear)
            {
                await owner.LeaveAsync(ear);
            }

            stopping.Dispose();
        }
    }
}
