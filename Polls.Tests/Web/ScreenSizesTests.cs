using System.Globalization;
using Microsoft.Playwright;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Journeys;
using Polls.Tests.Servers;
using Polls.Tests.Web.Kinds;

namespace Polls.Tests.Web;

/// <summary>
/// On every size of window the big screen shows how to join, the question and the whole result at once, side by side:
/// nobody can scroll a projector.
/// </summary>
[Collection(nameof(HostPages))]
public sealed class ScreenSizesTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    /// <summary>
    /// The least height of letters in hundredths of the shorter side of the window: of texts of a usual length, and of
    /// twenty options of 200 wide characters.
    /// </summary>
    private const double Usual = 1.3, Least = 0.7;

    private const string Words = "Everything that people could possibly want to say about a thing at once, and then some more of it. ";

    /// <summary>Half windows, small windows, projectors, an upright screen and an LED wall.</summary>
    private static readonly Look[] Sizes =
    [
        new(960, 1080, Touch: false), new(1024, 768, Touch: false), new(800, 600, Touch: false), new(683, 768, Touch: false), new(640, 480, Touch: false),
        new(1280, 720, Touch: false), new(1920, 1080, Touch: false), new(1080, 1920, Touch: false), new(3840, 2160, Touch: false), new(1920, 540, Touch: false),
    ];

    private static readonly PollDraft[] Polls =
    [
        Draft(30, 2, 10), Draft(90, 3, 200), Draft(500, 2, 10), Draft(500, 5, 40), Draft(40, 8, 60), Draft(500, 8, 200), Draft(200, 13, 30),
        Draft(500, 20, 12), LongTexts.Poll,
        new(new string('w', 500), PollKind.MultipleChoice, [.. Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), 200))]),
    ];

    [Theory]
    [InlineData("en")]
    [InlineData("ar")]
    public async Task Code_question_and_result_are_in_sight_whatever_the_window_and_the_texts(string language)
    {
        // The direction of the text mirrors the layout; what fits does not depend on it.
        var room = await Cluster.A.CreateRoomAsync(LongTexts.Title, language == "en" ? Polls : [Polls[0], Polls[4], Polls[8]]);
        var polls = (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls;
        var screen = await ScreenAsync(Cluster.A, room, Sizes[0] with { Language = language });
        await screen.SaysAsync("waiting");
        var flaws = new List<string>();
        await InspectAsync("waiting", Usual);
        var voter = await Cluster.A.JoinAsync(room.Code);
        foreach (var poll in polls)
        {
            var letters = poll.Question.Length <= 200 && poll.Options.Max(option => option.Length) <= 60 ? Usual : Least;
            await Cluster.A.DoAsync(room, poll.Id, "open");
            await Cluster.A.VoteAsync(room.Code, poll.Id, voter.Token, 0, poll.Options.Count - 1);
            await screen.ShowsCountsAsync([.. Enumerable.Range(0, poll.Options.Count).Select(i => i == poll.Options.Count - 1 ? 1 : 0)]);
            await InspectAsync($"{poll.Question.Length} characters, {poll.Options.Count} options of {poll.Options.Max(option => option.Length)}", letters);
            await Cluster.A.DoAsync(room, poll.Id, "hide-results");
            await screen.SaysAsync("hidden");
            await InspectAsync($"{poll.Question.Length} characters, {poll.Options.Count} options, hidden", letters);
            await Cluster.A.DoAsync(room, poll.Id, "close");
        }

        string.Join('\n', flaws.Take(30)).ShouldBeEmpty();

        async Task InspectAsync(string state, double letters)
        {
            foreach (var size in Sizes)
            {
                await (size with { Language = language }).ApplyAsync(screen.Page);
                flaws.AddRange((await FlawsAsync(screen.Page, ".chart-row", letters)).Distinct().Take(3).Select(flaw => $"{state}, {size}: {flaw}"));
            }
        }
    }

    [Fact]
    public async Task Results_of_every_kind_are_in_sight_in_letters_that_can_be_read()
    {
        var room = await Cluster.A.CreateRoomAsync(LongTexts.Title, [.. KindDrafts.All.Values.Select(kind => kind.Draft)]);
        var screen = await ScreenAsync(Cluster.A, room, Sizes[0]);
        var flaws = new List<string>();
        foreach (var ((name, (_, answer)), poll) in KindDrafts.All.Zip((await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls))
        {
            await Cluster.A.DoAsync(room, poll.Id, "open");
            for (var i = 0; i < 3; i++)
            {
                await KindDrafts.AnswerAsync(Cluster.A, room, poll.Id, answer(i));
            }

            await Until.TrueAsync(async () => await screen.TallyAsync() is [3, ..], "the screen shows all answers");
            var letters = name.StartsWith("many", StringComparison.Ordinal) ? Least : Usual;
            foreach (var size in Sizes)
            {
                await size.ApplyAsync(screen.Page);
                string[] found = [.. await FlawsAsync(screen.Page, ".chart-row, .rating-chart, .number-chart, .cloud-chart", letters), .. await Inspection.CutOffAsync(screen.Page)];
                flaws.AddRange(found.Distinct().Take(3).Select(flaw => $"{name}, {size}: {flaw}"));
            }

            await Cluster.A.DoAsync(room, poll.Id, "close");
        }

        string.Join('\n', flaws.Take(30)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_long_question_uses_the_width_of_the_stage()
    {
        foreach (var length in new[] { 60, 130, 250, 500 })
        {
            var room = await Cluster.A.CreateRoomAsync(Draft(length, 4, 20));
            await Cluster.A.DoAsync(room, (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id, "open");
            var screen = await ScreenAsync(Cluster.A, room);
            await screen.ShowsCountsAsync(0, 0, 0, 0);
            foreach (var size in Sizes)
            {
                await size.ApplyAsync(screen.Page);
                (await screen.Page.EvaluateAsync<double>(
                    """
                    () => {
                      const range = document.createRange();
                      range.selectNodeContents(document.querySelector('.question'));
                      const lines = [...range.getClientRects()];
                      const [left, right] = [Math.min(...lines.map((line) => line.left)), Math.max(...lines.map((line) => line.right))];
                      return lines.length === 1 ? 1 : (right - left) / document.querySelector('.stage').clientWidth;
                    }
                    """)).ShouldBeGreaterThan(0.75, string.Create(CultureInfo.InvariantCulture, $"{length} characters, {size}"));
            }
        }
    }

    /// <summary>What scrolls, is out of sight, cut off, covered or too small to read.</summary>
    private static Task<string[]> FlawsAsync(IPage page, string result, double letters) => page.EvaluateAsync<string[]>(
        """
        ([result, letters]) => {
          const flaws = [];
          const root = document.scrollingElement;
          if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) flaws.push(`scrolls: ${root.scrollWidth}x${root.scrollHeight}`);
          const name = (element) => `${element.className} '${element.textContent.slice(0, 20)}'`;
          const needed = ['.qr', '.join-code', ...(document.querySelector('.stage') ? ['.question', result] : [])];
          for (const selector of needed) if (!document.querySelector(selector)) flaws.push(`no ${selector}`);
          const seen = [...document.querySelectorAll('.qr, .join-host, .join-code, .question, .stage-facts, .chart-row, .chart-text, .chart-share, .under:not(:empty), .screen-facts, .screen-title')];
          for (const element of seen) {
            const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
            if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) flaws.push(`out of sight: ${name(element)} ${left},${top} to ${right},${bottom}`);
            if (width < 1 || height < 1) flaws.push(`no size: ${name(element)}`);
            if (!element.matches('.screen-title') && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) flaws.push(`cut off: ${name(element)}`);
          }
          const stage = document.querySelector('.stage');
          if (stage && (stage.scrollHeight > stage.clientHeight + 1 || stage.scrollWidth > stage.clientWidth + 1)) flaws.push(`stage cut off: ${stage.scrollWidth}x${stage.scrollHeight}`);
          const blocks = [...document.querySelectorAll('.screen-head, .stage-facts, .question, .chart-row, .under:not(:empty), .invitation')].map((element) => [element, element.getBoundingClientRect()]);
          blocks.forEach(([one, a], i) => blocks.slice(i + 1).forEach(([other, b]) => {
            if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) flaws.push(`${name(one)} covers ${name(other)}`);
          }));
          const qr = document.querySelector('.qr')?.getBoundingClientRect();
          if (qr && (Math.abs(qr.width - qr.height) > 1 || qr.width < Math.min(innerWidth, innerHeight) * .18)) flaws.push(`the QR code is too small: ${qr.width}x${qr.height}`);
          const texts = stage ? document.createTreeWalker(stage, NodeFilter.SHOW_TEXT) : undefined;
          while (texts?.nextNode()) {
            const { data, parentElement } = texts.currentNode;
            if (!data.trim() || parentElement.closest('.unseen')) continue;
            const share = 100 * parseFloat(getComputedStyle(parentElement).fontSize) / Math.min(innerWidth, innerHeight);
            if (share < letters) flaws.push(`letters of ${share.toFixed(2)} %: ${name(parentElement)}`);
          }

          return flaws;
        }
        """,
        new object[] { result, letters });

    private static PollDraft Draft(int question, int options, int length) => new(
        Fill(question), PollKind.SingleChoice, [.. Enumerable.Range(1, options).Select(i => Fill(length, $"{i} "))]);

    private static string Fill(int length, string start = "") => (start + string.Concat(Enumerable.Repeat(Words, 6)))[..length].TrimEnd().PadRight(length, '.');
}
