using System.Collections.Concurrent;
using System.Net.Security;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Polls.Api.Http;
using Polls.Api.LiveRooms;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;
using Polls.Core.Votes;

namespace Polls.Tests.Clients;

/// <summary>A phone, a host's desk or a screen: Microsoft's SignalR client, and everything that it received.</summary>
internal sealed class RoomClient : IAsyncDisposable
{
    private readonly HubConnection hub;
    private readonly TaskCompletionSource<RoomState> firstState = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RoomClient(Uri address, string token, string? room)
    {
        Address = address;
        // The token is in the query, as in browsers.
        var hubAddress = new Uri(address, $"/hubs/room?{(room is null ? "" : $"room={room}&")}access_token={token}");
        hub = new HubConnectionBuilder()
            .WithUrl(hubAddress, HttpTransportType.WebSockets, options =>
            {
                options.SkipNegotiation = true;
                // The certificate of a test.
                options.WebSocketConfiguration = socket => socket.RemoteCertificateValidationCallback =
                    (_, _, _, errors) => errors == SslPolicyErrors.None || address.IsLoopback;
            })
            .AddJsonProtocol(options => Json.Configure(options.PayloadSerializerOptions))
            .Build();
        hub.On<RoomState>(nameof(IRoomClient.RoomState), Take);
        hub.On<PollView>(nameof(IRoomClient.PollChanged), poll =>
        {
            PollChanges++;
            Take(poll);
        });
        hub.On<Tally>(nameof(IRoomClient.TallyChanged), Take);
        hub.On<List<MyVote>>(nameof(IRoomClient.MyVotes), votes => votes.ForEach(OwnVotes.Enqueue));
        hub.On<Presence>(nameof(IRoomClient.PresenceChanged), presence => Participants = presence.Participants);
        hub.On(nameof(IRoomClient.RoomClosed), () => RoomClosed = true);
        hub.Closed += _ =>
        {
            firstState.TrySetException(new InvalidOperationException("The connection closed before the state came."));
            return Task.CompletedTask;
        };
    }

    /// <summary>The instance it is connected to.</summary>
    public Uri Address { get; }

    /// <summary>The newest state, as a screen would show it; polls by id.</summary>
    public ConcurrentDictionary<Guid, PollView> Polls { get; } = new();

    public ConcurrentDictionary<Guid, Tally> Tallies { get; } = new();

    /// <summary>Every tally in the order of arrival, from any event.</summary>
    public ConcurrentQueue<Tally> TallyLog { get; } = new();

    /// <summary>How many changes of polls arrived, apart from states of the room.</summary>
    public int PollChanges { get; private set; }

    /// <summary>Every own vote of another device, in the order of arrival.</summary>
    public ConcurrentQueue<MyVote> OwnVotes { get; } = new();

    public RoomState? State { get; private set; }

    public int States { get; private set; }

    public int Participants { get; private set; }

    public bool RoomClosed { get; private set; }

    public bool IsConnected => hub.State == HubConnectionState.Connected;

    public static async Task<RoomClient> ConnectAsync(Uri address, string token, string? room = null)
    {
        var client = new RoomClient(address, token, room);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await client.hub.StartAsync(limit.Token);
        await client.firstState.Task.WaitAsync(limit.Token);
        return client;
    }

    public Task<VoteReceipt> CastAsync(Guid poll, int revision, params int[] choices) =>
        InvokeAsync<VoteReceipt>("CastVote", poll, new { choices, revision });

    public Task<VoteReceipt> WithdrawAsync(Guid poll, int revision) => InvokeAsync<VoteReceipt>("WithdrawVote", poll, revision);

    public Task<RoomState> GetStateAsync() => InvokeAsync<RoomState>("GetState");

    public async Task<T> InvokeAsync<T>(string method, params object?[] arguments)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await hub.InvokeCoreAsync<T>(method, arguments, limit.Token);
    }

    /// <summary>Asserts that the call is refused; returns the stable code.</summary>
    public async Task<string> RefusalAsync(string method, params object?[] arguments)
    {
        var refused = await Should.ThrowAsync<Microsoft.AspNetCore.SignalR.HubException>(() => InvokeAsync<object>(method, arguments));
        return refused.Message.Split(": ")[0];
    }

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    private void Take(RoomState state)
    {
        if (State is { } known && known.Epoch != state.Epoch)
        {
            Tallies.Clear();
        }

        State = state;
        States++;
        Participants = state.Participants;
        foreach (var gone in Polls.Keys.Except(state.Polls.Select(poll => poll.Id)))
        {
            Polls.TryRemove(gone, out _);
            Tallies.TryRemove(gone, out _);
        }

        foreach (var poll in state.Polls)
        {
            Take(poll);
        }

        firstState.TrySetResult(state);
    }

    private void Take(PollView poll)
    {
        Polls[poll.Id] = poll;
        if (poll.Tally is { } tally)
        {
            Take(tally);
        }
    }

    private void Take(Tally tally)
    {
        TallyLog.Enqueue(tally);
        Tallies.AddOrUpdate(tally.PollId, tally, (_, known) => known.Version > tally.Version ? known : tally);
    }
}
