using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using Polls.Api.Rooms;
using Polls.Core.Votes;
using Polls.Tests.Clients;

namespace Polls.Tests.Journeys;

/// <summary>
/// Voters on both instances, a host on one and a screen on the other. Voters record their receipts and behave like the
/// product's own client: if the connection is lost, they reconnect to any instance that answers and send the same
/// revision again.
/// </summary>
internal sealed class Crowd(TwoInstances cluster, CreatedRoom room) : IAsyncDisposable
{
    private readonly List<Voter> voters = [];
    private RoomClient? host;
    private RoomClient? screen;
    private int lastRevision;

    public IReadOnlyList<Voter> Voters => voters;

    /// <summary>The open connections of all clients.</summary>
    public RoomClient[] Screens => [.. voters.Select(voter => voter.Client).Append(host!).Append(screen!).Where(IsAlive)];

    /// <summary>Every receipt: participant, poll and revision.</summary>
    public ConcurrentBag<(Guid Participant, VoteReceipt Receipt)> Receipts { get; } = [];

    /// <summary>The codes that votes were refused with.</summary>
    public ConcurrentBag<string> Refusals { get; } = [];

    public CreatedRoom Room => room;

    public static async Task<Crowd> JoinAsync(TwoInstances cluster, CreatedRoom room, int voters)
    {
        var crowd = new Crowd(cluster, room)
        {
            host = await RoomClient.ConnectAsync(cluster.A.Address, room.HostToken),
            screen = await RoomClient.ConnectAsync(cluster.B.Address, await cluster.A.ScreenTokenAsync(room)),
        };
        for (var i = 0; i < voters; i++)
        {
            var home = i % 2 == 0 ? cluster.A : cluster.B;
            var joined = await home.JoinAsync(room.Code, $"Voter {i}");
            crowd.voters.Add(new Voter(joined.ParticipantId, joined.Token, home.Address)
            {
                Client = await RoomClient.ConnectAsync(home.Address, joined.Token),
            });
        }

        return crowd;
    }

    /// <summary>Everyone casts this many votes, one after the other; returns when all have their receipts.</summary>
    public Task VoteAsync(Guid poll, int options, int rounds)
    {
        var first = lastRevision + 1;
        lastRevision += rounds;
        return Task.WhenAll(voters.Select((voter, i) => VoteAsync(voter, i, poll, options, first, rounds)));
    }

    /// <summary>Reconnects a disconnected voter with the same token to an instance that answers.</summary>
    public Task ReconnectAsync() => Task.WhenAll(voters.Where(voter => !IsAlive(voter.Client)).Select(ReconnectAsync));

    /// <summary>Asserts that every receipted vote is in the database, with that revision or a higher one.</summary>
    public async Task ReceiptsAreStoredAsync(Guid poll)
    {
        // Copied before the query, because voters may still be voting.
        var receipts = Receipts.Where(item => item.Receipt.PollId == poll).ToList();
        var rows = await cluster.Cluster.Postgres.ExecuteAsync($"SELECT participant_id, revision FROM votes WHERE poll_id = '{poll}'");
        var stored = rows.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split('|'))
            .ToDictionary(row => Guid.Parse(row[0]), row => int.Parse(row[1], CultureInfo.InvariantCulture));
        receipts.ShouldNotBeEmpty();
        receipts.Where(item => stored.GetValueOrDefault(item.Participant, -1) < item.Receipt.Revision).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in voters.Select(voter => voter.Client).Append(host!).Append(screen!))
        {
            await client.DisposeAsync();
        }
    }

    // A client notices with a delay that its instance was killed.
    private bool IsAlive(RoomClient client) => client.IsConnected && cluster.Addresses.Contains(client.Address);

    private async Task VoteAsync(Voter voter, int index, Guid poll, int options, int first, int rounds)
    {
        for (var revision = first; revision < first + rounds; revision++)
        {
            await PersistAsync(voter, poll, revision, (index + revision) % options);
        }
    }

    private async Task PersistAsync(Voter voter, Guid poll, int revision, int choice)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                Receipts.Add((voter.Id, await voter.Client.CastAsync(poll, revision, choice)));
                return;
            }
            catch (HubException refused) when (voter.Client.IsConnected)
            {
                Refusals.Add(refused.Message.Split(": ")[0]);
                await Task.Delay(100, limit.Token);
            }
            catch (Exception) when (!limit.IsCancellationRequested)
            {
                await ReconnectAsync(voter);
            }
        }
    }

    private async Task ReconnectAsync(Voter voter)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        for (var attempt = 0; ; attempt++)
        {
            limit.Token.ThrowIfCancellationRequested();
            var addresses = cluster.Addresses;
            try
            {
                await voter.Client.DisposeAsync();
                voter.Client = await RoomClient.ConnectAsync(addresses[attempt % addresses.Count], voter.Token);
                return;
            }
            catch (Exception) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(100, limit.Token);
            }
        }
    }

    internal sealed class Voter(Guid id, string token, Uri home)
    {
        public Guid Id => id;

        public string Token => token;

        /// <summary>The instance that this voter connected to first.</summary>
        public Uri Home => home;

        public RoomClient Client { get; set; } = null!;
    }
}
