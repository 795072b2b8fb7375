using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.Kinds;

namespace Polls.Prove.People;

/// <summary>The room of a run and its polls: of every kind one that is always hidden, and one that is not.</summary>
internal sealed class Room
{
    private Room(string code, Guid id, string hostToken, IReadOnlyList<PollHistory> polls) =>
        (Code, Id, HostToken, Polls) = (code, id, hostToken, polls);

    public string Code { get; }

    public Guid Id { get; }

    public string HostToken { get; }

    /// <summary>All polls but the one that stays a draft.</summary>
    public IReadOnlyList<PollHistory> Polls { get; }

    public static async Task<Room> CreateAsync(ApiClient http, RunHistory history, CancellationToken cancellationToken)
    {
        (Purpose Purpose, KindModel Model)[] plans =
        [
            (Purpose.Open, new ChoiceModel(3, 1)), (Purpose.Open, new WordModel()), (Purpose.Open, new ScalesModel()),
            (Purpose.Open, new RatingModel()), (Purpose.AfterVote, new ChoiceModel(2, 1)),
            (Purpose.AfterVote, new WordModel()),
            (Purpose.Closing, new ChoiceModel(4, 3)), (Purpose.Closing, new RankingModel()),
            (Purpose.Toggled, new ChoiceModel(2, 1)), (Purpose.Toggled, new NumberModel()),
            (Purpose.Reset, new ChoiceModel(3, 2)), (Purpose.Reset, new PointsModel()),
            (Purpose.Reset, new WordModel()),
            (Purpose.Timed, new ChoiceModel(3, 1)), (Purpose.Timed, new MotionModel()),
            (Purpose.Hidden, new ChoiceModel(3, 1)), (Purpose.Hidden, new RatingModel()),
            (Purpose.Hidden, new ScalesModel()), (Purpose.Hidden, new RankingModel()),
            (Purpose.Hidden, new PointsModel()), (Purpose.Hidden, new MotionModel()),
            (Purpose.Hidden, new WordModel()), (Purpose.Hidden, new NumberModel()),
        ];
        object[] drafts =
        [
            .. plans.Select(plan => Draft(NameOf(plan.Purpose), plan.Model, plan.Purpose switch
            {
                Purpose.Hidden => "hostOnly",
                Purpose.Timed => "afterClose",
                Purpose.AfterVote => "afterVote",
                _ => "live",
            })),
            Draft(LiveClient.DraftMark, new ChoiceModel(2, 1), "live"),
        ];
        var created = await http.SendAsync(
            HttpMethod.Post, "/api/rooms", null, new { title = "A proof", polls = drafts }, cancellationToken);
        var (code, host) = (created.GetProperty("code").GetString()!, created.GetProperty("hostToken").GetString()!);
        var state = await http.SendAsync(HttpMethod.Get, $"/api/rooms/{code}/state", host, null, cancellationToken);
        PollHistory[] polls =
        [
            .. state.GetProperty("polls").EnumerateArray().Zip(plans, (poll, plan) => new PollHistory(
                poll.GetProperty("id").GetGuid(), $"{plan.Model.Kind} \"{NameOf(plan.Purpose)}\"", plan.Model,
                plan.Purpose)),
        ];
        foreach (var poll in polls)
        {
            history.Add(poll);
            if (poll.Purpose != Purpose.Timed)
            {
                await http.SendAsync(
                    HttpMethod.Post, $"/api/rooms/{code}/polls/{poll.Id}/open", host, null, cancellationToken);
            }
        }

        return new Room(code, created.GetProperty("roomId").GetGuid(), host, polls);
    }

    private static string NameOf(Purpose purpose) => purpose switch
    {
        Purpose.Open => "always open",
        Purpose.Closing => "closed and opened again",
        Purpose.Hidden => "hidden",
        Purpose.AfterVote => "shown after the vote",
        Purpose.Toggled => "hidden and shown again",
        Purpose.Reset => "reset and opened again",
        _ => "closed by its timer",
    };

    private static object Draft(string question, KindModel model, string visibility) => new
    {
        question,
        kind = model.Kind,
        options = Enumerable.Range(1, model.Options).Select(i => $"Option {i} of {question}").ToArray(),
        settings = new Dictionary<string, object>(model.Settings) { ["resultsVisibility"] = visibility },
    };
}
