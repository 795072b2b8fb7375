namespace Polls.Tests.Web;

/// <summary>The problems found in all states of a page, so that one run reports all of them.</summary>
internal sealed class Flaws
{
    private readonly Dictionary<string, List<string>> states = [];

    /// <summary>Inspects a state of a page for barriers and for faults of its layout, in each of these looks.</summary>
    public async Task InspectAsync(string state, Tab tab, IEnumerable<Look> looks)
    {
        foreach (var look in looks)
        {
            await look.ApplyAsync(tab.Page);
            Note($"{state}, {look}", [.. await Inspection.BarriersAsync(tab.Page), .. await tab.MisfitsAsync(look)]);
        }
    }

    public void ShouldBeNone()
    {
        var told = states.Take(30).Select(found => $"{found.Key} ({string.Join(", ", found.Value)})");
        string.Join('\n', told).ShouldBeEmpty();
    }

    private void Note(string state, IEnumerable<string> flaws)
    {
        foreach (var flaw in flaws.Distinct())
        {
            states.TryAdd(flaw, []);
            states[flaw].Add(state);
        }
    }
}
