using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Options;
using Polls.Core.Loops;

namespace Polls.Api.Backplane;

/// <summary>Subscribes live rooms to messages about their room from other instances.</summary>
/// <remarks>
/// Joining and leaving a group need Redis, and can fail or take a second while Redis is unavailable. So both run in the
/// background, and joining is retried until it succeeds. The client library keeps joined groups across restarts of
/// Redis.
/// </remarks>
public sealed class RoomGroups(
    HubLifetimeManager<RoomBackplane> rooms, IBackplane backplane, IOptions<JsonHubProtocolOptions> json,
    TimeProvider clock, BackplaneMetrics metrics, ILoggerFactory loggers)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);

    // Not the protocol guard of the public hub: messages between instances have no size limit.
    private readonly JsonHubProtocol protocol = new(json);
    private readonly ILogger log = loggers.CreateLogger<RoomGroups>();

    // Completes when the last listener of the room has left. If a join fails while another join of the same group waits
    // behind it, SignalR does not subscribe for the second one. So a new listener of a room starts when the previous
    // one has left.
    private readonly ConcurrentDictionary<Guid, Task> leaving = new();
    private int failing;

    /// <summary>
    /// Listens until the result is disposed. Calls <paramref name="heard"/> for each message; calls for messages from
    /// Redis do not overlap. Calls <paramref name="joined"/> once; messages before that call were not received. Neither
    /// callback may block.
    /// </summary>
    public IDisposable Listen(Guid roomId, Action<RoomMessage> heard, Action joined)
    {
        // The work belongs to no trace of the request that created the room.
        using (ExecutionContext.SuppressFlow())
        {
            return new Listening(this, roomId, Received, joined);
        }

        void Received(RoomMessage message)
        {
            metrics.Received();
            heard(message);
        }
    }

    private async Task<RoomGroupConnection?> JoinAsync(
        Guid roomId, Action<RoomMessage> heard, CancellationToken stopping)
    {
        for (var failures = 1; !stopping.IsCancellationRequested; failures++)
        {
            if (backplane.State != BackplaneState.Disconnected && await TryJoinAsync(roomId, heard) is { } connection)
            {
                return connection;
            }

            await Task.Delay(Backoff.After(failures, FirstBackoff, LongestBackoff), clock, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task<RoomGroupConnection?> TryJoinAsync(Guid roomId, Action<RoomMessage> heard)
    {
        // The manager counts a connection as joined even if joining failed halfway, and would not retry. So each
        // attempt uses a new one.
        var connection = new RoomGroupConnection(protocol, heard, MessageHandlerFailed, loggers);
        try
        {
            await rooms.OnConnectedAsync(connection);
            await rooms.AddToGroupAsync(connection.ConnectionId, RoomBackplane.GroupOf(roomId));
            Interlocked.Exchange(ref failing, 0);
            return connection;
        }
        catch (Exception exception)
        {
            // Once for all rooms: thousands can wait for the same Redis.
            if (Interlocked.Exchange(ref failing, 1) == 0)
            {
                metrics.HandlerFailed();
                BackplaneLog.JoinFailed(log, exception.GetType().Name);
            }

            await LeaveAsync(connection);
            return null;
        }
    }

    private void MessageHandlerFailed(Exception exception)
    {
        metrics.HandlerFailed();
        BackplaneLog.MessageHandlerFailed(log, exception);
    }

    private async Task LeaveAsync(RoomGroupConnection connection)
    {
        try
        {
            await rooms.OnDisconnectedAsync(connection);
        }
        catch (Exception)
        {
            // Redis is unavailable and has dropped the subscription, or the instance stops and has closed its
            // connection.
        }
    }

    private sealed class Listening : IDisposable
    {
        private readonly CancellationTokenSource stopping = new();
        private readonly RoomGroups owner;
        private readonly Guid roomId;
        private readonly Task<RoomGroupConnection?> joining;
        private int disposed;

        public Listening(RoomGroups owner, Guid roomId, Action<RoomMessage> heard, Action joined)
        {
            (this.owner, this.roomId) = (owner, roomId);
            var before = owner.leaving.GetValueOrDefault(roomId, Task.CompletedTask);
            var token = stopping.Token;
            joining = Task.Run(async () =>
            {
                await before;
                var connection = await owner.JoinAsync(
                    roomId,
                    message =>
                    {
                        if (!token.IsCancellationRequested)
                        {
                            heard(message);
                        }
                    },
                    token);
                if (connection is not null)
                {
                    joined();
                }

                return connection;
            });
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref disposed, 1) == 1)
            {
                return;
            }

            stopping.Cancel();
            var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            owner.leaving[roomId] = end.Task;
            _ = EndAsync(end);
        }

        private async Task EndAsync(TaskCompletionSource end)
        {
            if (await joining is { } connection)
            {
                await owner.LeaveAsync(connection);
            }

            stopping.Dispose();
            owner.leaving.TryRemove(KeyValuePair.Create(roomId, end.Task));
            end.SetResult();
        }
    }
}
