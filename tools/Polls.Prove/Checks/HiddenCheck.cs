using System.Text.Json;
using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>
/// G6, in addition to the checks of each received message: versions that existed only while hidden, and explicit
/// requests.
/// </summary>
internal static class HiddenCheck
{
    /// <summary>No participant may have seen a version that existed only while the tally was hidden.</summary>
    public static void Run(RunHistory history)
    {
        foreach (var poll in history.Polls)
        {
            var hiddenRanges = poll.HiddenRanges;
            history.Verdicts.Checked(
                Guarantee.G6,
                "versions that existed only while hidden",
                hiddenRanges.Sum(range => Math.Max(0, range.Before - range.After - 1)));
            foreach (var version in history.VersionsOfParticipants(poll.Id))
            {
                if (hiddenRanges.FirstOrDefault(range => version > range.After && version < range.Before) is not (0, 0))
                {
                    history.Verdicts.Break(
                        Guarantee.G6,
                        $"{poll.Name}: {history.ParticipantWhoSaw(poll.Id, version)}, a participant, "
                            + $"saw version {version}, which existed only while the tally was hidden.");
                }
            }

            if (poll.AlwaysHidden)
            {
                history.Verdicts.Checked(Guarantee.G6, "versions of a tally that is always hidden", poll.Newest);
            }
        }
    }

    /// <summary>Requests hidden data as a participant through every endpoint that could return it.</summary>
    public static async Task RequestAsync(
        ApiClient http, Room room, Voter voter, RunHistory history, CancellationToken cancellationToken)
    {
        await CheckAsync(
            http.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/state", voter.Token, null, cancellationToken),
            "over HTTP", voter, history);
        await CheckAsync(voter.Client.CallAsync("GetState"), "over the hub", voter, history);
        foreach (var export in (string[])["results", "results.csv", "summary.csv", "results.xlsx"])
        {
            var status = await http.GetStatusAsync($"/api/rooms/{room.Code}/{export}", voter.Token, cancellationToken);
            history.Verdicts.Checked(
                Guarantee.G6, "exports requested by participants and refused", status is null or >= 500 ? 0 : 1);
            if (status is >= 200 and < 300)
            {
                history.Verdicts.Break(Guarantee.G6, $"A participant received the host's {export}.");
            }
        }

        foreach (var poll in room.Polls
            .Where(poll => !poll.HiddenWhileOpen && history.IsHiddenFrom(voter.Id, poll)))
        {
            await CheckPagesAsync(http, room, poll, voter, history, cancellationToken);
        }
    }

    /// <summary>Pages of entries: 304, too, would tell the tally's version, and so turnout.</summary>
    private static async Task CheckPagesAsync(
        ApiClient http, Room room, PollHistory poll, Voter voter, RunHistory history,
        CancellationToken cancellationToken)
    {
        foreach (var (sort, version) in new (string, long?)[] { ("top", null), ("new", poll.Newest) })
        {
            var status = await http.GetStatusAsync(
                $"/api/rooms/{room.Code}/polls/{poll.Id}/entries?sort={sort}", voter.Token, cancellationToken, version);
            history.Verdicts.Checked(
                Guarantee.G6, "pages of hidden entries requested by participants and refused",
                status is null or >= 500 ? 0 : 1);
            // Without an answer, or with one of nginx, nothing was told.
            if (status is not (null or >= 500) && status != (poll.Model.HasPages ? 403 : 404)
                && history.IsHiddenFrom(voter.Id, poll))
            {
                history.Verdicts.Break(
                    Guarantee.G6, $"{poll.Name}: a participant who asked for its entries was answered {status}.");
            }
        }
    }

    private static async Task CheckAsync(
        Task<JsonElement> request, string how, Voter voter, RunHistory history)
    {
        JsonElement state;
        try
        {
            state = await request;
        }
        catch (Exception failure) when (failure is RefusedException or UnansweredException)
        {
            // Requests may fail during a fault.
            return;
        }

        history.Verdicts.Checked(Guarantee.G6, $"states requested by participants {how}");
        if (state.GetRawText().Contains(LiveClient.DraftMark, StringComparison.Ordinal))
        {
            history.Verdicts.Break(Guarantee.G6, $"A participant received a draft {how}.");
        }

        foreach (var poll in state.GetProperty("polls").EnumerateArray())
        {
            // Do not rely on resultsVisible alone.
            var hidden = !poll.GetProperty("resultsVisible").GetBoolean()
                || (poll.GetProperty("state").GetString() == "open"
                    && history.FindPoll(poll.GetProperty("id").GetGuid()) is { } known
                    && history.IsHiddenFrom(voter.Id, known));
            if (hidden && poll.TryGetProperty("tally", out var tally) && tally.ValueKind == JsonValueKind.Object)
            {
                history.Verdicts.Break(Guarantee.G6, $"A participant received a hidden tally {how}: {tally}");
            }
        }
    }
}
