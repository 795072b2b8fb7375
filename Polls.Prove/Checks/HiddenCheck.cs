using System.Text.Json;
using Polls.Prove.Clients;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove.Checks;

/// <summary>G6 beyond what every connection checks as it hears it: versions of the time of hiding, and the ways over HTTP.</summary>
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

    /// <summary>A participant asks over HTTP for what is hidden.</summary>
    public static async Task AskAsync(HttpDoor http, Room room, string token, Chronicle chronicle, CancellationToken cancellationToken)
    {
        try
        {
            var state = await http.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/state", token, null, cancellationToken);
            chronicle.Verdicts.Checked(Guarantee.G6, "states read by participants over HTTP");
            if (state.GetRawText().Contains(LiveClient.DraftMark, StringComparison.Ordinal))
            {
                chronicle.Verdicts.Break(Guarantee.G6, "A participant read a draft over HTTP.");
            }

            foreach (var poll in state.GetProperty("polls").EnumerateArray())
            {
                // Whatever the answer says of itself: one is hidden for good.
                var hidden = !poll.GetProperty("resultsVisible").GetBoolean() || chronicle.Story(poll.GetProperty("id").GetGuid())?.AlwaysHidden == true;
                if (hidden && poll.TryGetProperty("tally", out var tally) && tally.ValueKind == JsonValueKind.Object)
                {
                    chronicle.Verdicts.Break(Guarantee.G6, $"A participant read a hidden tally over HTTP: {tally}");
                }
            }

            await http.SendAsync(HttpMethod.Get, $"/api/rooms/{room.Code}/results", token, null, cancellationToken);
            chronicle.Verdicts.Break(Guarantee.G6, "A participant read the host's results.");
        }
        catch (Exception no) when (no is RefusedException or UnansweredException)
        {
            // The results have to be refused, and any of it may be while something is broken.
        }
    }
}
