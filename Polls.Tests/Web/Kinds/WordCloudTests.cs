using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web.Kinds;

/// <summary>Word clouds, from the desk's form to the cloud, and the host's list of words.</summary>
[Collection(nameof(HostPages))]
public sealed partial class WordCloudTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task Words_are_asked_for_counted_once_a_person_and_tended_by_the_host()
    {
        var desk = await DeskAsync(Cluster.A);
        var room = await desk.StartRoomAsync("Words");
        await desk.WriteAsync(new("One word?", PollKind.WordCloud, []));
        await desk.Page.Locator("#kind-wordCloud").CheckAsync();
        await desk.Page.Locator("#visibility").SelectOptionAsync("live");
        await desk.Page.Locator("#max-answers").SelectOptionAsync("2");
        await desk.SaveAsync();
        await desk.SeesAsync("Up to 2 words per person");
        var screen = await desk.OpenScreenAsync();
        Phone[] phones = [await JoinedPhoneAsync(Cluster.A, room), await JoinedPhoneAsync(Cluster.B, room), await JoinedPhoneAsync(Cluster.B, room)];
        await desk.ClickAsync("openPoll");

        await EnterAsync(phones[0], "Café", "C++");
        // Spellings of one word: counted once, and what is stored is no other vote.
        await EnterAsync(phones[1], " «CAFÉ!» ", "café");
        await EnterAsync(phones[2], "C#", "tea");
        await ShowWordsAsync(screen, "Café 2", "C++ 1", "C# 1", "tea 1");
        await EachAsync(phones, phone => ListsAsync(phone, "Café 2", "C++ 1", "C# 1", "tea 1"));
        await EachAsync([desk, screen, .. phones], tab => tab.SeesAsync("Shares of 3 people"));
        await phones[0].SeesAsync("67%");
        // Each phone marks the words of its person, whatever the spelling.
        await Assertions.Expect(phones[1].Page.Locator(".word-text:has(.mine-mark) bdi")).ToHaveTextAsync(["Café"]);
        await Assertions.Expect(phones[2].Page.Locator(".word-text:has(.mine-mark) bdi")).ToHaveTextAsync(["C#", "tea"]);

        await phones[2].Page.Locator(".word-field").Nth(1).FillAsync("");
        await phones[2].Button("changeVote").TapAsync();
        await ShowWordsAsync(screen, "Café 2", "C++ 1", "C# 1");
        await phones[2].Button("withdraw").TapAsync();
        await phones[2].SaysAsync("withdrawn");
        await ShowWordsAsync(screen, "Café 2", "C++ 1");
        await EnterAsync(phones[2], "see plus plus");

        await DoAsync("Hide Café");
        await ShowWordsAsync(screen, "C++ 1", "see plus plus 1");
        await EachAsync(phones, phone => ListsAsync(phone, "C++ 1", "see plus plus 1"));
        await desk.Page.Locator(".manage .chip", new() { HasText = "Hidden (1)" }).ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Show Café", Exact = true }).WaitForAsync();
        await desk.IsSoundAsync();
        await DoAsync("Show Café");
        await ShowWordsAsync(screen, "Café 2", "C++ 1", "see plus plus 1");
        await desk.Page.Locator(".manage .chip").First.ClickAsync();
        await DoAsync("Merge… see plus plus");
        await desk.IsSoundAsync();
        await DoAsync("Into this one C++");
        await ShowWordsAsync(screen, "Café 2", "C++ 2");
        await desk.Page.Locator(".manage .chip").Last.ClickAsync();
        await desk.Page.GetByRole(AriaRole.Button, new() { Name = "Undo see plus plus", Exact = true }).WaitForAsync();
        await desk.IsSoundAsync();
        await DoAsync("Undo see plus plus");
        await ShowWordsAsync(screen, "Café 2", "C++ 1", "see plus plus 1");

        await desk.ClickAsync("closePoll");
        await phones[0].Page.Locator(".result").WaitForAsync();
        await ListsAsync(phones[0], "Café 2", "C++ 1", "see plus plus 1");
        await phones[0].SeesAsync("Your vote: Café, C++");

        Task DoAsync(string name) => Desk.ClickAsync(desk.Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }));
    }

    [Fact]
    public async Task The_cloud_does_not_jump_and_words_that_cannot_be_shown_are_told_before_they_are_sent()
    {
        var room = await Cluster.A.CreateRoomAsync(new PollDraft("One word?", PollKind.WordCloud, [], PollSettings.Of(new WordCloudSettings(3, 5, true, false))));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single();
        await Cluster.A.DoAsync(room, poll.Id, "open");
        var screen = await ScreenAsync(Cluster.B, room);
        await SayAsync("one", "two", "three");
        await ShowWordsAsync(screen, "one 1", "two 1", "three 1");
        var before = await PlacesAsync(screen);
        await SayAsync("one", "four");
        await ShowWordsAsync(screen, "one 2", "two 1", "three 1", "four 1");
        var after = await PlacesAsync(screen);
        after["one"].ShouldBe(before["one"], "the largest word stays where it is, also when it grows");
        after.Count.ShouldBe(4);

        var phone = await JoinedPhoneAsync(Cluster.A, room);
        var field = phone.Page.Locator(".word-field").First;
        await field.FillAsync("\u202Eabc");
        await Assertions.Expect(phone.Page.Locator(".poll-foot .primary")).ToHaveTextAsync("A word contains characters that can’t be shown.");
        await field.FillAsync("👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀");
        await Assertions.Expect(field).ToHaveValueAsync("👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀");
        await phone.SaysAsync("tooLong");
        await phone.Button("sendVote").Or(phone.Page.GetByRole(AriaRole.Button, new() { Name = "Send my words" })).TapAsync();
        await phone.SaysAsync("counted");
        await ShowWordsAsync(screen, "one 2", "two 1", "three 1", "four 1", "👩‍🚀👩‍🚀👩‍🚀👩‍🚀👩‍🚀 1");

        await field.FillAsync("");
        await field.EvaluateAsync(
            """
            (field) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData('text/plain', 'tea\r\n juice\twater\nmilk');
              field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
            }
            """);
        (await phone.Page.Locator(".word-field").EvaluateAllAsync<string[]>("(fields) => fields.map(({ value }) => value)")).ShouldBe(["tea", "juice", "water"]);
        await phone.SeesAsync("There was no room for the last words.");
        await phone.IsSoundAsync();

        async Task SayAsync(params string[] texts) => await Cluster.A.SendAsync<VoteReceipt>(
            HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll.Id}/vote", (await Cluster.A.JoinAsync(room.Code)).Token, new { texts, revision = 0 });
    }

    /// <summary>Types the words, each ended by Enter; the last Enter sends them.</summary>
    private static async Task EnterAsync(Phone phone, params string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            await phone.Page.Locator(".word-field").Nth(i).FillAsync(words[i]);
        }

        await Desk.ClickAsync(phone.Page.Locator(".poll-foot .primary"));
        await phone.SaysAsync("counted");
    }

    private static Task ShowWordsAsync(BigScreen screen, params string[] words) => Until.TrueAsync(
        async () => (await screen.Page.Locator(".cloud-chart li").AllTextContentsAsync()).Select(text => Words().Replace(text, " $1")).SequenceEqual(words)
            && await screen.Page.Locator(".cloud-word").CountAsync() == words.Length,
        $"the screen shows {string.Join(", ", words)}");

    private static Task ListsAsync(Tab tab, params string[] words) => Until.TrueAsync(
        async () => (await tab.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.word-row')].map((row) => `${row.querySelector('bdi').textContent} ${row.querySelector('.numbers small').textContent}`)"))
            .SequenceEqual(words),
        $"the page lists {string.Join(", ", words)}");

    private static async Task<Dictionary<string, (double X, double Y)>> PlacesAsync(BigScreen screen) =>
        (await screen.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.cloud-word')].map((word) => [word.textContent, parseFloat(word.style.getPropertyValue('--x')), parseFloat(word.style.getPropertyValue('--y'))].join('|'))"))
        .Select(place => place.Split('|'))
        .ToDictionary(place => place[0], place => (double.Parse(place[1], CultureInfo.InvariantCulture), double.Parse(place[2], CultureInfo.InvariantCulture)));

    [GeneratedRegex(": (\\d+) (person|people)$")]
    private static partial Regex Words();
}
