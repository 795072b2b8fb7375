using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Polls.Api.Limits;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Tests.Clients;
using Polls.Tests.Servers;
using Polls.Tests.Telemetry;

namespace Polls.Tests.Limits;

/// <summary>The limits on real instances: one abusive phone is limited, the hall around it is not.</summary>
[Collection(nameof(LimitedInstances))]
public sealed class LimitJourneyTests(LimitedInstances cluster)
{
    // Of 50 allowed. An instance that gets no answer from Redis in time counts by itself.
    private const int ManyGuesses = 150;

    [Fact]
    public async Task Three_instances_together_enforce_the_rule()
    {
        var (room, _) = await cluster.OpenRoomAsync();
        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        var hammered = await HammerAsync(async (instance, _) =>
            (await instance.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/state", token)).Status == HttpStatusCode.OK);
        ShouldShareOneLimit(hammered, LimitedInstances.ReadBurst, LimitedInstances.ReadsPerSecond);
    }

    [Fact]
    public async Task Votes_over_the_hubs_of_three_instances_and_over_HTTP_share_one_limit()
    {
        var (room, poll) = await cluster.OpenRoomAsync();
        var token = (await cluster.A.JoinAsync(room.Code)).Token;
        var phones = await Task.WhenAll(cluster.Cluster.Instances.Select(instance => RoomClient.ConnectAsync(instance.Address, token)));
        var turn = 0;
        var hammered = await HammerAsync(async (instance, revision) =>
        {
            if (Interlocked.Increment(ref turn) % 4 == 0)
            {
                return (await instance.RefusalAsync(
                    HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", token, new { choices = new[] { 0 }, revision })).Status == HttpStatusCode.OK;
            }

            try
            {
                await phones[revision % 3].CastAsync(poll, revision, 0);
                return true;
            }
            catch (Microsoft.AspNetCore.SignalR.HubException refused)
            {
                refused.Message.ShouldStartWith("rateLimited: ");
                return false;
            }
        });
        ShouldShareOneLimit(hammered, 50, 10);

        // The connection is open, no refused vote is stored, and the other voter is not affected.
        phones.ShouldAllBe(phone => phone.IsConnected);
        (await cluster.CountAsync($"SELECT count(*) FROM votes WHERE poll_id = '{poll}'")).ShouldBe(1);
        await using var neighbour = await RoomClient.ConnectAsync(cluster.A.Address, (await cluster.A.JoinAsync(room.Code)).Token);
        await neighbour.CastAsync(poll, 1, 1);
        foreach (var phone in phones)
        {
            await phone.DisposeAsync();
        }
    }

    [Fact]
    public async Task Trying_a_thousand_codes_concurrently_is_as_slow_as_sequentially()
    {
        using var guesser = cluster.From("198.51.100.77");
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(code => guesser.RefusalAsync(HttpMethod.Get, $"/api/rooms/{code:000000}")));
        // 50, or twice as many if Redis does not answer in time.
        answers.Count(answer => answer.Code == "room.notFound").ShouldBeLessThanOrEqualTo(101);
        answers.ShouldAllBe(answer => answer.Code == "room.notFound" || answer.Code == "rateLimited");
    }

    [Fact]
    public async Task Trying_a_thousand_seat_codes_concurrently_is_limited_and_a_valid_one_is_free()
    {
        using var guesser = cluster.From("198.51.100.78");
        using var hall = cluster.From("198.51.100.79");
        var room = await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new { title = "Seats", assurance = "seatCode" });
        var seats = await cluster.A.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 150 });
        await hall.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}");
        await guesser.RefusalAsync(HttpMethod.Get, $"/api/rooms/{room.Code}");

