using System.Text.Json;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Polls.Api.Rooms;
using Polls.Api.Seats;

namespace Polls.Tests.Telemetry;

/// <summary>Neither traces nor logs nor metrics reveal who did what, even at a lower log level than usual.</summary>
[Collection(nameof(TracedInstances))]
public sealed class NobodyInTelemetryTests(TracedInstances cluster)
{
    [Fact]
    public async Task No_token_name_question_or_address_leaves_an_instance()
    {
        const string nickname = "Scheherazade", question = "Whose story is this?", title = "The thousand and first night", device = "Telephone/7.3";
        var room = await cluster.A.CreateRoomAsync(title, Clients.TestApi.Draft(question));
        var poll = (await cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await cluster.A.DoAsync(room, poll, "open");
        var joined = await cluster.A.JoinAsync(room.Code, nickname);
        using var http = new HttpClient { BaseAddress = cluster.A.Address };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(device);
        http.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.77");
        await using (var phone = await Clients.RoomClient.ConnectAsync(cluster.A.Address, joined.Token))
        await using (var screen = await Clients.RoomClient.ConnectAsync(cluster.B.Address, await cluster.A.ScreenTokenAsync(room)))
        {
            await phone.CastAsync(poll, 1, 0);
            await phone.RefusalAsync("CastVote", poll, new { choices = new[] { 9 }, revision = 2 });
            await phone.RefusalAsync("Nothing", joined.Token);
            await cluster.A.VoteAsync(room.Code, poll, joined.Token, 2, 1);
            await http.GetAsync(new Uri($"/api/rooms/{room.Code}/state?access_token={joined.Token}", UriKind.Relative));
            await http.GetAsync(new Uri($"/nowhere/{nickname}?access_token={joined.Token}", UriKind.Relative));
            await http.PostAsync(new Uri($"/hubs/room/negotiate?access_token={joined.Token}", UriKind.Relative), null);
            await cluster.ConvergedAsync(poll, 3, screen);
        }

        // Other endpoints: an account, a taken account name, a wrong password; a seat code, right and wrong; an unknown
        // method.
        const string email = "shahrazad@palace.example", password = "a thousand nights", wrong = "and one more night";
        var account = await cluster.A.SendAsync<AccessTokenResponse>(HttpMethod.Post, "/api/accounts/register", null, new { email, password });
        await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/register", null, new { email, password });
        await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/login", null, new { email, password = wrong });
        await cluster.A.SendAsync<JsonElement>(HttpMethod.Get, "/api/accounts/rooms", account.AccessToken);
        var hall = await cluster.A.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", account.AccessToken, new { title, assurance = "seatCode" });
        var seats = (await cluster.A.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{hall.Code}/seats", hall.HostToken, new { count = 1 })).Seats;
        foreach (var seat in (string[])["ZZZZ-ZZZZ", seats[0].Code, seats[0].Code])
        {
            await cluster.A.RefusalAsync(HttpMethod.Post, $"/api/rooms/{hall.Code}/participants", null, new { seat });
        }

        await cluster.A.RefusalAsync(new HttpMethod(nickname), $"/api/rooms/{room.Code}");

        await cluster.Collector.FindAsync("the phone's connection", span => span.Name == "GET /hubs/room" && span.Instance == "api-1");
        await cluster.Collector.FindAsync("the request for a page that does not exist", span => span.Attributes.GetValueOrDefault("http.response.status_code") == "404");
        var logs = string.Concat(await Task.WhenAll(cluster.Cluster.Instances.Select(instance => File.ReadAllTextAsync(instance.LogPath))));
        logs.ShouldContain("Executed endpoint", Case.Sensitive, "the log has debug messages");
        var pages = await Task.WhenAll(cluster.Cluster.Instances.Where(instance => instance.IsRunning).Select(instance => Scrape.OfAsync(instance.ManagementAddress)));
        foreach (var text in cluster.Collector.Bodies.Append(logs).Concat(pages.Select(page => page.Text)))
        {
            foreach (var secret in (string[])[joined.Token, room.HostToken, nickname, question, title, device, "203.0.113.77", "access_token", $"{joined.ParticipantId}",
                email, password, wrong, account.AccessToken, account.RefreshToken, hall.HostToken, seats[0].Code, seats[0].Code.Replace("-", "", StringComparison.Ordinal), "ZZZZ"])
            {
                text.ShouldNotContain(secret, Case.Insensitive);
            }
        }
    }

    [Fact]
    public async Task Each_line_is_an_object_with_time_and_instance_and_within_a_request_with_its_trace()
    {
        await cluster.OpenRoomAsync();
        var opened = await cluster.Collector.FindAsync("a request", span => span.Name == "POST /api/rooms/{code}/polls/{pollId}/open");
        for (var i = 0; i < 2; i++)
        {
            var lines = LogLine.Parse(await File.ReadAllLinesAsync(cluster.Cluster.Instances[i].LogPath));
            lines.ShouldAllBe(line => line.InstanceId == $"api-{i + 1}");
            if (i == 0)
            {
                lines.ShouldContain(line => line.EventId == 1 && line.Span.TraceId == opened[0].TraceId && line.Span.SpanId == opened[0].Id);
            }
        }
    }
}
