using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.Playwright;
using Polls.Api.Rooms;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Clients;

namespace Polls.Tests.Web;

/// <summary>The host's desk, as a host uses it.</summary>
internal sealed class Desk(IBrowserContext context, IPage page, Uri home) : Tab(context, page, home)
{
    /// <summary>The questions in the list, in their order.</summary>
    public ILocator Questions => Page.Locator(".poll-list .poll-item-text");

    public ILocator Question => Page.Locator("#question");

    public ILocator Dialog => Page.GetByRole(AriaRole.Dialog);

    protected override Look[] Sizes { get; } = [new(1366, 640), new(360, 640)];

    protected override (string Voters, string Counts) TallyPlaces => (".panel .votes", ".panel .option-share small");

    public ILocator Button(string textName, string value = "") => ButtonOf(Page.Locator("body"), Text(textName, value));

    public override Task<string[]> MisfitsAsync(Look look) => Inspection.SidewaysAsync(Page, look);

    /// <summary>Clicks a button as soon as it is enabled, that is, after the previous action.</summary>
    public async Task ClickAsync(string textName, string value = "") => await ClickAsync(Button(textName, value));

    /// <summary>Clicks a button of the open dialog.</summary>
    public async Task ClickInDialogAsync(string textName) => await ClickAsync(ButtonOf(Dialog, Text(textName)));

    /// <summary>Confirms the desk's question, which closes the dialog.</summary>
    public async Task AgreeAsync(string textName)
    {
        await ClickInDialogAsync(textName);
        await Assertions.Expect(Dialog).ToHaveCountAsync(0);
    }

    /// <summary>Chooses an item of the menu.</summary>
    public async Task ChooseAsync(string textName)
    {
        await ClickAsync("more");
        await ClickInDialogAsync(textName);
    }

    /// <summary>
    /// Fills in and submits the open sign-in dialog; creates the account first if <c>register</c> is set.
    /// </summary>
    public async Task SignInAsync(string email, bool register)
    {
        if (register)
        {
            await ClickInDialogAsync("register");
        }

        await Page.Locator("#account-email").FillAsync(email);
        await Page.Locator("#account-password").FillAsync(TestApi.Password);
        await ClickInDialogAsync(register ? "register" : "signIn");
    }

    /// <summary>Creates a room, with the level that has this text if given; the desk then shows the room.</summary>
    public async Task<CreatedRoom> StartRoomAsync(string title, string? level = null)
    {
        await Page.GetByLabel(Text("roomTitle")).FillAsync(title);
        if (level is not null)
        {
            await TickAsync(level);
        }

        await ClickAsync("create");
        return await RoomAsync();
    }

