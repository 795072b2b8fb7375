using Microsoft.Playwright;

namespace Polls.Tests.Web;

/// <summary>Inspects a page in its current state; returns the problems as texts.</summary>
internal static class Inspection
{
    // The project file copies it next to the tests; the driver runs it, because the pages' policy does not allow
    // foreign scripts.
    private static readonly string Axe = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "axe.min.js"));

    /// <summary>Violations of WCAG 2.2 AA and best practices, found by axe-core.</summary>
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

    /// <summary>
    /// On a phone nothing scrolls or extends sideways, and every control is large enough for a thumb.
    /// </summary>
    public static Task<string[]> MisfitsAsync(IPage page, Look look) => page.EvaluateAsync<string[]>(
        """
        (width) => {
          const misfits = [];
          const tell = (element) => element.outerHTML.slice(0, 100);
          // Not innerWidth: a phone zooms out if a page is too wide.
          if (document.scrollingElement.scrollWidth > width) misfits.push(`scrolls sideways: ${document.scrollingElement.scrollWidth}`);
          for (const element of document.querySelectorAll('#app *:not(.unseen, .unseen *, .bar *, .table-frame *)')) {
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
        look.Width);

    /// <summary>Nothing scrolls or extends sideways, neither on the page nor in a dialog; a row of chips may.</summary>
    public static Task<string[]> SidewaysAsync(IPage page, Look look) => page.EvaluateAsync<string[]>(
        """
        (width) => {
          const misfits = [];
          for (const element of [document.scrollingElement, ...document.querySelectorAll('dialog')]) {
            const room = element.matches('dialog') ? element.clientWidth : width;
            if (element.scrollWidth > room) misfits.push(`scrolls sideways: ${element.tagName} ${element.scrollWidth}`);
          }
          for (const element of document.querySelectorAll('#app *:not(.unseen, .unseen *, .bar *, .chips *, .table-frame *)')) {
            const { left, right } = element.getBoundingClientRect();
            if (left < -1 || right > width + 1) misfits.push(`sticks out, ${left} to ${right}: ${element.outerHTML.slice(0, 100)}`);
          }
          return misfits;
        }
        """,
        look.Width);

    /// <summary>On a projector, where nobody can scroll, nothing is cut off.</summary>
    public static Task<string[]> CutOffAsync(IPage page) => page.EvaluateAsync<string[]>(
        """
        () => {
          const misfits = [];
          const root = document.scrollingElement;
          if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) misfits.push(`scrolls: ${root.scrollWidth}x${root.scrollHeight}`);
          const stage = document.querySelector('.stage');
          if (stage && stage.scrollHeight > stage.clientHeight + 1) misfits.push(`stage cut off: ${stage.scrollHeight} > ${stage.clientHeight}`);
          if (stage && stage.scrollWidth > stage.clientWidth + 1) misfits.push(`stage cut off: ${stage.scrollWidth} wide > ${stage.clientWidth}`);
          for (const element of document.querySelectorAll('#app *:not(.unseen, .unseen *, .bar *, .table-frame *)')) {
            const { left, top, right, bottom } = element.getBoundingClientRect();
            if (left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1) misfits.push(`sticks out: ${element.outerHTML.slice(0, 100)}`);
          }
          return misfits;
        }
        """);
}
