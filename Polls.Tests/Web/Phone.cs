using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>Somebody's phone.</summary>
internal sealed class Phone(IBrowserContext context, IPage page, Uri home) : Tab(context, page, home)
{
    private const char EndOfRecord = '\u001e';

    public ILocator JoinButton => Page.GetByRole(AriaRole.Button, new() { Name = Text("join"), Exact = true });

    /// <summary>Everything in the open polls that can be tapped to choose.</summary>
    public ILocator Options => Page.Locator(".option");

    protected override (string Voters, string Counts) TallyPlaces =>
        (".poll-facts.numbers, .poll-facts > .numbers:not(.countdown)", ".option-share small");

    public ILocator Option(string label) =>
        Page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex($@"^{Regex.Escape(label)}(?!\w)") });

    public ILocator Button(string textName) => Page.GetByRole(AriaRole.Button, new() { Name = Text(textName), Exact = true });

    /// <summary>Types the code from the screen, digit by digit; the sixth one leads on.</summary>
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

    /// <summary>From the next page on, what the hub says at the end of a connection arrives when the page has taken in its beginning.</summary>
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

    /// <summary>Where the code of a slip is typed.</summary>
    public ILocator Seat => Page.Locator("#seat");

    /// <summary>Taps what leads to the desk's page, where its window for signing in is open then.</summary>
    public async Task<Desk> GoToSignInAsync(string textName = "signIn")
    {
        await Button(textName).TapAsync();
        await IsAtAsync("^/host$");
        var desk = new Desk(Page.Context, Page, Home);
        await desk.StayAsync();
        await desk.SaysAsync("signInToVote");
        return desk;
    }

    /// <summary>Signs in at the desk's page to join a room for accounts, and is back.</summary>
    public async Task SignInAsync(string email, bool register = false)
    {
        await (await GoToSignInAsync()).SignInAsync(email, register);
        await IsBackAsync();
        await SeesAsync(email);
    }

    /// <summary>On the room's page again, coming from the desk's.</summary>
    public Task IsBackAsync() => IsAtAsync(@"^/r/\d{6}$");

    /// <summary>The name that this device is signed in with; nothing when it is not.</summary>
    public Task<string?> AccountAsync() =>
        Page.EvaluateAsync<string?>("() => JSON.parse(localStorage.getItem('polls.host.account') ?? '{}').email ?? null");

    /// <summary>Another tab of the same person, where this one is.</summary>
    public async Task<Phone> AnotherTabAsync()
    {
        var other = new Phone(Page.Context, await Page.Context.NewPageAsync(), Home);
        await other.GoAsync(new Uri(Page.Url).AbsolutePath);
        return other;
    }

    /// <summary>The service worker keeps all that the page needs to open without a connection.</summary>
    public Task ShellIsKeptAsync() => Until.TrueAsync(
        () => Page.EvaluateAsync<bool>(
            """
            async () => {
              const needed = ['/', ...[...document.querySelectorAll('script[src], link[rel=stylesheet]')].map((element) => element.src ?? element.href)];
              return (await Promise.all(needed.map((url) => caches.match(url)))).every(Boolean);
            }
            """),
        "the service worker keeps the page");

    /// <summary>One tap, which votes where one may be chosen and marks where several may be.</summary>
    public Task VoteAsync(string label) => Option(label).TapAsync();

    /// <summary>The receipt came, and these are the own choices.</summary>
    public async Task CountedAsync(params string[] labels)
    {
        await SaysAsync("counted");
        await ChosenAsync(labels);
    }

    /// <summary>These options are shown as the own choice, no others.</summary>
    public Task ChosenAsync(params string[] labels) => Until.TrueAsync(
        async () => (await Page.Locator(".option[aria-pressed=true] .option-text").AllInnerTextsAsync()).SequenceEqual(labels),
        $"the own choice is {string.Join(", ", labels)}");
}
