using Microsoft.Playwright;
using Polls.Tests.Journeys;
using Polls.Tests.Web.Kinds;

namespace Polls.Tests.Web;

/// <summary>
/// What is typed stays, however fast; what does not fit into a field is left out in whole characters, and people are told.
/// </summary>
[Collection(nameof(HostPages))]
public sealed class EnteringTextTests(BreakableInstances cluster, Chromium chromium) : BrowserTest(cluster, chromium)
{
    /// <summary>Eleven UTF-16 units, one character to people.</summary>
    private const string Family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";

    [Fact]
    public async Task Texts_are_cut_between_characters_with_and_without_the_browsers_segmenter()
    {
        await PageChecks.ShouldFindNothingAsync("graphemes.mjs");
    }

    [Fact]
    public async Task A_field_leaves_out_a_whole_emoji_that_does_not_fit_and_says_so()
    {
        var desk = await DeskAsync(Cluster.A);
        await CutsAsync(desk, "#room-title", 200);
        await desk.Page.Locator("#room-title").FillAsync("Texts");
        await desk.SaysNoMoreAsync("tooLong");
        await desk.ClickAsync("create");
        var room = await desk.RoomAsync();
        await Desk.ClickAsync(desk.Page.Locator(".inviting .button"));
        await CutsAsync(desk, "#question", 500);
        await desk.Question.FillAsync("Which one?");
        await desk.SaysNoMoreAsync("tooLong");
        await CutsAsync(desk, "#option-1", 200);

        // What stands after the caret stays.
        var option = desk.Page.Locator("#option-0");
        await option.FillAsync(new string('a', 198));
        await option.EvaluateAsync("(field) => field.setSelectionRange(3, 3)");
        await desk.Page.Keyboard.InsertTextAsync($"b{Family}");
        await Assertions.Expect(option).ToHaveValueAsync($"aaab{new string('a', 195)}");
        (await option.EvaluateAsync<int>("(field) => field.selectionStart")).ShouldBe(4);

        var phone = await PhoneAsync(Cluster.B, $"/r/{room.Code}");
        await CutsAsync(phone, "#nickname", 40);
        await phone.IsSoundAsync();
        await phone.JoinAsync();
        (await AskAsync($"SELECT nickname FROM participants p JOIN rooms r ON r.id = p.room_id WHERE r.code = '{room.Code}'"))
            .ShouldBe([new string('x', 35)]);

        static async Task CutsAsync(Tab tab, string field, int limit)
        {
            var fits = new string('x', limit - 5);
            await tab.Page.Locator(field).FillAsync(fits + Family);
            await Assertions.Expect(tab.Page.Locator(field)).ToHaveValueAsync(fits);
            await tab.SaysAsync("tooLong");
            await tab.HearsAsync(tab.Text("tooLong"));
        }
    }

    [Fact]
    public async Task Pasted_lines_that_do_not_fit_are_counted_and_options_that_exist_stay()
    {
        var desk = await FormAsync();
        await desk.Page.Locator("#option-1").FillAsync("The last one");
        await PasteAsync(desk, 0, string.Join("\r\n", Enumerable.Range(1, 25).Select(i => $"Line {i}")));
        (await OptionsAsync(desk)).ShouldBe([.. Enumerable.Range(1, 19).Select(i => $"Line {i}"), "The last one"]);
        await Assertions.Expect(desk.Page.Locator("#option-18")).ToBeFocusedAsync();
        await desk.SeesAsync("6 lines were left out: a poll can have up to 20 options.");
        await desk.HearsAsync("6 lines were left out: a poll can have up to 20 options.");
        await desk.IsSoundAsync();

        // Nothing is said any more once the person goes on.
        await desk.Page.Keyboard.TypeAsync("!");
        await desk.SeesNoMoreAsync("were left out");
        await desk.Question.FillAsync("Which one?");
        await desk.SaveAsync();
    }

    [Fact]
    public async Task Pasted_lines_go_after_the_text_of_their_row_and_are_cut_in_whole_characters()
    {
        var desk = await FormAsync();
        await desk.Page.Locator("#option-0").FillAsync("First");
        await PasteAsync(desk, 0, $"Second\n{new string('x', 195)}{Family}\n\n");
        (await OptionsAsync(desk)).ShouldBe(["First", "Second", new string('x', 195)]);
        await desk.SaysAsync("tooLong");
        await desk.SeesNoMoreAsync("left out: a poll");
    }

