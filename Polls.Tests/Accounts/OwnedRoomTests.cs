using System.Net;
using Polls.Api.Rooms;
using Polls.Core.Rooms;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Accounts;

/// <summary>Rooms created while signed in: listing, reopening and deleting them, over two instances.</summary>
[Collection(nameof(TwoInstances))]
public sealed class OwnedRoomTests(TwoInstances cluster)
{
    [Fact]
    public async Task Only_rooms_created_while_signed_in_are_listed_newest_first_and_in_pages()
    {
        var owner = (await cluster.A.RegisterAsync()).AccessToken;
        var stranger = (await cluster.A.RegisterAsync()).AccessToken;
        var made = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            made.Insert(0, (await (i % 2 == 0 ? cluster.A : cluster.B).CreateRoomAsAsync(owner)).RoomId);
            await cluster.A.CreateRoomAsAsync(stranger);
            await cluster.A.CreateRoomAsync();
        }

        var first = await ListAsync(owner, "?limit=2");
        var second = await ListAsync(owner, $"?limit=2&after={first.Next}");
        var third = await ListAsync(owner, $"?limit=2&after={second.Next}");
        first.Rooms.Concat(second.Rooms).Concat(third.Rooms).Select(room => room.RoomId).ShouldBe(made);
        third.Next.ShouldBeNull();
        first.Rooms.ShouldAllBe(room => room.Role == HostRole.Owner && room.State == RoomStatus.Open);
        (await ListAsync(owner)).Rooms.Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_fresh_host_token_hosts_the_room_on_every_instance()
    {
        var owner = (await cluster.A.RegisterAsync()).AccessToken;
        var made = await cluster.A.CreateRoomAsAsync(owner, TestApi.Draft());
        var again = await DoAsync(cluster.B, owner, made.RoomId, "host-token");
        (again.RoomId, again.Code, again.Title, again.JoinUrl.AbsolutePath).ShouldBe((made.RoomId, made.Code, "An owned room", made.JoinUrl.AbsolutePath));
        var poll = (await cluster.A.StateAsync(again.Code, again.HostToken)).Polls.ShouldHaveSingleItem().Id;
        (await cluster.A.DoAsync(again, poll, "open")).State.ShouldBe(PollState.Open);
        await using var desk = await RoomClient.ConnectAsync(cluster.B.Address, again.HostToken);
        desk.State!.Title.ShouldBe("An owned room");
    }

