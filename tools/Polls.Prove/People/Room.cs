using System.Text.Json;
using Polls.Prove.Clients;
using Polls.Prove.History;

namespace Polls.Prove.People;

/// <summary>The room of a run and its polls, one per purpose.</summary>
internal sealed class Room
{
    private Room(string code, Guid id, string hostToken, IReadOnlyList<PollHistory> polls)
    {
        (Code, Id, HostToken) = (code, id, hostToken);
        (Always, Closing, Hidden, Toggled, Reset, Timed) = (polls[0], polls[1], polls[2], polls[3], polls[4], polls[5]);
    }

    public string Code { get; }

    public Guid Id { get; }

    public string HostToken { get; }

    /// <summary>Always open, with live results.</summary>
    public PollHistory Always { get; }

    /// <summary>Closed and reopened by the host.</summary>
    public PollHistory Closing { get; }

    /// <summary>Its result is visible only to the host and screens.</summary>
    public PollHistory Hidden { get; }

    /// <summary>Its result is hidden and shown again.</summary>
    public PollHistory Toggled { get; }

    /// <summary>Reset and reopened by the host.</summary>
    public PollHistory Reset { get; }

    /// <summary>Opened for a second at a time; its timer closes it, and only then its result is visible.</summary>
    public PollHistory Timed { get; }

    public static async Task<Room> CreateAsync(ApiClient http, RunHistory history, CancellationToken cancellationToken)
    {
        object[] drafts =
        [
            Draft("always open", 3, 1, "live"), Draft("closed and opened again", 4, 3, "live"),
            Draft("hidden", 3, 1, "hostOnly"), Draft("hidden and shown again", 2, 1, "live"),
            Draft("reset and opened again", 3, 2, "live"), Draft("closed by its timer", 3, 1, "afterClose"),
            Draft(LiveClient.DraftMark, 2, 1, "live"),
        ];
        var created = await http.SendAsync(
            HttpMethod.Post, "/api/rooms", null, new { title = "A proof", polls = drafts }, cancellationToken);
        var (code, host) = (created.GetProperty("code").GetString()!, created.GetProperty("hostToken").GetString()!);
        var state = await http.SendAsync(HttpMethod.Get, $"/api/rooms/{code}/state", host, null, cancellationToken);
        var polls = state.GetProperty("polls").EnumerateArray().Select((poll, i) => HistoryOf(poll, i)).ToList();
        var room = new Room(code, created.GetProperty("roomId").GetGuid(), host, polls);
        polls.Take(6).ToList().ForEach(history.Add);
        foreach (var poll in polls.Take(5))
        {
            await http.SendAsync(
                HttpMethod.Post, $"/api/rooms/{code}/polls/{poll.Id}/open", host, null, cancellationToken);
        }

        return room;
    }

    private static PollHistory HistoryOf(JsonElement poll, int index) => new(
        poll.GetProperty("id").GetGuid(), $"\"{poll.GetProperty("question").GetString()}\"",
        poll.GetProperty("options").GetArrayLength(), poll.GetProperty("maxChoices").GetInt32())
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
        settings = maxChoices == 1
            ? (object)new { resultsVisibility = visibility }
            : new { resultsVisibility = visibility, maxChoices },
    };
}
