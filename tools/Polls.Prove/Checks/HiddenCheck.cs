using System.Text.Json;
using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>G6 beyond what every connection checks as it hears it: versions of the time of hiding, and what participants can ask for.</summary>
internal static class HiddenCheck
{
    /// <summary>Versions that existed only while a tally was hidden, no participant may ever have seen.</summary>
    public static void Run(Chronicle chronicle)
    {
        foreach (var story in chronicle.Stories)
        {
            var hidings = story.Hidings;
            chronicle.Verdicts.Checked(Guarantee.G6, "versions that existed only while hidden", hidings.Sum(hiding => Math.Max(0, hiding.Before - hiding.After - 1)));
            foreach (var version in chronicle.VersionsOfParticipants(story.Id))
            {
                if (hidings.FirstOrDefault(hiding => version > hiding.After && version < hiding.Before) is not (0, 0))
                {
                    chronicle.Verdicts.Break(Guarantee.G6, $"{story.Name}: {chronicle.ParticipantWhoSaw(story.Id, version)}, a participant, saw version {version}, which existed only while the tally was hidden.");
                }
            }

            if (story.AlwaysHidden)
            {
                chronicle.Verdicts.Checked(Guarantee.G6, "versions that are hidden for good", story.Newest);
            }
        }
    }

    /// <summary>A participant asks for what is hidden, in every way there is.</summary>
    public static async Task AskAsync(HttpDoor http, Room room, Voter voter, Chronicle chronicle, CancellationToken cancellationToken)
    {
        await CheckAsync(http.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/state", voter.Token, null, cancellationToken), "over HTTP", chronicle);
        await CheckAsync(voter.Client.CallAsync("GetState"), "over the hub", chronicle);
        foreach (var export in (string[])["results", "results.csv"])
        {
            var status = await http.StatusAsync($"/api/rooms/{room.Code}/{export}", voter.Token, cancellationToken);
            chronicle.Verdicts.Checked(Guarantee.G6, "exports that participants asked for and were not given", status is null or >= 500 ? 0 : 1);
            if (status is >= 200 and < 300)
            {
                chronicle.Verdicts.Break(Guarantee.G6, $"A participant was given the host's {export}.");
            }
        }
    }

    private static async Task CheckAsync(Task<JsonElement> asking, string how, Chronicle chronicle)
    {
        JsonElement state;
        try
        {
            state = await asking;
        }
        catch (Exception no) when (no is RefusedException or UnansweredException)
        {
            // Any of it may be refused while something is broken.
            return;
        }

        chronicle.Verdicts.Checked(Guarantee.G6, $"states that participants asked for {how}");
        if (state.GetRawText().Contains(LiveClient.DraftMark, StringComparison.Ordinal))
        {
            chronicle.Verdicts.Break(Guarantee.G6, $"A participant read a draft {how}.");
        }

        foreach (var poll in state.GetProperty("polls").EnumerateArray())
        {
            // Whatever the answer says of itself: one is hidden for good, one until it is closed.
            var story = chronicle.Story(poll.GetProperty("id").GetGuid());
            var hidden = !poll.GetProperty("resultsVisible").GetBoolean() || story?.AlwaysHidden == true
                || (story?.HiddenWhileOpen == true && poll.GetProperty("state").GetString() == "open");
            if (hidden && poll.TryGetProperty("tally", out var tally) && tally.ValueKind == JsonValueKind.Object)
            {
                chronicle.Verdicts.Break(Guarantee.G6, $"A participant read a hidden tally {how}: {tally}");
            }
        }
    }
}
