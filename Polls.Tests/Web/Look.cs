using Microsoft.Playwright;

namespace Polls.Tests.Web;

/// <summary>
/// The properties of a browser: its size, theme and language. Animations run only in tests about them.
/// </summary>
public sealed record Look(int Width, int Height, bool Dark = false, string Language = "en", bool Touch = true, bool Motion = false)
{
    internal static Look Phone { get; } = new(390, 844);

    internal static Look Laptop { get; } = new(1280, 800, Touch: false);

    internal static Look Projector { get; } = new(1280, 720, Touch: false);

    internal BrowserNewContextOptions Options => new()
    {
        ViewportSize = new() { Width = Width, Height = Height },
        ColorScheme = Dark ? ColorScheme.Dark : ColorScheme.Light,
        ReducedMotion = Motion ? ReducedMotion.NoPreference : ReducedMotion.Reduce,
        Locale = Language,
        IsMobile = Touch,
        HasTouch = Touch,
    };

    /// <summary>Gives an open page this size and theme. Its language and touch stay: they belong to the page.</summary>
    internal async Task ApplyAsync(IPage page)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = Options.ColorScheme });
        await ResizeAsync(page);
    }

    /// <summary>Gives an open page this size.</summary>
    internal async Task ResizeAsync(IPage page)
    {
        await page.SetViewportSizeAsync(Width, Height);
        // The page handles the change before the first frame, and renders the consequences before the second one.
        await page.EvaluateAsync("() => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(told)))");
        (await page.EvaluateAsync<int>("() => document.documentElement.clientWidth")).ShouldBe(Width);
    }

    public override string ToString() => $"{Width}x{Height} {(Dark ? "dark" : "light")} {Language}";
}
