using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>A participant's phone.</summary>
internal sealed class Phone(IBrowserContext context, IPage page, Uri home) : Tab(context, page, home)
{
    private const char EndOfRecord = '\u001e';

    public ILocator JoinButton => Page.GetByRole(AriaRole.Button, new() { Name = Text("join"), Exact = true });

    /// <summary>Everything in the open polls that can be tapped to choose.</summary>
    public ILocator Options => Page.Locator(".option");

    protected override Look[] Sizes { get; } = [new(360, 640), new(667, 320)];

    protected override (string Voters, string Counts) TallyPlaces =>
        (".poll-facts.numbers, .poll-facts > .numbers:not(.countdown)", ".option-share small");

    public ILocator Option(string label) =>
        Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($@"^{Regex.Escape(label)}(?!\w)") });

    public ILocator Button(string textName) => Page.GetByRole(AriaRole.Button, new() { Name = Text(textName), Exact = true });

    public override Task<string[]> MisfitsAsync(Look look) => Inspection.MisfitsAsync(Page, look);

    /// <summary>Types the code from the screen, digit by digit; the sixth digit submits it.</summary>
    public Task TypeCodeAsync(string code) => Page.GetByRole(AriaRole.Textbox).PressSequentiallyAsync(code);

    public async Task JoinAsync(string? nickname = null)
    {
        if (nickname is not null)
        {
            await Page.GetByLabel(Text("nickname")).FillAsync(nickname);
        }

        await JoinButton.TapAsync();
        await Page.Locator(".room").WaitForAsync();
    }

    /// <summary>
    /// From the next page on, the hub's last message on a connection arrives after the page has processed its first.
    /// </summary>
    public Task HearOfTheEndLateAsync() => Page.RouteWebSocketAsync(new Regex("/hubs/room"), socket =>
    {
        var server = socket.ConnectToServer();
        server.OnMessage(async frame =>
        {
            foreach (var record in frame.Text!.Split(EndOfRecord, StringSplitOptions.RemoveEmptyEntries))
            {
                if (record.Contains("\"type\":7", StringComparison.Ordinal))
                {
                    await Page.EvaluateAsync("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
                }

                socket.Send(record + EndOfRecord);
            }
        });
    });

    /// <summary>The input for a seat code.</summary>
    public ILocator Seat => Page.Locator("#seat");

    /// <summary>Taps the link to the desk's page, which then shows its sign-in dialog.</summary>
    public async Task<Desk> GoToSignInAsync(string textName = "signIn")
    {
        await Button(textName).TapAsync();
        await IsAtAsync("^/host$");
        var desk = new Desk(Page.Context, Page, Home);
        await desk.StayAsync();
        await desk.SaysAsync("signInToVote");
        return desk;
    }

    /// <summary>Signs in on the desk's page to join a room for accounts, and returns.</summary>
    public async Task SignInAsync(string email, bool register = false)
    {
        await (await GoToSignInAsync()).SignInAsync(email, register);
        await IsBackAsync();
        await SeesAsync(email);
    }

    /// <summary>Asserts that the room's page is shown again, after the desk's page.</summary>
    public Task IsBackAsync() => IsAtAsync(@"^/r/\d{6}$");

    /// <summary>The account name that this device is signed in with; null if it is not signed in.</summary>
    public Task<string?> AccountAsync() =>
        Page.EvaluateAsync<string?>("() => JSON.parse(localStorage.getItem('polls.host.account') ?? '{}').email ?? null");

    /// <summary>Another tab of the same person, at the same address.</summary>
    public async Task<Phone> AnotherTabAsync()
    {
        var other = new Phone(Page.Context, await Page.Context.NewPageAsync(), Home);
        await other.GoAsync(new Uri(Page.Url).AbsolutePath);
        return other;
    }

    /// <summary>Waits until the service worker has cached everything that the page needs to open offline.</summary>
    public Task ShellIsKeptAsync() => Until.TrueAsync(
        () => Page.EvaluateAsync<bool>(
            """
            async () => {
              const needed = ['/', ...[...document.querySelectorAll('script[src], link[rel=stylesheet]')].map((element) => element.src ?? element.href)];
              return (await Promise.all(needed.map((url) => caches.match(url)))).every(Boolean);
            }
            """),
        "the service worker has cached the page");

    /// <summary>One tap, which votes in a single choice and marks an option in a multiple choice.</summary>
    public Task VoteAsync(string label) => Option(label).TapAsync();

    /// <summary>Asserts that the receipt has arrived, and that these are the person's choices.</summary>
    public async Task CountedAsync(params string[] labels)
    {
        await SaysAsync("counted");
        await ChosenAsync(labels);
    }

    /// <summary>Asserts that exactly these options are shown as the person's choice.</summary>
    public Task ChosenAsync(params string[] labels) => Until.TrueAsync(
        async () => (await Page.Locator(".option[aria-pressed=true] .option-text").AllInnerTextsAsync()).SequenceEqual(labels),
        $"the own choice is {string.Join(", ", labels)}");
}
