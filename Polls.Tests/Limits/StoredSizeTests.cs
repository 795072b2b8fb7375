using System.Net;
using Polls.Core.RoomPolls;
using Polls.Tests.Clients;

namespace Polls.Tests.Limits;

/// <summary>What an address may store, and read of it, on real instances.</summary>
[Collection(nameof(LimitedInstances))]
public sealed class StoredSizeTests(LimitedInstances cluster)
{
    // 4,500 characters each: as a draft 5 units of what an address may store.
    private static readonly PollDraft[] Large =
    [
        .. Enumerable.Repeat(
            TestApi.Draft(new string('q', 500), 20) with { Options = [.. Enumerable.Range(10, 20).Select(n => $"{n}{new string('x', 198)}")] }, 200),
    ];

    [Fact]
    public async Task An_address_that_stores_too_much_is_stopped_and_others_are_not()
    {
        using var filler = cluster.From("198.51.100.120");
        // 1,000 of the 1,500.
        (await filler.CreateRoomAsync(Large)).Code.Length.ShouldBe(6);
        var room = await filler.CreateRoomAsync();
        for (var seats = 0; seats < 3; seats++)
        {
            // 126 units each.
            await filler.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 2000 });
        }

        // The last that begins within the limit may exceed it. As many again if Redis does not answer in time.
        var more = new List<(HttpStatusCode, string?)>();
        while (more.LastOrDefault() is not (HttpStatusCode.TooManyRequests, _) && more.Count < 4)
        {
            more.Add(await filler.RefusalAsync(HttpMethod.Post, "/api/rooms", null, new { title = "More", polls = Large }));
        }

        more[^1].ShouldBe((HttpStatusCode.TooManyRequests, "rateLimited"));
        (await filler.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/polls", room.HostToken, Large[0])).Code.ShouldBe("rateLimited");
        (await filler.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/polls", room.HostToken, TestApi.Draft())).Status
            .ShouldBe(HttpStatusCode.Created, "usual questions are free in a room that exists");
        (await filler.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 1 })).Code.ShouldBe("rateLimited");
        using var neighbour = cluster.From("198.51.100.121");
        (await neighbour.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/polls", room.HostToken, Large[0])).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_refused_request_costs_no_more_than_the_largest_one_that_is_stored()
    {
        using var clumsy = cluster.From("198.51.100.123");
        var room = await clumsy.CreateRoomAsync();
        (await clumsy.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = int.MaxValue })).Code.ShouldBe("seat.badCount");
        (await clumsy.RefusalAsync(HttpMethod.Post, "/api/rooms", null, new { title = "Many", polls = Enumerable.Repeat(0, 100_000).Select(_ => (object?)null) }))
            .Code.ShouldBe("room.tooManyPolls");
        // 126 and 200 of 1,500.
        (await clumsy.RefusalAsync(HttpMethod.Post, "/api/rooms", null, new { title = "One", polls = new[] { TestApi.Draft() } })).Status.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Large_states_count_as_several_requests_and_known_ones_as_one()
    {
        using var host = cluster.From("198.51.100.122");
        var room = await host.CreateRoomAsync(Large);
        var path = $"/api/rooms/{room.Code}/state";
        using var first = await host.SendAsync(HttpMethod.Get, path, room.HostToken, null);
        var tag = first.Headers.ETag.ShouldNotBeNull();
        // 900,000 characters: 54 more requests for each of 40 are 39 s more than the burst, also if they come at once.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => host.RefusalAsync(HttpMethod.Get, path, room.HostToken)));
        (await host.RefusalAsync(HttpMethod.Get, path, room.HostToken)).Code.ShouldBe("rateLimited");

        var screen = await host.ScreenTokenAsync(room);
        for (var i = 0; i < 40; i++)
        {
            (await host.RefusalAsync(HttpMethod.Get, path, screen)).Status.ShouldBe(HttpStatusCode.OK, "it sees no drafts");
        }

        tag.IsWeak.ShouldBeTrue();
    }
}
