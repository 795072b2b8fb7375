namespace Polls.Tests.Web;

/// <summary>The problems found in all states of a page, so that one run reports all of them.</summary>
internal sealed class Flaws
{
    private readonly Dictionary<string, List<string>> states = [];

    public void Note(string state, IEnumerable<string> flaws)
    {
        foreach (var flaw in flaws.Distinct())
        {
            states.TryAdd(flaw, []);
            states[flaw].Add(state);
        }
    }

    public void ShouldBeNone()
    {
        var told = states.Take(30).Select(found => $"{found.Key} ({string.Join(", ", found.Value)})");
        string.Join('\n', told).ShouldBeEmpty();
    }
}
