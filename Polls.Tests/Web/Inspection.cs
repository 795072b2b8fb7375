using Microsoft.Playwright;

namespace Polls.Tests.Web;

/// <summary>Looks at a page in the state it is in; what is wrong is told in words, nothing wrong is no words.</summary>
internal static class Inspection
{
    // Beside the tests by the project file; run by the driver, since the pages' policy lets no foreign script in.
    private static readonly string Axe = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "axe.min.js"));

    /// <summary>What axe-core finds against WCAG 2.2 AA and against good practice.</summary>
    public static async Task<string[]> BarriersAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
        {
            await page.EvaluateAsync(Axe);
        }

        return await page.EvaluateAsync<string[]>(
            """
            async () => {
              const { violations } = await axe.run({
                runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
                resultTypes: ['violations'],
              });
              return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
                `${id}: ${html.slice(0, 120)} ${failureSummary.split('\n').slice(1).join(' ').trim()}`));
            }
            """);
    }

    /// <summary>On a phone nothing scrolls sideways or sticks out, and all that can be tapped is large enough for a thumb.</summary>
    public static Task<string[]> MisfitsAsync(IPage page, int width) => page.EvaluateAsync<string[]>(
        """
        (width) => {
          const misfits = [];
          const tell = (element) => element.outerHTML.slice(0, 100);
          // Not innerWidth: a phone zooms out when a page is too wide.
          if (document.scrollingElement.scrollWidth > width) misfits.push(`scrolls sideways: ${document.scrollingElement.scrollWidth}`);
          for (const element of document.querySelectorAll('#app *:not(.unseen, .unseen *, .bar *)')) {
            const { left, right } = element.getBoundingClientRect();
            if (left < -1 || right > width + 1) misfits.push(`sticks out, ${left} to ${right}: ${tell(element)}`);
          }
          for (const element of document.querySelectorAll('button, a, input')) {
            const box = element.getBoundingClientRect();
            if (box.width < 44 || box.height < 44) misfits.push(`too small, ${box.width}x${box.height}: ${tell(element)}`);
          }
          return misfits;
        }
        """,
        width);

    /// <summary>Nothing scrolls sideways or sticks out, neither on the page nor in a window over it; a row of chips may.</summary>
    public static Task<string[]> SidewaysAsync(IPage page, int width) => page.EvaluateAsync<string[]>(
        """
        (width) => {
          const misfits = [];
          for (const element of [document.scrollingElement, ...document.querySelectorAll('dialog')]) {
            const room = element.matches('dialog') ? element.clientWidth : width;
            if (element.scrollWidth > room) misfits.push(`scrolls sideways: ${element.tagName} ${element.scrollWidth}`);
          }
          for (const element of document.querySelectorAll('#app *:not(.unseen, .unseen *, .bar *, .chips *)')) {
            const { left, right } = element.getBoundingClientRect();
            if (left < -1 || right > width + 1) misfits.push(`sticks out, ${left} to ${right}: ${element.outerHTML.slice(0, 100)}`);
          }
          return misfits;
        }
        """,
        width);

    /// <summary>On a projector, which nobody can scroll, nothing is cut off.</summary>
    public static Task<string[]> CutOffAsync(IPage page) => page.EvaluateAsync<string[]>(
        """
        () => {
          const misfits = [];
          const root = document.scrollingElement;
          if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) misfits.push(`scrolls: ${root.scrollWidth}x${root.scrollHeight}`);
          const stage = document.querySelector('.stage');
          if (stage && stage.scrollHeight > stage.clientHeight + 1) misfits.push(`stage cut off: ${stage.scrollHeight} > ${stage.clientHeight}`);
          if (stage && stage.scrollWidth > stage.clientWidth + 1) misfits.push(`stage cut off: ${stage.scrollWidth} wide > ${stage.clientWidth}`);
          for (const element of document.querySelectorAll('#app *:not(.unseen, .unseen *, .bar *)')) {
            const { left, top, right, bottom } = element.getBoundingClientRect();
            if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) misfits.push(`sticks out: ${element.outerHTML.slice(0, 100)}`);
          }
          return misfits;
        }
        """);
}
