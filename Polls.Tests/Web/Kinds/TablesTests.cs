using System.Text.Json;
using Microsoft.Playwright;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Votes;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;

namespace Polls.Tests.Web.Kinds;

/// <summary>Every result as a table, on desk, phone and big screen.</summary>
[Collection(nameof(HostPages))]
public sealed class TablesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Theory]
    [InlineData(PollKind.SingleChoice, 3, "{}", """{"choices":[0]}|{"choices":[0]}|{"choices":[1]}""", "A One 2 67%|B Two 1 33%|C Three 0 0%")]
    [InlineData(PollKind.MultipleChoice, 2, "{}", """{"choices":[0,1]}|{"choices":[0]}""", "A One 2 100%|B Two 1 50%")]
    [InlineData(PollKind.Rating, 0, """{"max":3}""", """{"value":3}|{"value":3}|{"value":1}""", "1 star 1 33%|2 stars 0 0%|3 stars 2 67%")]
    [InlineData(PollKind.Scales, 2, """{"max":3}""", """{"values":[3,null]}|{"values":[2,1]}""", "One 0 (0%) 1 (50%) 1 (50%) 2.5|Two 1 (100%) 0 (0%) 0 (0%) 1.0")]
    [InlineData(PollKind.Ranking, 2, "{}", """{"ranking":[1,0]}|{"ranking":[1,0]}|{"ranking":[0,1]}""", "B Two 1 1.7 5 2 1|A One 2 1.3 4 1 2|A One 1|B Two 2")]
    [InlineData(PollKind.Points, 2, "{}", """{"points":[75,25]}|{"points":[100,0]}""", "A One 88% 175 87.5 2|B Two 12% 25 12.5 1")]
    [InlineData(PollKind.Motion, 0, "{}", """{"choices":[0]}|{"choices":[2]}""", "Yes 1 50%|No 0 0%|Abstain 1 50%")]
    [InlineData(PollKind.WordCloud, 0, "{}", """{"texts":["tea","milk"]}|{"texts":["TEA"]}""", "tea 2 100%|milk 1 50%")]
    [InlineData(PollKind.Numeric, 0, """{"min":1,"max":3}""", """{"number":3}|{"number":2}|{"number":2}""", "1 0|2 to 3 3")]
    public async Task Every_page_shows_the_result_as_a_table(PollKind kind, int options, string settings, string answers, string rows)
    {
        var room = await Cluster.A.CreateRoomAsync(new PollDraft(
            "Which?", kind, ((string[])["One", "Two", "Three"])[..options],
            new() { OfKind = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(settings)! }));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls.Single().Id;
        await Cluster.A.DoAsync(room, poll, "open");
        var (phone, desk, screen) = (await JoinedPhoneAsync(Cluster.A, room), await DeskAsync(Cluster.B, room), await ScreenAsync(Cluster.B, room));
        await desk.SelectAsync("Which?");
        foreach (var answer in answers.Split('|'))
        {
            using var given = JsonDocument.Parse(answer);
            var body = given.RootElement.EnumerateObject().ToDictionary(member => member.Name, member => (object)member.Value);
            body["revision"] = 0;
            await Cluster.A.SendAsync<VoteReceipt>(
                HttpMethod.Put, $"/api/rooms/{room.Code}/polls/{poll}/vote", (await Cluster.A.JoinAsync(room.Code)).Token, body);
        }

        // Also while the poll is open, and it goes on with the votes.
        await phone.Page.Locator(".as-table > summary").TapAsync();
        await desk.Page.Locator(".as-table > summary").ClickAsync();
        await screen.Page.GetByRole(AriaRole.Button, new() { Name = screen.Text("asTable") }).ClickAsync();
        Tab[] tabs = [phone, desk, screen];
        foreach (var tab in tabs)
        {
            var shown = "";
            await Until.TrueAsync(
                async () => (shown = string.Join('|', await tab.Page.EvaluateAsync<string[]>(
                    "() => [...document.querySelectorAll('.table-frame tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim()).filter(Boolean).join(' '))"))) == rows,
                $"the table is {rows}");
        }

        await screen.Page.GetByRole(AriaRole.Button, new() { Name = screen.Text("asTable") }).ClickAsync();
        await screen.Page.Locator(".table-frame").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }
}
