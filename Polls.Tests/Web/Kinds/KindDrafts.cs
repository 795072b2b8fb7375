using System.Text.Json;
using Microsoft.Playwright;
using Polls.Api.Rooms;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Clients;

namespace Polls.Tests.Web.Kinds;

/// <summary>
/// Polls of the kinds that pages load only when they are there, by name, with short and with the longest texts, and what
/// their voters answer.
/// </summary>
internal static class KindDrafts
{
    public static TheoryData<string> Subjects => [.. All.Keys];

    public static Dictionary<string, (PollDraft Draft, Func<int, object> Answer)> All { get; } = new()
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

    /// <summary>Somebody new joins and answers.</summary>
    public static async Task AnswerAsync(TestApi api, CreatedRoom room, Guid poll, object answer)
    {
        var body = JsonSerializer.SerializeToNode(answer)!.AsObject();
        body["revision"] = 0;
        await api.SendAsync<VoteReceipt>(HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", (await api.JoinAsync(room.Code)).Token, body);
    }

    /// <summary>Answers the question on the phone, of whatever kind, with the first of everything.</summary>
    public static async Task AnswerAsync(Phone phone)
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

    private static PollDraft Draft(PollKind kind, object settings, params string[] options) => new(
        "How was it, all in all, from the first hour to the last?", kind, options,
        new PollSettings()
        with { OfKind = JsonSerializer.SerializeToElement(settings).EnumerateObject().ToDictionary(one => one.Name, one => one.Value) });

    private static string[] Long(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i} {LongTexts.Title}"[..(i % 2 == 0 ? 190 : 30)])];
}
