using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;
using Polls.Api.Connections;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.LiveRooms;
using Polls.Api.Sessions;
using Polls.Api.Tokens;
using Polls.Api.Votes;
using Polls.Core;
using Polls.Core.Rooms;
using Polls.Core.Votes;

namespace Polls.Api.Hubs;

/// <summary>
/// The realtime API of a room. Every refusal is a <see cref="HubException"/> that starts with its stable code.
/// </summary>
[Authorize]
public sealed class RoomHub(
    LiveRoomDirectory rooms, RoomReader reader, BallotBox ballots, SessionJournal sessions, AttendanceLoop attendance,
    ParticipantConnections connections, RateLimits limits)
    : Hub<IRoomClient>
{
    /// <summary>The path of this hub.</summary>
    public const string Path = "/hubs/room";

    // By then, half-open connections have timed out.
    private static readonly TimeSpan TooManyConnectionsFor = TimeSpan.FromSeconds(30);

    private Caller Caller => Caller.Of(Context) ?? throw RoomAccess.WrongRole.ToHubException();

    /// <summary>Sends the room's state to the caller and subscribes the caller to all changes.</summary>
    public override async Task OnConnectedAsync()
    {
        if (Caller.ParticipantId is { } participant)
        {
            if (!connections.TryAdd(participant))
            {
                throw Refusals.RateLimited(TooManyConnectionsFor).ToHubException();
            }

            Context.Items[typeof(ParticipantConnections)] = participant;
        }

        var refusal = await RoomAccess.CheckAsync(Caller, reader, Context.ConnectionAborted)
            ?? await rooms.EnterAsync(Caller, Context.ConnectionId, Context.ConnectionAborted)
            // Rights that are lost from here on are noticed by the room.
            ?? await RoomAccess.CheckAsync(Caller, reader, Context.ConnectionAborted);
        if (refusal is not null)
        {
            rooms.Leave(Caller.RoomId, Context.ConnectionId);
            throw refusal.ToHubException();
        }

        if (Context.GetHttpContext() is { } http)
        {
            // Release the token, which takes 1 kB and would otherwise live as long as the connection.
            http.Request.Query = QueryCollection.Empty;
            http.EndConnectTurn();
        }

        sessions.Opened(Caller, Context.ConnectionId);
        if (Caller.ParticipantId is { } present)
        {
            attendance.Connected(present);
        }
    }

    /// <summary>Removes the connection.</summary>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Context.Items.TryGetValue(typeof(ParticipantConnections), out var participant))
        {
            connections.Remove((Guid)participant!);
        }

        if (Caller.Of(Context) is { } caller)
        {
            rooms.Leave(caller.RoomId, Context.ConnectionId);
            sessions.Closed(caller, Context.ConnectionId);
        }

        return Task.CompletedTask;
    }

    /// <summary>Casts or changes the caller's vote. Returns when the vote is committed.</summary>
    public async Task<VoteReceipt> CastVote(Guid pollId, VoteRequest vote)
    {
        var caller = Caller;
        return Receipt(caller, await ballots.CastAsync(
            VoterOf(caller), pollId, vote ?? new VoteRequest(), vote?.Revision ?? -1, vote?.Edition,
            Context.ConnectionAborted));
    }

    /// <summary>Withdraws the caller's vote. Returns when the withdrawal is committed.</summary>
    /// <param name="pollId">The poll.</param>
    /// <param name="revision">The voter's counter. Of any type, so that each wrong one gets the same error.</param>
    public async Task<VoteReceipt> WithdrawVote(Guid pollId, JsonElement revision)
    {
        var caller = Caller;
        var number = revision.ValueKind == JsonValueKind.Number && revision.TryGetInt32(out var given) ? given : -1;
        return Receipt(
            caller, await ballots.WithdrawAsync(VoterOf(caller), pollId, number, Context.ConnectionAborted));
    }

    /// <summary>Returns the room as the caller may see it.</summary>
    public async Task<RoomState> GetState()
    {
        if (await RoomAccess.CheckAsync(Caller, reader, Context.ConnectionAborted) is { } lost)
        {
            throw lost.ToHubException();
        }

        if (!(await rooms.StateAsync(Caller, Context.ConnectionAborted)).Succeeded(out var state, out var refusal))
        {
            throw refusal.ToHubException();
        }

        await limits.ChargeAsync(RateClass.Read, Caller, TextSize.OfState(state), Context.ConnectionAborted);
        return state;
    }

    private Voter VoterOf(Caller caller) => caller.Voter is { } voter
        ? voter with { ConnectionId = Context.ConnectionId }
        : throw RoomAccess.WrongRole.ToHubException();

    private VoteReceipt Receipt(Caller caller, Outcome<VoteReceipt> outcome)
    {
        if (!outcome.Succeeded(out var receipt, out var refusal))
        {
            throw refusal.ToHubException();
        }

        sessions.Voted(caller, receipt);
        return receipt;
    }
}
