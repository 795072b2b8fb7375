using System.Text.Json;
using Microsoft.Playwright;
using Polls.Api.Rooms;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web.Kinds;

/// <summary>
/// Polls of the kinds that pages load only when they are there, in all their states on phone, desk and big screen, with
/// short and with the longest texts.
/// </summary>
[Collection(nameof(PhonePages))]
public sealed class KindStatesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    private readonly Flaws flaws = new();

    public static TheoryData<string> Subjects => [.. Drafts.Keys];

    private static Dictionary<string, (PollDraft Draft, Func<int, object> Answer)> Drafts { get; } = new()
    {
        ["stars"] = (Draft(PollKind.Rating, new { look = "stars" }), i => new { value = (i % 3) + 3 }),
        ["smileys"] = (Draft(PollKind.Rating, new { look = "smileys", min = 1, max = 5, lowLabel = "Not at all", highLabel = "Very much" }), i => new { value = (i % 5) + 1 }),
        ["nps"] = (Draft(PollKind.Rating, new { look = "nps", lowLabel = new string('w', 40), highLabel = "Would recommend it to every friend, ever" }), i => new { value = i % 11 }),
        ["scales"] = (Draft(PollKind.Scales, new { min = 1, max = 5, lowLabel = "No", highLabel = "Yes" }, "The room was warm", "I would come again", "The food was good"), i => new { values = new int?[] { (i % 5) + 1, 4, i % 3 == 0 ? null : 2 } }),
        ["motion"] = (Draft(PollKind.Motion, new { @base = "entitled", majority = "threeQuarters", quorum = 20, entitled = 1_000_000 }), i => new { choices = new[] { i % 3 } }),
        ["dice"] = (Draft(PollKind.Numeric, new { min = 1, max = 6 }), i => new { number = (i % 6) + 1 }),
        ["estimate"] = (Draft(PollKind.Numeric, new { min = -1_000_000_000, max = 1_000_000_000, decimals = 6, unit = "wwwwwwwwwwww" }), i => new { number = (i * 12_345_678.123456m) - 99_999_999m }),
        ["many scales"] = (Draft(PollKind.Scales, new { min = 0, max = 10 }, Long(10)), i => new { values = Enumerable.Range(0, 10).Select(j => (i + j) % 11).ToArray() }),
        ["ranking"] = (Draft(PollKind.Ranking, new { }, "Better documentation", "Faster builds", "Dark mode"), i => new { ranking = i % 3 == 0 ? [1, 2, 0] : new[] { 0, 1, 2 } }),
        ["ranking in Arabic"] = (Draft(PollKind.Ranking, new { places = 2, least = 1 }, "توثيق أفضل", "بناء أسرع", "Offline"), i => new { ranking = new[] { i % 3 } }),
        ["many ranks"] = (Draft(PollKind.Ranking, new { shuffled = false }, Long(10)), i => new { ranking = Enumerable.Range(0, 10).Select(place => (i + (place * 3)) % 10).ToArray() }),
        ["points"] = (Draft(PollKind.Points, new { points = 10, step = 1 }, "Better documentation", "Faster builds", "Dark mode"), i => new { points = new[] { i % 5, 10 - (i % 5), 0 } }),
        ["points in Arabic"] = (Draft(PollKind.Points, new { }, "توثيق أفضل", "بناء أسرع", "Offline"), i => new { points = new[] { 50, 45, 5 } }),
        ["many points"] = (Draft(PollKind.Points, new { points = 1000, step = 1, spendAll = false }, Long(20)), i => new { points = Enumerable.Range(0, 20).Select(option => i + option).ToArray() }),
        ["words"] = (Draft(PollKind.WordCloud, new { maxAnswers = 3 }), i => new { texts = new[] { $"word {i % 7}", i % 2 == 0 ? "coffee" : "tea", $"{new string((char)('a' + i), 20)} {i}" } }),
    };

    [Theory]
    [MemberData(nameof(Subjects))]
    public async Task Every_state_fits_and_is_accessible(string subject)
    {
        var (draft, answer) = Drafts[subject];
        var language = subject is "nps" or "words" or "motion" or "estimate" || subject.EndsWith("Arabic", StringComparison.Ordinal) ? "ar" : "en";
        Look[] phoneLooks = [new(320, 568, Language: language), new(390, 844, Dark: true, language)];
        Look[] deskLooks = [new(1280, 800, Language: language, Touch: true), new(390, 844, Dark: true, language)];
        Look[] screenLooks = [new(1280, 720, Language: language, Touch: false), new(1920, 1080, Dark: true, language, Touch: false)];
        var room = await Cluster.A.CreateRoomAsync(draft);
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single();
        var desk = await DeskAsync(Cluster.A, room, deskLooks[0]);
        await desk.SelectAsync(draft.Question!);
        await flaws.InspectAsync("draft", desk, deskLooks);
        await Desk.ClickAsync(desk.Button("edit"));
        await desk.Question.WaitForAsync();
        await flaws.InspectAsync("form", desk, deskLooks);
        await Desk.ClickAsync(desk.Button("cancel"));
        await desk.ShowsPollAsync(draft.Question!);

        await Cluster.A.DoAsync(room, poll.Id, "open");
        var phone = await JoinedPhoneAsync(Cluster.A, room, phoneLooks[0]);
        var screen = await ScreenAsync(Cluster.B, room, screenLooks[0]);
        await phone.Page.Locator(".poll-foot").WaitForAsync();
        await ToTheEndAsync(phone);
        await flaws.InspectAsync("open", phone, phoneLooks);
        await screen.Page.Locator(".stage").WaitForAsync();
        for (var i = 0; i < 24; i++)
        {
            await AnswerAsync(room, poll, (await Cluster.A.JoinAsync(room.Code)).Token, answer(i));
        }

        await AnswerOnAsync(phone);
        await phone.SaysAsync("counted");
        await ToTheEndAsync(phone);
        await flaws.InspectAsync("counted", phone, phoneLooks);
        await Until.TrueAsync(async () => (await screen.TallyAsync())[0] == 25, "the screen shows all votes");
        await flaws.InspectAsync("open", screen, screenLooks);
        await Cluster.A.DoAsync(room, poll.Id, "close");
        await phone.Page.Locator(".result").WaitForAsync();
        await flaws.InspectAsync("result", phone, phoneLooks);
        await flaws.InspectAsync("result", desk, deskLooks);
        await flaws.InspectAsync("result", screen, screenLooks);
        await phone.Page.Locator(".as-table > summary").TapAsync();
        await flaws.InspectAsync("table", phone, phoneLooks);
        await desk.Page.Locator(".as-table > summary").ClickAsync();
        await flaws.InspectAsync("table", desk, deskLooks);
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = screen.Text("asTable") }).ClickAsync();
        await screen.Page.Locator(".stage .table-frame td").First.WaitForAsync();
        await flaws.InspectAsync("table", screen, screenLooks);
        await Cluster.A.DoAsync(room, poll.Id, "hide-results");
        await screen.SaysAsync("hiddenClosed");
        await flaws.InspectAsync("hidden", screen, screenLooks);
        flaws.ShouldBeNone();
    }

    private static PollDraft Draft(PollKind kind, object settings, params string[] options) => new(
        "How was it, all in all, from the first hour to the last?", kind, options,
        new PollSettings()
        with { OfKind = JsonSerializer.SerializeToElement(settings).EnumerateObject().ToDictionary(one => one.Name, one => one.Value) });

    private static string[] Long(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i} {LongTexts.Title}"[..(i % 2 == 0 ? 190 : 30)])];

    /// <summary>The line that sticks to the bottom is in its place only there; elsewhere it covers a part of a row.</summary>
    private static async Task ToTheEndAsync(Phone phone) => await phone.Page.EvaluateAsync("() => scrollTo(0, document.body.scrollHeight)");

    private static async Task AnswerOnAsync(Phone phone)
    {
        if (await phone.Page.Locator(".word-field").CountAsync() > 0)
        {
            await phone.Page.Locator(".word-field").First.FillAsync("tea");
            await phone.Page.Keyboard.PressAsync("Enter");
            await phone.Page.Keyboard.TypeAsync("me");
            await phone.Page.Keyboard.PressAsync("Enter");
            await phone.Page.Keyboard.PressAsync("Enter");
            return;
        }

        if (await phone.Page.Locator(".number-input").CountAsync() > 0)
        {
            await phone.Page.Locator(".number-input").FillAsync("3");
            await phone.Page.Keyboard.PressAsync("Enter");
            return;
        }

        foreach (var group in await phone.Page.GetByRole(AriaRole.Radiogroup).AllAsync())
        {
            await group.GetByRole(AriaRole.Radio).Nth(1).TapAsync();
        }

        if (await phone.Options.CountAsync() > 0)
        {
            await phone.Options.First.TapAsync();
        }

        // Until all are ranked, or no more may be.
        for (var before = int.MaxValue; await phone.Page.Locator(".unranked").CountAsync() is > 0 and var left && left < before; before = left)
        {
            await phone.Page.Locator(".unranked").First.TapAsync();
        }

        if (await phone.Page.Locator(".split").CountAsync() > 0)
        {
            await phone.Page.Locator(".split").TapAsync();
        }

        if (await phone.Page.Locator(".poll-foot .primary").CountAsync() > 0)
        {
            await phone.Page.Locator(".poll-foot .primary").TapAsync();
        }
    }

    private Task<VoteReceipt> AnswerAsync(CreatedRoom room, PollView poll, string token, object answer)
    {
        var body = JsonSerializer.SerializeToNode(answer)!.AsObject();
        body["revision"] = 0;
        return Cluster.A.SendAsync<VoteReceipt>(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll.Id}/vote", token, body);
    }
}
