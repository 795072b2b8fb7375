using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;

namespace Polls.Tests.Endpoints;

/// <summary>
/// A new room with a draft, an open poll, a word cloud and seat codes, one of them free; somebody in every role; and the account of a
/// stranger.
/// </summary>
internal sealed record TestRoom(
    CreatedRoom Room, Guid Draft, Guid Open, Guid Words, JoinedRoom Person, string Screen, string Seat, string Account)
{
    /// <summary>Text that occurs only in the draft.</summary>
    public const string Secret = "not-yet-for-anybody";

    public static async Task<TestRoom> MakeAsync(TestApi api)
    {
        var room = await api.SendAsync<CreatedRoom>(HttpMethod.Post, "/api/rooms", null, new
        {
            title = "A test room", assurance = "seatCode",
            polls = new[]
            {
                TestApi.Draft(Secret), TestApi.Draft("open", settings: new PollSettings { ResultsVisibility = ResultsVisibility.HostOnly }),
                TestApi.Draft("words", options: 0, kind: PollKind.WordCloud),
            },
        });
        var polls = (await api.StateAsync(room.Code, room.HostToken)).Polls;
        await api.DoAsync(room, polls[1].Id, "open");
        await api.DoAsync(room, polls[2].Id, "open");
        var seats = (await api.SendAsync<SeatList>(HttpMethod.Post, $"/api/rooms/{room.Code}/seats", room.HostToken, new { count = 2 })).Seats;
        var person = await api.SendAsync<JoinedRoom>(HttpMethod.Post, $"/api/rooms/{room.Code}/participants", null, new { seat = seats[0].Code });
        await api.SendAsync<VoteReceipt>(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{polls[2].Id}/vote", person.Token, new { texts = new[] { "one", "two" }, revision = 0 });
        return new(room, polls[0].Id, polls[1].Id, polls[2].Id, person, await api.ScreenTokenAsync(room), seats[1].Code, (await api.RegisterAsync()).AccessToken);
    }

    public string Token(Role role) => role switch
    {
        Role.Host => Room.HostToken,
        Role.Screen => Screen,
        _ => Person.Token,
    };

    /// <summary>The participant or host that the token of this role belongs to.</summary>
    public Caller Caller(Role role) => new(role, Room.RoomId, Room.Code, role == Role.Participant ? Person.ParticipantId : null);

    /// <summary>The value for a parameter of a path.</summary>
    public string Parameter(string name, Guid poll) => name switch
    {
        "code" => Room.Code,
        "pollId" => poll.ToString(),
        "n" => "1",
        "name" => "none.js",
        "page}.svg" => "1.svg",
        "roomId" => Room.RoomId.ToString(),
        "accountId" or "invitationId" or "discardId" or "sessionId" => "0199a000-0000-7000-8000-000000000000",
        "documentName}.json" => "v1.json",
        _ => throw new InvalidOperationException($"Add here the value for {{{name}}} in a path."),
    };
}
