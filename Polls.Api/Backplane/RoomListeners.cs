using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Polls.Core.Telemetry;

namespace Polls.Api.Backplane;

/// <summary>Lets live rooms hear of their room from the other instances.</summary>
/// <remarks>
/// Joining a group takes Redis, and may fail or take a second while that is away; so it is done in the background, again and again until
/// it has worked, and nobody waits for it. The client library keeps a group that was joined over restarts of Redis.
/// </remarks>
public sealed class RoomListeners(
    HubLifetimeManager<RoomBackplane> rooms, IBackplane backplane, IOptions<JsonHubProtocolOptions> json, TimeProvider time,
    PollsMetrics metrics, ILoggerFactory loggers)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Not the guard of the public hub: what instances say to each other has no limit of size.
    private readonly JsonHubProtocol protocol = new(json);
    private readonly ILogger logger = loggers.CreateLogger<RoomListeners>();

    /// <summary>
    /// Listens until the result is disposed. <paramref name="heard"/> gets each message, one at a time for messages that come over Redis;
    /// <paramref name="joined"/> runs once: what moved before that was not heard. Neither may block.
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
        // One that failed halfway counts as joined for the manager, which would not try again: a fresh one for each attempt.
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

    // It fails while Redis is away, which then has forgotten this instance anyway.
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
