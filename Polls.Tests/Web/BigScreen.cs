using Microsoft.Playwright;

namespace Polls.Tests.Web;

/// <summary>The projector.</summary>
internal sealed class BigScreen(IBrowserContext context, IPage page, Uri home) : Tab(context, page, home)
{
    protected override (string Voters, string Counts) TallyPlaces => (".voters", ".chart-share small");
}
