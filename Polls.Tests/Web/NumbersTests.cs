using Microsoft.Playwright;
using Polls.Core.RoomPolls;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>Numbers and times on the pages are true, whatever the counts and the device's clock.</summary>
[Collection(nameof(PhonePages))]
public sealed class NumbersTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    [Fact]
    public async Task Percentages_are_those_of_the_shared_vectors()
    {
        await PageChecks.ShouldFindNothingAsync("percentages.mjs");
    }

    [Fact]
    public async Task Phone_and_screen_show_percentages_that_add_up_and_say_why_equal_counts_differ()
    {
        var (room, poll) = await Cluster.OpenRoomAsync();
        var screen = await ScreenAsync(Cluster.A, room);
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await EachAsync([phone, screen], tab => tab.ShowsTallyAsync(0, 0, 0, 0));
        (await SharesAsync(phone)).ShouldBe(["", "", ""], "nobody has voted");
        (await SharesAsync(screen)).ShouldBe(["", "", ""], "nobody has voted");

        for (var choice = 0; choice < 3; choice++)
        {
            await Cluster.A.VoteAsync(room.Code, poll, (await Cluster.A.JoinAsync(room.Code)).Token, 0, choice);
        }

        await EachAsync([phone, screen], tab => tab.ShowsTallyAsync(3, 1, 1, 1));
        (await SharesAsync(phone)).ShouldBe(["34%", "33%", "33%"]);
        (await SharesAsync(screen)).ShouldBe(["34%", "33%", "33%"]);
        await EachAsync([phone, screen], tab => tab.SaysAsync("adjusted"));
        await Cluster.A.DoAsync(room, poll, "close");
        await phone.SaysAsync("results");
        (await SharesAsync(phone)).ShouldBe(["34%", "33%", "33%"]);
        await phone.SaysAsync("adjusted");
    }

    [Fact]
    public async Task The_countdown_does_not_follow_the_devices_clock()
    {
        var room = await Cluster.A.CreateRoomAsync(TestApi.Draft(settings: new PollSettings { DurationSeconds = 3000 }));
        var poll = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        var screen = await ScreenAsync(Cluster.A, room);
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        await Cluster.A.DoAsync(room, poll, "open");
        Tab[] tabs = [phone, screen];
        await EachAsync(tabs, tab => tab.Page.GetByRole(AriaRole.Timer).WaitForAsync());
        foreach (var minutes in new[] { 40, -40 })
        {
            foreach (var tab in tabs)
            {
                await tab.Page.EvaluateAsync(
                    "(ms) => { window.trueNow ??= Date.now; Date.now = () => window.trueNow() + ms; }", minutes * 60_000);
                var before = await tab.Page.GetByRole(AriaRole.Timer).InnerTextAsync();
                await Assertions.Expect(tab.Page.GetByRole(AriaRole.Timer)).Not.ToHaveTextAsync(before);
                // Less than ten minutes have passed.
                await Assertions.Expect(tab.Page.GetByRole(AriaRole.Timer)).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\s*(50:00|4\d:\d\d)\s*$"));
            }
        }
    }

    [Fact]
    public async Task The_countdown_is_right_again_after_a_sleep_in_which_the_devices_time_stood_still()
    {
        var (room, _) = await Cluster.OpenRoomAsync(new PollSettings { DurationSeconds = 3000 });
        var phone = await JoinedPhoneAsync(Cluster.B, room);
        var timer = phone.Page.GetByRole(AriaRole.Timer);
        await timer.WaitForAsync();
        await phone.Page.EvaluateAsync("() => { const now = performance.now.bind(performance); performance.now = () => now() - 600_000; }");
        await Assertions.Expect(timer).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\s*(60:00|5\d:\d\d)\s*$"));
        await phone.LoseNetworkAsync();
        await phone.HearsAsync(phone.Text("connectionLost"));
        await phone.FindNetworkAsync();
        await Assertions.Expect(timer).ToHaveTextAsync(new System.Text.RegularExpressions.Regex(@"^\s*(50:00|4\d:\d\d)\s*$"));
    }

    [Theory]
    [InlineData("482 913", "482913")]
    [InlineData("482-913", "482913")]
    [InlineData("Join at 10:30 with the code 482913, room 12", "482913")]
    [InlineData("https://polls.example/r/482913#seat=ABCD-1234", "482913")]
    [InlineData("https://polls.example/host/482913", "482913")]
    [InlineData("https://polls.example:8443/screen/482913#token=123456", "482913")]
    [InlineData("\uFF14\uFF18\uFF12\uFF19\uFF11\uFF13", "482913")]
    [InlineData("\u0664\u0668\u0662\u0669\u0661\u0663", "482913")]
    public async Task The_code_is_found_in_what_is_pasted(string pasted, string code)
    {
        var phone = await PhoneAsync(Cluster.A, "/");
        phone.Traffic.ExpectStatus(404);
        await phone.Page.GetByRole(AriaRole.Textbox).FillAsync(pasted);
        await phone.IsAtAsync($"^/r/{code}$");
    }

    [Theory]
    [InlineData("Call +49 170 1234567")]
    [InlineData("no code here")]
    [InlineData("1234567")]
    [InlineData("10.30-11")]
    [InlineData("24.12.26")]
    [InlineData("+4917012")]
    [InlineData("10:30, 12")]
    public async Task Digits_that_are_no_code_are_not_taken_for_one(string pasted)
    {
        var phone = await PhoneAsync(Cluster.A, "/");
        await phone.Page.GetByRole(AriaRole.Textbox).FillAsync(pasted);
        await Assertions.Expect(phone.Page.GetByRole(AriaRole.Textbox)).ToHaveValueAsync("");
        await phone.SaysAsync("badCode");
        await phone.IsAtAsync("^/$");
    }

    private static Task<string[]> SharesAsync(Tab tab) => tab.Page.EvaluateAsync<string[]>(
        """
        () => [...document.querySelectorAll('.option-share > [aria-hidden], .chart-share > [aria-hidden]')]
          .map((share) => share.textContent.replace(share.querySelector('small').textContent, '').replace(/\s/g, ''))
        """);
}
