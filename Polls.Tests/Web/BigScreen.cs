using Microsoft.Playwright;

namespace Polls.Tests.Web;

/// <summary>The projector.</summary>
internal sealed class BigScreen(IBrowserContext context, IPage page, Uri home) : Tab(context, page, home)
{
    /// <summary>Chooses the theme with the button, which offers only the other one.</summary>
    public Task ChooseThemeAsync(bool dark) =>
        Page.GetByRole(AriaRole.Button, new() { Name = Text(dark ? "dark" : "light"), Exact = true }).ClickAsync();

    protected override Look[] Sizes { get; } = [new(960, 1080), new(1024, 768)];

    protected override (string Voters, string Counts) TallyPlaces => (".voters", ".chart-share small");

    public override Task<string[]> MisfitsAsync(Look look) => Inspection.CutOffAsync(Page);
}
