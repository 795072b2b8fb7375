using Microsoft.Playwright;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>
/// The browser of a collection of tests: Debian's own. Playwright brings its driver and downloads nothing.
/// </summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string WithoutWindows = "/usr/bin/chromium-headless-shell";

    private IPlaywright playwright = null!;

    internal IBrowser Browser { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        Assertions.SetDefaultExpectTimeout(30_000);
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = File.Exists(WithoutWindows) ? WithoutWindows : "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
    }

    public async Task DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
    }
}

/// <summary>
/// Tests of the participant's page. They run one after the other, with a browser and two instances of their own, beside
/// those of <see cref="HostPages"/>.
/// </summary>
[CollectionDefinition(nameof(PhonePages))]
public sealed class PhonePages : ICollectionFixture<Chromium>, ICollectionFixture<BreakableInstances>;

/// <summary>Tests of the host's pages, the desk and the big screen, with a browser and two instances of their own.</summary>
[CollectionDefinition(nameof(HostPages))]
public sealed class HostPages : ICollectionFixture<Chromium>, ICollectionFixture<BreakableInstances>;