    [Theory]
    [InlineData("Tea\t1.50\r\nCoffee\t2.00\r\n", true)]
    [InlineData("1.\tTea\n2.\tCoffee", false)]
    [InlineData("•\tTea\n•\tCoffee", false)]
    [InlineData("Tea\t\nCoffee\t", false)]
    [InlineData("\tTea\n\tCoffee", false)]
    [InlineData("1.\tTea\t1.50\n2.\tCoffee\t2.00", true)]
    [InlineData("  Tea \n\n Coffee", false)]
    public async Task Of_a_pasted_table_the_first_column_with_texts_becomes_the_options(string pasted, bool isTold)
    {
        var desk = await FormAsync();
        await PasteAsync(desk, 0, pasted);
        (await OptionsAsync(desk)).ShouldBe(["Tea", "Coffee"]);
        await (isTold ? desk.SaysAsync("firstColumn") : desk.SaysNoMoreAsync("firstColumn"));
    }

    [Fact]
    public async Task Titles_before_names_are_no_list_marks()
    {
        var desk = await FormAsync();
        await PasteAsync(desk, 0, "Dr.\tMeier\nProf.\tHuber");
        (await OptionsAsync(desk)).ShouldBe(["Dr.", "Prof."]);
        await desk.SaysAsync("firstColumn");
    }

    [Fact]
    public async Task A_row_of_a_table_and_a_title_with_tabs_can_be_saved()
    {
        var desk = await DeskAsync(Cluster.A);
        await desk.Page.Locator("#room-title").FillAsync("All\thands");
        await Assertions.Expect(desk.Page.Locator("#room-title")).ToHaveValueAsync("All hands");
        await desk.ClickAsync("create");
        await desk.RoomAsync();
        await Desk.ClickAsync(desk.Page.Locator(".inviting .button"));
        await PasteAsync(desk, 0, "Tea\t1.50");
        await PasteAsync(desk, 1, "Coffee\t2.00");
        (await OptionsAsync(desk)).ShouldBe(["Tea", "Coffee"]);
        await desk.Question.FillAsync("What\tdo you drink?");
        await desk.ClickAsync("save");
        await desk.ShowsPollAsync("What do you drink?");
    }

    [Theory]
    [InlineData("estimate", ".number-input", "123456789")]
    [InlineData("words", ".word-field", "many meals")]
    public async Task Letters_that_come_faster_than_the_page_is_painted_stay(string subject, string field, string text)
    {
        var room = await Cluster.A.CreateRoomAsync(KindDrafts.All[subject].Draft);
        await Cluster.A.DoAsync(room, (await Cluster.A.StateAsync(room.Code, room.HostToken)).Polls[0].Id, "open");
        var phone = await JoinedPhoneAsync(Cluster.A, room);
        var input = phone.Page.Locator(field).First;
        await Assertions.Expect(input).ToBeEditableAsync();
        (await input.EvaluateAsync<string>(
            """
            async (input, text) => {
              const painted = () => new Promise((told) => requestAnimationFrame(() => setTimeout(told, 50)));
              input.focus();
              // What is put off until the page is painted comes between any two letters once.
              for (const pause of [0, 1, 2, 4, 8, 12, 16, 24, 40]) {
                input.select();
                for (const letter of text) {
                  document.execCommand('insertText', false, letter);
                  await new Promise((told) => setTimeout(told, pause));
                }

                await painted();
                if (input.value !== text) return `${input.value} with pauses of ${pause} ms`;
              }

              return '';
            }
            """,
            text)).ShouldBeEmpty();
    }

    private async Task<Desk> FormAsync()
    {
        var desk = await DeskAsync(Cluster.A, await Cluster.A.CreateRoomAsync());
        await Desk.ClickAsync(desk.Page.Locator(".inviting .button"));
        await Assertions.Expect(desk.Question).ToBeFocusedAsync();
        return desk;
    }

    /// <summary>Pastes at the end of an option.</summary>
    private static async Task PasteAsync(Desk desk, int option, string text) => await desk.Page.EvaluateAsync(
        """
        ([option, text]) => {
          const field = document.getElementById(`option-${option}`);
          const clipboardData = new DataTransfer();
          clipboardData.setData('text/plain', text);
          field.focus();
          field.setSelectionRange(field.value.length, field.value.length);
          if (field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))) {
            document.execCommand('insertText', false, text);
          }
        }
        """,
        new object[] { option, text });

    private static Task<string[]> OptionsAsync(Desk desk) =>
        desk.Page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('.option-rows input')].map(({ value }) => value)");
}