        var started = Stopwatch.GetTimestamp();
        var guesses = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => JoinAsync(guesser, $"AAAA-{Letters(i)}")));
        // One a second after the first hundred. An instance that gets no answer from Redis in time counts by itself.
        var most = 2 * (101 + (int)Stopwatch.GetElapsedTime(started).TotalSeconds);
        guesses.Count(answer => answer.Code == "seat.unknown").ShouldBeLessThanOrEqualTo(Math.Min(most, guesses.Length - 1));
        guesses.ShouldAllBe(answer => answer.Code == "seat.unknown" || answer.Code == "join.workRequired");

        // More than the allowed number of wrong codes, one after another, so that none is in progress while the next is
        // checked.
        foreach (var seat in seats.Seats)
        {
            (await JoinAsync(hall, seat.Code)).ShouldBe((HttpStatusCode.Created, null));
        }

        Task<(HttpStatusCode Status, string? Code)> JoinAsync(TestApi from, string seat) =>
            from.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { seat });

        static string Letters(int i) => new([.. Enumerable.Range(0, 4).Select(place => (char)('A' + (i >> (place * 3) & 7)))]);
    }

    [Fact]
    public async Task The_metric_counts_exactly_the_refused_requests()
    {
        using var phone = cluster.From("198.51.100.99");
        var before = await RefusedAsync();
        var told = 0;
        for (var code = 0; code < ManyGuesses; code++)
        {
            told += (await phone.RefusalAsync(HttpMethod.Get, $"/api/rooms/{code:000000}")).Code == "rateLimited" ? 1 : 0;
        }

        told.ShouldBeGreaterThan(0);
        // Scrapes at nearly the same time share one response.
        await Until.TrueAsync(async () => await RefusedAsync() - before >= told, "the refusals are counted");
        (await RefusedAsync() - before).ShouldBe(told);

        async Task<double> RefusedAsync() => (await Scrape.OfAsync(cluster.Cluster.Instances[0].ManagementAddress))["polls_rate_limited_total", "rule=\"wrongCode\""];
    }

    [Fact]
    public async Task A_hall_behind_one_address_joins_while_somebody_in_it_guesses_codes()
    {
        using var hall = cluster.From("198.51.100.1");
        var (room, _) = await cluster.OpenRoomAsync();
        var (other, _) = await cluster.OpenRoomAsync();
        await hall.JoinAsync(room.Code);

        var answers = new List<(HttpStatusCode, string?)>();
        for (var code = 0; code < ManyGuesses; code++)
        {
            answers.Add(await hall.RefusalAsync(HttpMethod.Get, $"/api/rooms/{code:000000}"));
        }

        answers[0].ShouldBe((HttpStatusCode.NotFound, "room.notFound"));
        answers[^1].ShouldBe((HttpStatusCode.TooManyRequests, "rateLimited"));
        (await hall.RefusalAsync(HttpMethod.Get, $"/api/rooms/{other.Code}")).Code.ShouldBe("rateLimited", "nor does the refusal reveal which codes exist");
        (await hall.RefusalAsync(HttpMethod.Post, $"/api/rooms/{other.Code}/participants")).Code.ShouldBe("rateLimited");
        (await hall.RefusalAsync(HttpMethod.Get, $"/api/rooms/{other.Code}/qr.svg")).Code.ShouldBe("rateLimited");

        await Task.WhenAll(Enumerable.Range(0, 300).Select(_ => hall.JoinAsync(room.Code)));
        using var elsewhere = cluster.From("198.51.100.2");
        await elsewhere.JoinAsync(other.Code);
    }

    [Fact]
    public async Task Creating_rooms_is_limited_by_address_with_a_time_to_wait()
    {
        using var many = cluster.From("198.51.100.3", instance: 1);
        HttpResponseMessage answer;
        var made = 0;
        while ((answer = await many.SendAsync(HttpMethod.Post, "/api/rooms", null, new StringContent("""{"title":"A room"}""", null, "application/json")))
            .StatusCode == HttpStatusCode.Created)
        {
            (++made).ShouldBeLessThan(1000, "nothing was refused");
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 100, "an address gets one more in 100 s");
        made.ShouldBeGreaterThanOrEqualTo(30);
        using var other = cluster.From("198.51.100.4", instance: 1);
        await other.CreateRoomAsync();
    }

    [Fact]
    public async Task Claiming_another_address_does_not_evade_the_limits()
    {
        // Each time as another user.
        using var http = OtherAddress.Client(cluster.Cluster.Instances[0].Address);
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < ManyGuesses; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/rooms/{i:000000}");
            request.Headers.Add("X-Forwarded-For", $"192.0.2.{i}");
            using var answer = await http.SendAsync(request);
            statuses.Add(answer.StatusCode);
        }

        statuses.ShouldContain(HttpStatusCode.TooManyRequests);
    }

    [Fact]
    public async Task In_a_room_that_counts_devices_new_voters_from_one_address_are_limited()
    {
        using var maker = cluster.From("198.51.100.6");
        var (room, _) = await cluster.OpenRoomAsync();
        (await UseUpAsync(maker, room)).ShouldBeGreaterThanOrEqualTo(400, "everyone in the hall joins");
        using var neighbour = cluster.From("198.51.100.7");
        await neighbour.JoinAsync(room.Code);
        await maker.JoinAsync((await cluster.OpenRoomAsync()).Room.Code);
    }

    [Fact]
    public async Task Somebody_who_floods_the_door_keeps_nobody_out_who_works_for_a_place()
    {
        const string hall = "198.51.100.8";
        var (room, _) = await cluster.OpenRoomAsync();
        var apis = Enumerable.Range(0, 3).Select(instance => cluster.From(hall, instance)).ToList();
        await UseUpAsync(apis[0], room);
        using var stop = new CancellationTokenSource();
        var flood = Task.WhenAll(Enumerable.Range(0, 8).Select(async sender =>
        {
            var answers = new List<string?>();
            for (; !stop.IsCancellationRequested; await Task.Delay(100))
            {
                // As likely garbage as nothing.
                object body = answers.Count % 2 == 0 ? new { } : new { work = new { challenge = "made up", nonce = "1" } };
                answers.Add((await apis[sender % 3].RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, body)).Code);
            }

            return answers;
        }));

        var replayed = await Task.WhenAll(Enumerable.Range(0, 20).Select(async person =>
        {
            var (asked, answers) = (apis[person % 3], apis[(person + 1) % 3]);
            var work = Solution.Of(await ChallengeAsync(asked, room.Code));
            await answers.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { work });
            return (await asked.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { work })).Code;
        }));
        // Nobody joins twice with the same work; some may without any, when a place has become free.
        replayed.Count(code => code == "join.workRequired").ShouldBeGreaterThan(10);

        await stop.CancelAsync();
        var refused = (await flood).SelectMany(answers => answers).ToList();
        refused.Count(code => code == "join.workRequired").ShouldBeGreaterThan(refused.Count / 2);
        apis.ForEach(api => api.Dispose());
    }

    [Fact]
    public async Task Somebody_who_guesses_seat_codes_keeps_nobody_out_who_works_for_a_place()
    {
        using var hall = cluster.From("198.51.100.9");
        var room = await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new { title = "Seats", assurance = "seatCode" });
        var seat = (await cluster.A.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 1 })).Seats[0].Code;
        string? code = null;
        for (var i = 0; code != "join.workRequired"; i++)
        {
            i.ShouldBeLessThan(1_000, "no guess was refused");
            code = (await hall.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { seat = "AAAA-AAAA" })).Code;
        }

        var work = Solution.Of(await ChallengeAsync(hall, room.Code, seat));
        await hall.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { seat, work });
    }

    [Fact]
    public async Task Invented_tokens_are_limited_by_address()
    {
        using var guesser = cluster.From("198.51.100.5", instance: 2);
        var limited = false;
        for (var sent = 0; !limited; sent += 50)
        {
            sent.ShouldBeLessThan(5_000, "nothing was refused");
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
                guesser.RefusalAsync(HttpMethod.Get, "/api/rooms/000000/state", $"made-up-{i}")));
            answers.ShouldAllBe(answer => answer.Status == HttpStatusCode.Unauthorized || answer.Status == HttpStatusCode.TooManyRequests);
            limited = answers.Contains((HttpStatusCode.TooManyRequests, "rateLimited"));
        }

        var (room, _) = await cluster.OpenRoomAsync();
        await guesser.StateAsync(room.Code, room.HostToken);
    }

    /// <summary>Joins until the address is above its limit; returns how many have joined.</summary>
    private static async Task<int> UseUpAsync(TestApi api, CreatedRoom room)
    {
        for (var made = 0; ;)
        {
            made.ShouldBeLessThan(1_000, "nothing was refused");
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => api.RefusalAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/participants")));
            made += answers.Count(answer => answer.Status == HttpStatusCode.Created);
            if (answers.Contains((HttpStatusCode.TooManyRequests, "join.workRequired")))
            {
                return made;
            }
        }
    }

    private static async Task<Challenge> ChallengeAsync(TestApi api, string room, string? seat = null)
    {
        for (; ; )
        {
            using var answer = await api.SendAsync(
                HttpMethod.Post, $"/api/rooms/{room}/participants", null, JsonContent.Create(new { seat = seat is null ? null : "AAAA-AAAA" }));
            // A place has become free meanwhile, or Redis did not answer in time.
            if (answer.StatusCode != HttpStatusCode.TooManyRequests)
            {
                continue;
            }

            answer.Headers.RetryAfter.ShouldNotBeNull();
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            problem.GetProperty("code").GetString().ShouldBe("join.workRequired");
            return new(problem.GetProperty("challenge").GetString()!, problem.GetProperty("bits").GetInt32());
        }
    }

    /// <summary>
    /// The whole burst passes, and less than with a limit for each instance; how much less depends on how busy the
    /// machine is.
    /// </summary>
    private static void ShouldShareOneLimit((int Tried, int Passed, double Seconds) hammered, int burst, double perSecond) =>
        ((double)hammered.Passed).ShouldBeInRange(Math.Min(burst, hammered.Tried), 2 * (burst + (perSecond * hammered.Seconds)));

    /// <summary>
    /// Several clients at each instance, many times as fast as allowed for several seconds; returns the numbers of
    /// attempts and successes and the duration.
    /// </summary>
    private async Task<(int Tried, int Passed, double Seconds)> HammerAsync(Func<TestApi, int, Task<bool>> doOnceAsync)
    {
        var apis = cluster.Cluster.Instances.Select(instance => new TestApi(instance.Address)).ToList();
        var (passed, revision) = (0, 0);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(async client =>
        {
            while (Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5))
            {
                if (await doOnceAsync(apis[client % apis.Count], Interlocked.Increment(ref revision)))
                {
                    Interlocked.Increment(ref passed);
                }

                await Task.Delay(20);
            }
        }));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        apis.ForEach(api => api.Dispose());
        return (revision, passed, seconds);
    }
}
