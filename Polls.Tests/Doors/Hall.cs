using Polls.Api.Rooms;
using Polls.Api.Tokens;
using Polls.Core.Polls;
using Polls.Tests.Clients;

namespace Polls.Tests.Doors;

/// <summary>A fresh room with a draft and an open poll, and somebody of every role.</summary>
internal sealed record Hall(CreatedRoom Room, Guid Draft, Guid Open, JoinedRoom Person, string Screen)
{
    /// <summary>What stands in the draft and nowhere else.</summary>
    public const string Secret = "not-yet-for-anybody";

    public static async Task<Hall> MakeAsync(TestApi api)
    {
        var room = await api.CreateRoomAsync(
            TestApi.Draft(Secret), TestApi.Draft("open", settings: new PollSettings { ResultsVisibility = ResultsVisibility.HostOnly }));
        var polls = (await api.StateAsync(room.Code, room.HostToken)).Polls;
        await api.DoAsync(room, polls[1].Id, "open");
        return new(room, polls[0].Id, polls[1].Id, await api.JoinAsync(room.Code), await api.ScreenTokenAsync(room));
    }

    public string Token(Audience role) => role switch
    {
        Audience.Host => Room.HostToken,
        Audience.Screen => Screen,
        _ => Person.Token,
    };

    /// <summary>Who the token of this role speaks for.</summary>
    public Caller Caller(Audience role) => new(role, Room.RoomId, Room.Code, role == Audience.Participant ? Person.ParticipantId : null);

    /// <summary>What stands for a parameter of an address.</summary>
    public string Parameter(string name, Guid poll) => name switch
    {
        "code" => Room.Code,
        "pollId" => poll.ToString(),
        "name" => "none.js",
        "documentName}.json" => "v1.json",
        _ => throw new InvalidOperationException($"Say here what stands for {{{name}}} in an address."),
    };
}
