using Microsoft.Playwright;
using Polls.Api.Rooms;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>
/// A test with real pages from real instances. Every such test also fails if a page requested anything from another
/// origin, violated its Content-Security-Policy, threw an exception, or logged an error to the console.
/// Each class belongs to <see cref="PhonePages"/> or <see cref="HostPages"/>.
/// </summary>
public abstract class BrowserTest(BreakableInstances cluster, Chromium chromium) : IAsyncLifetime
{
    private readonly List<Tab> tabs = [];

    private protected BreakableInstances Cluster => cluster;

    /// <summary>The rows of a PostgreSQL query, with columns separated by bars.</summary>
    private protected async Task<string[]> AskAsync(string sql) =>
        (await cluster.Cluster.Postgres.ExecuteAsync(sql)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Task InitializeAsync() => cluster.MendAsync();

    public async Task DisposeAsync()
    {
        foreach (var tab in tabs)
        {
            await tab.DisposeAsync();
        }

        tabs.SelectMany(tab => tab.Traffic.Complaints).ShouldBeEmpty();
        GC.SuppressFinalize(this);
    }

    /// <summary>A phone that has opened this address on this instance.</summary>
    private protected async Task<Phone> PhoneAsync(TestApi home, string path, Look? look = null)
    {
        var phone = await NewPhoneAsync(home, look ?? Look.Phone);
        await phone.GoAsync(path);
        return phone;
    }

    /// <summary>A phone that has joined the room.</summary>
    private protected async Task<Phone> JoinedPhoneAsync(TestApi home, CreatedRoom room, Look? look = null)
    {
        var phone = await PhoneAsync(home, $"/r/{room.Code}", look);
        await phone.JoinAsync();
        return phone;
    }

    /// <summary>The big screen, opened with the link from the host.</summary>
    private protected async Task<BigScreen> ScreenAsync(TestApi home, CreatedRoom room, Look? look = null) =>
        await ScreenAsync(home, $"/screen/{room.Code}#token={await home.ScreenTokenAsync(room)}", look ?? Look.Projector);

    /// <summary>A big screen at this address.</summary>
    private protected async Task<BigScreen> ScreenAsync(TestApi home, string path, Look look)
    {
        var screen = await NewAsync(look, (context, page) => new BigScreen(context, page, home.Address));
        await screen.GoAsync(path);
        return screen;
    }

    /// <summary>The host's desk at this address, in a browser of its own.</summary>
    private protected async Task<Desk> DeskAsync(TestApi home, string path = "/host", Look? look = null)
    {
        var desk = await NewDeskAsync(home, look ?? Look.Laptop);
        await desk.GoAsync(path);
        return desk;
    }

    /// <summary>The desk of an existing room, opened with the host's link.</summary>
    private protected Task<Desk> DeskAsync(TestApi home, CreatedRoom room, Look? look = null) =>
        DeskAsync(home, $"/host/{room.Code}#token={room.HostToken}", look);

    /// <summary>The host ends the room.</summary>
    private protected async Task EndAsync(CreatedRoom room) =>
        (await Cluster.A.SendAsync(HttpMethod.Post, $"/api/rooms/{room.Code}/close", room.HostToken, null)).Dispose();

    private protected static Task EachAsync(IEnumerable<Tab> tabs, Func<Tab, Task> what) => Task.WhenAll(tabs.Select(what));

    /// <summary>A phone without an open page.</summary>
    private protected Task<Phone> NewPhoneAsync(TestApi home, Look look) =>
        NewAsync(look, (context, page) => new Phone(context, page, home.Address));

    /// <summary>A desk without an open page.</summary>
    private protected Task<Desk> NewDeskAsync(TestApi home, Look look) =>
        NewAsync(look, (context, page) => new Desk(context, page, home.Address));

    private async Task<TTab> NewAsync<TTab>(Look look, Func<IBrowserContext, IPage, TTab> make)
        where TTab : Tab
    {
        var context = await chromium.Browser.NewContextAsync(look.Options);
        var tab = make(context, await context.NewPageAsync());
        tabs.Add(tab);
        return tab;
    }
}
