using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>Hidden means hidden (G6): searches everything that reaches the phone, shown or not.</summary>
[Collection(nameof(PhonePages))]
public sealed class HiddenResultsTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private const string Count = "\"counts\"";

    [Theory]
    [InlineData(ResultsVisibility.HostOnly)]
    [InlineData(ResultsVisibility.AfterClose)]
    public async Task A_phone_receives_neither_hidden_results_nor_drafts(ResultsVisibility visibility)
    {
        var settings = new PollSettings { ResultsVisibility = visibility };
        var room = await Cluster.A.CreateRoomAsync(
            TestApi.Draft(settings: settings), new PollDraft("The surprise?", PollKind.SingleChoice, ["Hush", "Mum"]));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var screen = await ScreenAsync(Cluster.A, room);
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await Cluster.A.DoAsync(room, poll, "open");
        await phone.VoteAsync("Option 1");
        await phone.CountedAsync("Option 1");
        for (var i = 0; i < 3; i++)
        {
            await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, 1);
        }

        await Until.TrueAsync(() => screen.Traffic.Received.Any(frame => frame.Contains("[1,3,0]", StringComparison.Ordinal)), "the screen shows it");
        await screen.ShowsTallyAsync(4);
        // Everything that the phone receives about these votes arrives before the event about the next voter.
        await JoinedPhoneAsync(Cluster.B, room);
        await phone.SeesAsync("2 people here");
        await phone.ReloadAsync();
        await phone.CountedAsync("Option 1");
        await phone.ShowsTallyAsync();

        string[] told = [.. phone.Traffic.Received, .. await phone.Traffic.AnswersAsync()];
        told.ShouldContain(text => text.Contains("Option 1", StringComparison.Ordinal));
        foreach (var secret in new[] { Count, "\"tally\"", "\"voters\"", "The surprise?", "Hush" })
        {
            told.ShouldAllBe(text => !text.Contains(secret, StringComparison.Ordinal));
        }

        screen.Traffic.Received.ShouldAllBe(frame => !frame.Contains("The surprise?", StringComparison.Ordinal));
        await Cluster.A.DoAsync(room, poll, visibility == ResultsVisibility.HostOnly ? "show-results" : "close");
        await phone.ShowsTallyAsync(4, 1, 3, 0);
        phone.Traffic.Received.ShouldContain(frame => frame.Contains(Count, StringComparison.Ordinal), "the test searches for something that exists");
    }
}
