using Polls.Api.Rooms;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;

namespace Polls.Tests.Journeys;

/// <summary>
/// A room in every state that is relevant for bad input, and tokens for it; tests name them in braces.
/// </summary>
public sealed class BadInputScene(TwoInstances cluster) : IAsyncLifetime
{
    private readonly Dictionary<string, string> names = [];
    private readonly Dictionary<string, string?> tokens = [];

    internal CreatedRoom Room { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var api = cluster.A;
        Room = await api.CreateRoomAsync(
            TestApi.Draft("draft"), TestApi.Draft("open"), TestApi.Draft("closed"),
            TestApi.Draft("multiple", kind: PollKind.MultipleChoice, settings: PollSettings.Of(new ChoiceSettings(2))));
        var polls = (await api.StateAsync(Room.Code, Room.HostToken)).Polls.ToDictionary(poll => poll.Question, poll => poll.Id);
        foreach (var opened in new[] { "open", "closed", "multiple" })
        {
            await api.DoAsync(Room, polls[opened], "open");
        }

        await api.DoAsync(Room, polls["closed"], "close");
        var (foreign, foreignPoll) = await cluster.OpenRoomAsync();
        var ended = await api.CreateRoomAsync(TestApi.Draft());
        (await api.SendAsync(HttpMethod.Post, $"/api/rooms/{ended.Code}/close", ended.HostToken, null)).Dispose();

        foreach (var (question, id) in polls)
        {
            names[question] = id.ToString();
        }

        (names["room"], names["otherRoom"], names["endedRoom"]) = (Room.Code, foreign.Code, ended.Code);
        (names["foreign"], names["nobody"]) = (foreignPoll.ToString(), Guid.CreateVersion7().ToString());
        (names["text40"], names["text200"], names["text500"]) = (new('n', 41), new('o', 201), new('q', 501));
        names["tooLarge"] = new('x', 3 * 1024 * 1024);
        tokens["none"] = null;
        tokens["participant"] = (await api.JoinAsync(Room.Code, "Ann")).Token;
        tokens["host"] = Room.HostToken;
        tokens["endedHost"] = ended.HostToken;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    internal Guid Poll(string name) => Guid.Parse(names[name]);

    internal string? Token(string name) => tokens[name];

    /// <summary>The text with every <c>{name}</c> replaced by its value.</summary>
    internal string Fill(string text) => names.Aggregate(text, (filled, name) => filled.Replace($"{{{name.Key}}}", name.Value, StringComparison.Ordinal));
}
