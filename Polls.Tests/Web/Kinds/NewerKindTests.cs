using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web.Kinds;

/// <summary>During a rollout, pages of the old version meet questions of a kind that only the new version knows.</summary>
[Collection(nameof(HostPages))]
public sealed class NewerKindTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private const string RatingsAreNewer = """
        const older = (text) => typeof text === 'string' ? text.replaceAll('"kind":"rating"', '"kind":"newer"') : text;
        const parse = JSON.parse;
        JSON.parse = (text, ...more) => parse(older(text), ...more);
        Response.prototype.json = async function () { return JSON.parse(await this.text()); };
        """;

    [Fact]
    public async Task Pages_say_so_offer_to_reload_and_go_on_with_the_other_questions()
    {
        var stars = PollSettings.Of(new RatingSettings(Look: RatingLook.Stars));
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft("How was it?", kind: PollKind.Rating, options: 0, settings: stars), TestApi.Draft("Which one?"));
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        await Cluster.A.DoAsync(room, polls[0].Id, "open");
        var phone = await NewPhoneAsync(Cluster.A, Look.Phone);
        var desk = await NewDeskAsync(Cluster.A, Look.Laptop);
        var screen = await ScreenAsync(Cluster.B, room);
        foreach (var tab in new Tab[] { phone, desk, screen })
        {
            await tab.Page.AddInitScriptAsync(RatingsAreNewer);
        }

        await phone.GoAsync($"/r/{room.Code}");
        await phone.JoinAsync();
        await desk.GoAsync($"/host/{room.Code}#token={room.HostToken}");
        await desk.SelectAsync("How was it?");
        await screen.ReloadAsync();
        foreach (var tab in new Tab[] { phone, desk, screen })
        {
            await tab.SeesAsync("How was it?");
            await tab.SaysAsync("newerKind");
            await tab.IsSoundAsync();
        }

        await Cluster.A.DoAsync(room, polls[1].Id, "open");
        await phone.VoteAsync("Option 2");
        await phone.CountedAsync("Option 2");
        await Cluster.A.DoAsync(room, polls[0].Id, "close");
        await desk.SelectAsync("Which one?");
        await desk.ShowsTallyAsync(1, 0, 1, 0);
        await screen.ShowsTallyAsync(1, 0, 1, 0);
    }
}