    [Fact]
    public async Task A_room_created_without_an_account_has_no_owner()
    {
        var account = (await cluster.A.RegisterAsync()).AccessToken;
        var room = await cluster.A.CreateRoomAsync();
        (await cluster.CountAsync($"SELECT count(*) FROM rooms WHERE id = '{room.RoomId}' AND owner_id IS NULL")).ShouldBe(1);
        await RefusedAsync(account, room.RoomId, HttpStatusCode.NotFound, "room.notFound");
        foreach (var token in (string[])["garbage", room.HostToken])
        {
            (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/rooms", token, new { title = "Whose?" }))
                .ShouldBe((HttpStatusCode.Unauthorized, "auth.required"), "not created, rather than created without an owner");
        }
    }

    [Fact]
    public async Task A_reopened_room_keeps_its_closed_polls_closed_and_can_be_used()
    {
        var owner = (await cluster.A.RegisterAsync()).AccessToken;
        var room = await cluster.A.CreateRoomAsAsync(owner, TestApi.Draft("first"), TestApi.Draft("second"));
        var polls = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var voter = await cluster.B.JoinAsync(room.Code);
        await cluster.A.DoAsync(room, polls[0].Id, "open");
        await cluster.B.VoteAsync(room.Code, polls[0].Id, voter.Token, 0, 1);
        await using var phone = await RoomClient.ConnectAsync(cluster.B.Address, voter.Token);
        using (await cluster.A.SendAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/close", room.HostToken, null))
        {
        }

        await Until.TrueAsync(() => phone.RoomClosed, "the phone is told that the room has ended");
        (await ListAsync(owner)).Rooms.Single().State.ShouldBe(RoomStatus.Closed);

        var states = phone.States;
        var opened = await DoAsync(cluster.A, owner, room.RoomId, "reopen");
        opened.Code.ShouldBe(room.Code, "the code was not taken meanwhile");
        await Until.TrueAsync(() => phone.States > states && phone.State!.State == RoomStatus.Open, "the phone is told that the room is open again");
        var state = await cluster.B.StateAsync(opened.Code, opened.HostToken);
        state.Polls.Select(poll => poll.State).ShouldBe([PollState.Closed, PollState.Draft]);
        (await cluster.B.RefusalAsync(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{polls[0].Id}/vote", voter.Token, new { choices = new[] { 0 }, revision = 1 }))
            .ShouldBe((HttpStatusCode.Conflict, "poll.notOpen"));
        (await cluster.TallyAsync(polls[0].Id)).ShouldBe([1, 0, 1, 0]);

        await cluster.B.DoAsync(opened, polls[1].Id, "open");
        await cluster.A.VoteAsync(room.Code, polls[1].Id, voter.Token, 0, 2);
        var version = (await cluster.A.StateAsync(opened.Code, opened.HostToken)).Version;
        (await DoAsync(cluster.B, owner, room.RoomId, "reopen")).Code.ShouldBe(room.Code);
        (await cluster.A.StateAsync(opened.Code, opened.HostToken)).Version.ShouldBe(version, "opening an open room changes nothing");
    }

    [Fact]
    public async Task A_room_whose_code_was_taken_meanwhile_opens_with_another_one()
    {
        var owner = (await cluster.A.RegisterAsync()).AccessToken;
        var room = await cluster.A.CreateRoomAsAsync(owner);
        using (await cluster.A.SendAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/close", room.HostToken, null))
        {
        }

        var other = await cluster.A.CreateRoomAsync();
        await cluster.Cluster.Postgres.ExecuteAsync($"UPDATE rooms SET code = '{room.Code}' WHERE id = '{other.RoomId}'");
        var opened = await DoAsync(cluster.B, owner, room.RoomId, "reopen");
        opened.Code.ShouldNotBe(room.Code);
        await cluster.A.StateAsync(opened.Code, opened.HostToken);
        await cluster.A.JoinAsync(opened.Code);
        (await ListAsync(owner)).Rooms.Single().Code.ShouldBe(opened.Code);
    }

    [Fact]
    public async Task A_deleted_room_is_removed_with_everything_in_it_and_its_clients_are_told_that_it_closed()
    {
        var owner = (await cluster.A.RegisterAsync()).AccessToken;
        var room = await cluster.A.CreateRoomAsAsync(owner, TestApi.Draft());
        var kept = await cluster.OpenRoomAsync();
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        var voters = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.A.JoinAsync(room.Code)));
        var phones = await Task.WhenAll(voters.Select((voter, i) => RoomClient.ConnectAsync((i % 2 == 0 ? cluster.A : cluster.B).Address, voter.Token)));
        await Task.WhenAll(phones.Select(phone => phone.CastAsync(poll, 0, 1)));

        // Somebody keeps voting while the room is deleted.
        using var deleted = new CancellationTokenSource();
        var busy = Task.Run(async () =>
        {
            for (var revision = 1; !deleted.IsCancellationRequested; revision++)
            {
                try
                {
                    await phones[0].CastAsync(poll, revision, revision % 3);
                }
                catch (Microsoft.AspNetCore.SignalR.HubException refused) when (refused.Message.StartsWith("poll.", StringComparison.Ordinal))
                {
                }
            }
        });
        using (var answer = await cluster.B.SendAsync(HttpMethod.Delete, $"/api/accounts/rooms/{room.RoomId}", owner, null))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        await deleted.CancelAsync();
        await busy.WaitAsync(TimeSpan.FromSeconds(20));
        await Until.TrueAsync(() => phones.All(phone => phone.RoomClosed && phone.Polls.IsEmpty), "every phone is told, and shows nothing of the room");
        foreach (var (table, column) in (((string, string)[])[("rooms", "id"), ("polls", "room_id"), ("participants", "room_id")]))
        {
            (await cluster.CountAsync($"SELECT count(*) FROM {table} WHERE {column} = '{room.RoomId}'")).ShouldBe(0, table);
        }

        (await cluster.CountAsync($"SELECT (SELECT count(*) FROM votes WHERE poll_id = '{poll}') + (SELECT count(*) FROM tallies WHERE poll_id = '{poll}')")).ShouldBe(0);
        (await ListAsync(owner)).Rooms.ShouldBeEmpty();
        foreach (var api in (TestApi[])[cluster.A, cluster.B])
        {
            (await api.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}")).ShouldBe((HttpStatusCode.NotFound, "room.notFound"));
            (await api.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/state", room.HostToken)).ShouldBe((HttpStatusCode.NotFound, "room.notFound"));
            (await api.RefusalAsync(HttpMethod.Delete, $"/api/accounts/rooms/{room.RoomId}", owner)).ShouldBe((HttpStatusCode.NotFound, "room.notFound"));
            await Should.ThrowAsync<Exception>(() => RoomClient.ConnectAsync(api.Address, voters[0].Token));
        }

        (await phones[1].RefusalAsync("GetState")).ShouldBe("room.notFound");
        (await cluster.A.StateAsync(kept.Room.Code, kept.Room.HostToken)).Polls.ShouldHaveSingleItem("the others are untouched");
        foreach (var phone in phones)
        {
            await phone.DisposeAsync();
        }
    }

    private Task<RoomPage> ListAsync(string token, string query = "") =>
        cluster.B.SendAsync<RoomPage>(HttpMethod.Get, $"/api/accounts/rooms{query}", token);

    private static Task<CreatedRoom> DoAsync(TestApi api, string token, Guid room, string what) =>
        api.SendAsync<CreatedRoom>(HttpMethod.Post, $"/api/accounts/rooms/{room}/{what}", token);

    private async Task RefusedAsync(string token, Guid room, HttpStatusCode status, string code)
    {
        foreach (var (method, path) in (((HttpMethod, string)[])[(HttpMethod.Post, "/host-token"), (HttpMethod.Post, "/reopen"), (HttpMethod.Delete, "")]))
        {
            (await cluster.B.RefusalAsync(method, $"/api/accounts/rooms/{room}{path}", token)).ShouldBe((status, code), path);
        }
    }
}
