using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Polls.Tests.Servers;

namespace Polls.Tests.Web;

/// <summary>One page in its own browser context: nothing is shared with the other tabs of a test.</summary>
internal abstract class Tab(IBrowserContext context, IPage page, Uri home) : IAsyncDisposable
{
    /// <summary>All visible text, without screen-reader announcements.</summary>
    private const string Everything = "#app > :not(.unseen)";

    private JsonElement texts;

    public IPage Page => page;

    public Traffic Traffic { get; } = new(page, home);

    protected Uri Home => home;

    /// <summary>Usual sizes of the windows in which it is opened.</summary>
    protected abstract Look[] Sizes { get; }

    /// <summary>The element with the shown result: the number of voters, and the count of each option.</summary>
    protected abstract (string Voters, string Counts) TallyPlaces { get; }

    /// <summary>Faults of the layout at this size, as texts.</summary>
    public abstract Task<string[]> MisfitsAsync(Look look);

    /// <summary>Asserts that the page's current state has no barriers, and fits windows of the usual sizes.</summary>
    public async Task IsSoundAsync()
    {
        var size = page.ViewportSize!;
        List<string> flaws = [.. await Inspection.BarriersAsync(page)];
        foreach (var look in Sizes)
        {
            await look.ResizeAsync(page);
            flaws.AddRange((await MisfitsAsync(look)).Select(misfit => $"{look}: {misfit}"));
        }

        await page.SetViewportSizeAsync(size.Width, size.Height);
        string.Join('\n', flaws.Take(10)).ShouldBeEmpty();
    }

    /// <summary>
    /// The page's text of this name (Polls.Web/src/messages), in its language, with the values inserted in order.
    /// </summary>
    public string Text(string name, params string[] values)
    {
        foreach (var part in texts.EnumerateObject())
        {
            if (part.Value.TryGetProperty(name, out var text))
            {
                var left = new Queue<string>(values);
                return Regex.Replace(text.GetString()!, @"\{\w+\}", _ => left.TryDequeue(out var value) ? value : "");
            }
        }

        throw new ArgumentException($"The page has no text '{name}'.", nameof(name));
    }

    /// <summary>A number formatted in the page's language.</summary>
    public Task<string> NumberAsync(int value) =>
        page.EvaluateAsync<string>("(value) => new Intl.NumberFormat(document.documentElement.lang).format(value)", value);

    /// <summary>Asserts that the page shows its text of this name.</summary>
    public Task SaysAsync(string name, params string[] values) => SeesAsync(Text(name, values));

    public Task SaysNoMoreAsync(string name) => SeesNoMoreAsync(Text(name));

    public Task SeesAsync(string text) => SeesAsync(text, Everything, whether: true);

    public Task SeesNoMoreAsync(string text) => SeesAsync(text, Everything, whether: false);

    /// <summary>Asserts that the text is announced to screen readers.</summary>
    public Task HearsAsync(string text) => SeesAsync(text, "#app > .unseen[role=status]", whether: true);

    /// <summary>Asserts that the page shows this result: number of voters, then counts per option.</summary>
    public async Task ShowsTallyAsync(params int[] tally)
    {
        var shown = "";
        await Until.TrueAsync(
            async () => (shown = string.Join(' ', await TallyAsync())) == string.Join(' ', tally), $"the page shows {string.Join(' ', tally)}");
    }

    /// <summary>
    /// Asserts that the page shows these counts per option; not every language writes the number of voters in digits.
    /// </summary>
    public Task ShowsCountsAsync(params int[] counts) => Until.TrueAsync(
        async () => (await TallyAsync()).Skip(1).SequenceEqual(counts), $"the page shows {string.Join(' ', counts)}");

    /// <summary>The shown result; null if none is shown.</summary>
    public Task<int[]> TallyAsync() => page.EvaluateAsync<int[]>(
        """
        ([voters, counts]) => [...document.querySelectorAll(voters), ...document.querySelectorAll(counts)].map((element) =>
          Number(element.textContent.replace(/[٠-٩]/g, (digit) => '٠١٢٣٤٥٦٧٨٩'.indexOf(digit)).replace(/\D/g, '')))
        """,
        new[] { TallyPlaces.Voters, TallyPlaces.Counts });

    /// <summary>From the next page on, the hub answers nothing.</summary>
    public Task GetNoAnswersAsync() => page.RouteWebSocketAsync(new Regex("/hubs/room"), _ => { });

    public Task LoseNetworkAsync()
    {
        Traffic.ExpectBrokenConnections();
        return context.SetOfflineAsync(true);
    }

    public Task FindNetworkAsync() => context.SetOfflineAsync(false);

    /// <summary>Opens an address of the same server, in the same browser context.</summary>
    public async Task GoAsync(string path)
    {
        await page.GotoAsync(new Uri(home, path).AbsoluteUri);
        await ReadTextsAsync();
    }

    /// <summary>The page is already open, because another one opened it.</summary>
    public async Task StayAsync()
    {
        // The driver's own wait can miss the event of a page that loads meanwhile.
        await page.WaitForFunctionAsync("() => document.readyState !== 'loading' && document.getElementById('texts')");
        await ReadTextsAsync();
    }

    /// <summary>
    /// Waits until the page's path matches. The driver's own wait misses an address that the page changes while it
    /// loads, as the desk does with the part after the '#'.
    /// </summary>
    public Task IsAtAsync(string path) =>
        Until.TrueAsync(() => Regex.IsMatch(new Uri(page.Url).AbsolutePath, path), $"the page is at {path}");

    public Task ReloadAsync() => page.ReloadAsync();

    public async ValueTask DisposeAsync() => await context.DisposeAsync();

    // Polls often: the driver's own assertions soon poll only once a second.
    private async Task SeesAsync(string text, string where, bool whether)
    {
        try
        {
            await page.WaitForFunctionAsync(
                """
                ([text, where, whether]) => {
                  const plain = (words) => words.replace(/\s+/g, ' ');
                  const place = document.querySelector(where);
                  return place && plain(place.innerText).includes(plain(text)) === whether;
                }
                """,
                new object[] { text, where, whether }, new() { PollingInterval = 50 });
        }
        catch (TimeoutException waited)
        {
            throw new TimeoutException($"Timed out waiting {(whether ? "for" : "for the end of")} '{text}' on {await page.Locator(where).InnerTextAsync()}", waited);
        }
    }

    private async Task ReadTextsAsync() =>
        texts = JsonDocument.Parse(await page.Locator("#texts").TextContentAsync() ?? "{}").RootElement;
}
