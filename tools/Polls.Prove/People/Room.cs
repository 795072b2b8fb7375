using System.Text.Json;
using Polls.Prove.Clients;
using Polls.Prove.History;

namespace Polls.Prove.People;

/// <summary>The room of a run and its polls, each for one purpose.</summary>
internal sealed class Room
{
    private Room(string code, Guid id, string hostToken, IReadOnlyList<PollStory> polls)
    {
        (Code, Id, HostToken) = (code, id, hostToken);
        (Always, Closing, Hidden, Toggled, Reset, Timed) = (polls[0], polls[1], polls[2], polls[3], polls[4], polls[5]);
    }

    public string Code { get; }

    public Guid Id { get; }

    public string HostToken { get; }

    /// <summary>Open all the time, with live results.</summary>
    public PollStory Always { get; }

    /// <summary>Is closed and opened again.</summary>
    public PollStory Closing { get; }

    /// <summary>Its result is the host's and the screens' alone.</summary>
    public PollStory Hidden { get; }

    /// <summary>Its result is hidden and shown again.</summary>
    public PollStory Toggled { get; }

    /// <summary>Is reset and opened again.</summary>
    public PollStory Reset { get; }

    /// <summary>Is opened for a second again and again, and closes by itself; its result is shown after that.</summary>
    public PollStory Timed { get; }

    public static async Task<Room> CreateAsync(HttpDoor http, Chronicle chronicle, CancellationToken cancellationToken)
    {
        object[] drafts =
        [
            Draft("always open", 3, 1, "live"), Draft("closed and opened again", 4, 3, "live"), Draft("hidden", 3, 1, "hostOnly"),
            Draft("hidden and shown again", 2, 1, "live"), Draft("reset and opened again", 3, 2, "live"),
            Draft("closed by its timer", 3, 1, "afterClose"), Draft(LiveClient.DraftMark, 2, 1, "live"),
        ];
        var made = await http.SendAsync(HttpMethod.Post, "/api/rooms", null, new { title = "A proof", polls = drafts }, cancellationToken);
        var (code, host) = (made.GetProperty("code").GetString()!, made.GetProperty("hostToken").GetString()!);
        var state = await http.SendAsync(HttpMethod.Get, $"/api/rooms/{code}/state", host, null, cancellationToken);
        var stories = state.GetProperty("polls").EnumerateArray().Select((poll, i) => Story(poll, i)).ToList();
        var room = new Room(code, made.GetProperty("roomId").GetGuid(), host, stories);
        stories.Take(6).ToList().ForEach(chronicle.Add);
        foreach (var story in stories.Take(5))
        {
            await http.SendAsync(HttpMethod.Post, $"/api/rooms/{code}/polls/{story.Id}/open", host, null, cancellationToken);
        }

        return room;
    }

    private static PollStory Story(JsonElement poll, int index) => new(
        poll.GetProperty("id").GetGuid(), $"\"{poll.GetProperty("question").GetString()}\"", poll.GetProperty("options").GetArrayLength(), poll.GetProperty("maxChoices").GetInt32())
    {
        AlwaysHidden = index == 2,
        IsReset = index == 4,
        HiddenWhileOpen = index == 5,
    };

    private static object Draft(string question, int options, int maxChoices, string visibility) => new
    {
        question,
        kind = maxChoices == 1 ? "singleChoice" : "multipleChoice",
        options = Enumerable.Range(1, options).Select(i => $"Option {i} of {question}").ToArray(),
        settings = maxChoices == 1 ? (object)new { resultsVisibility = visibility } : new { resultsVisibility = visibility, maxChoices },
    };
}