    /// <summary>The room of this desk, with the token stored on this device.</summary>
    public async Task<CreatedRoom> RoomAsync()
    {
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex(@"/host/\d{6}"));
        await Page.Locator(".desk").WaitForAsync();
        var code = new Uri(Page.Url).AbsolutePath.Split('/')[^1];
        var kept = await Page.EvaluateAsync<string>("() => localStorage.getItem('polls.host.rooms')");
        var room = JsonDocument.Parse(kept).RootElement.EnumerateArray().Single(one => one.GetProperty("code").GetString() == code);
        var (title, token) = (room.GetProperty("title").GetString()!, room.GetProperty("token").GetString()!);
        return new CreatedRoom(default, code, title, token, new Uri(Home, $"/r/{code}"), new Uri(Home, $"/screen/{code}"));
    }

    /// <summary>Fills in the form for a new poll.</summary>
    public async Task WriteAsync(PollDraft draft)
    {
        if (!await Question.IsVisibleAsync())
        {
            await ClickAsync(Page.Locator("button", new() { HasText = Text("newPoll") }).First);
        }

        await Assertions.Expect(Question).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync(draft.Question!);
        for (var i = 0; i < draft.Options!.Count; i++)
        {
            await Page.Keyboard.PressAsync("Enter");
            await Assertions.Expect(Page.Locator($"#option-{i}")).ToBeFocusedAsync();
            await Page.Keyboard.TypeAsync(draft.Options[i]!);
        }

        if (draft.Kind == PollKind.MultipleChoice)
        {
            await TickAsync("multiple");
        }

        if (draft.Settings is { } settings)
        {
            await Page.Locator("#visibility").SelectOptionAsync(JsonNamingPolicy.CamelCase.ConvertName($"{settings.ResultsVisibility}"));
            await Page.GetByLabel(Text("allowChange")).SetCheckedAsync(settings.AllowChange);
            if (settings.OfKind.TryGetValue("maxChoices", out var most))
            {
                await Page.Locator("#max-choices").SelectOptionAsync($"{most}");
            }

            if (settings.DurationSeconds is { } seconds)
            {
                await TickAsync("custom");
                await Page.Locator("#form-seconds").FillAsync($"{seconds}");
            }
        }
    }

    /// <summary>Saves the form; then the desk shows the poll.</summary>
    public async Task SaveAsync()
    {
        var question = await Question.InputValueAsync();
        await ClickAsync("save");
        await ShowsPollAsync(question);
    }

    /// <summary>Selects a radio button by its label.</summary>
    public Task TickAsync(string textName) => Page.GetByRole(AriaRole.Radio, new() { Name = Text(textName), Exact = true }).CheckAsync();

    /// <summary>Creates this many more seat codes in the open dialog.</summary>
    public async Task MakeSeatsAsync(string count)
    {
        await Page.Locator("#seats-more").FillAsync(count);
        await ClickInDialogAsync("makeSeats");
    }

    /// <summary>The seat codes on the sheets in the print preview, page by page.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<string>>> SlipsAsync()
    {
        await Page.Locator(".sheets").WaitForAsync();
        var sheets = await Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('.sheet')].map(({ src }) => decodeURIComponent(src.slice(src.indexOf(',') + 1)))");
        return [.. sheets.Select(svg => XDocument.Parse(svg).Descendants().Where(element => (string?)element.Attribute("font-weight") == "bold")
            .Select(code => code.Value).ToList())];
    }

    /// <summary>The number of pages for the printer.</summary>
    public async Task<int> PrintedPagesAsync() =>
        Regex.Count(Encoding.Latin1.GetString(await Page.PdfAsync(new() { PreferCSSPageSize = true, PrintBackground = true })), @"/Type\s*/Page\b");

    /// <summary>Selects a poll in the list.</summary>
    public async Task SelectAsync(string question)
    {
        await Page.Locator(".poll-item", new() { HasText = question }).ClickAsync();
        await ShowsPollAsync(question);
    }

    public Task ShowsPollAsync(string question) => Assertions.Expect(Page.Locator("#poll-title")).ToHaveTextAsync(question);

    /// <summary>Asserts that the selected poll is a draft, open or closed.</summary>
    public Task ShowsStateAsync(string textName) => Assertions.Expect(Page.Locator(".panel .state-badge")).ToHaveTextAsync(Text(textName));

    public Task ListsAsync(params string[] questions) => Assertions.Expect(Questions).ToHaveTextAsync(questions);

    /// <summary>The new tab with the big screen.</summary>
    public async Task<BigScreen> OpenScreenAsync()
    {
        var opened = await Page.Context.RunAndWaitForPageAsync(() => ClickAsync("bigScreen"));
        var screen = new BigScreen(Page.Context, opened, Home);
        await screen.StayAsync();
        // In a window of its own; the browser would slow down a background tab.
        await Page.BringToFrontAsync();
        return screen;
    }

    /// <summary>Drags a poll by its handle to the place of another one.</summary>
    public async Task DragAsync(string question, string onto)
    {
        var (from, to) = (await GripAsync(question), await GripAsync(onto));
        await Page.Mouse.MoveAsync(from.X, from.Y);
        await Page.Mouse.DownAsync();
        await Page.Mouse.MoveAsync(to.X, to.Y + (to.Y > from.Y ? 4 : -4), new() { Steps = 5 });
        await Page.Mouse.UpAsync();
    }

    /// <summary>The content and name of a file that the desk saves.</summary>
    public async Task<(string Name, string Content)> DownloadAsync(string textName)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => ChooseAsync(textName));
        await using var stream = await download.CreateReadStreamAsync();
        using var reader = new StreamReader(stream);
        return (download.SuggestedFilename, await reader.ReadToEndAsync());
    }

    /// <summary>The link for another device of the host.</summary>
    public async Task<string> DeviceLinkAsync()
    {
        await ChooseAsync("device");
        var link = await Page.Locator("#device-link").InputValueAsync();
        await AgreeAsync("close");
        return link;
    }

    /// <summary>Two clicks as fast as a hand can click, whatever the page does meanwhile.</summary>
    public async Task DoubleClickAsync(string textName)
    {
        var button = Button(textName);
        await Assertions.Expect(button).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await button.ScrollIntoViewIfNeededAsync();
        var place = (await button.BoundingBoxAsync())!;
        await Page.Mouse.DblClickAsync(place.X + (place.Width / 2), place.Y + (place.Height / 2));
    }

    /// <inheritdoc cref="ClickAsync(string, string)"/>
    public static async Task ClickAsync(ILocator button)
    {
        await Assertions.Expect(button).Not.ToHaveAttributeAsync("aria-disabled", "true");
        await button.ClickAsync();
    }

    private async Task<(float X, float Y)> GripAsync(string question)
    {
        var box = (await Page.Locator(".poll-row", new() { HasText = question }).Locator(".grip").BoundingBoxAsync())!;
        return (box.X + (box.Width / 2), box.Y + (box.Height / 2));
    }

    private static ILocator ButtonOf(ILocator where, string name) => where.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
