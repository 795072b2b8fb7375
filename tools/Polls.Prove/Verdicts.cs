namespace Polls.Prove;

/// <summary>What was checked of each guarantee, and what was found broken. Anybody may write at any time.</summary>
internal sealed class Verdicts
{
    private const int MostEvidence = 5;
    private readonly Lock sync = new();
    private readonly SortedDictionary<Guarantee, SortedDictionary<string, long>> checks = [];
    private readonly SortedDictionary<Guarantee, (long Times, List<string> Evidence)> broken = [];

    /// <summary>Raised once for each guarantee, with the first evidence.</summary>
    public event Action<Guarantee, string>? FoundBroken;

    /// <summary>The guarantees found broken so far.</summary>
    public IReadOnlyList<Guarantee> Broken
    {
        get
        {
            lock (sync)
            {
                return [.. broken.Keys];
            }
        }
    }

    /// <summary>Something was looked at that would have shown the guarantee broken, so many times; never is not a check.</summary>
    public void Checked(Guarantee guarantee, string what, long times = 1)
    {
        if (times <= 0)
        {
            return;
        }

        lock (sync)
        {
            var all = checks.TryGetValue(guarantee, out var known) ? known : checks[guarantee] = [];
            all[what] = all.GetValueOrDefault(what) + times;
        }
    }

    /// <summary>The guarantee does not hold, and this shows it.</summary>
    public void Break(Guarantee guarantee, string evidence)
    {
        bool isFirst;
        lock (sync)
        {
            var (times, all) = broken.TryGetValue(guarantee, out var known) ? known : (0, []);
            if (all.Count < MostEvidence)
            {
                all.Add(evidence);
            }

            broken[guarantee] = (times + 1, all);
            isFirst = times == 0;
        }

        if (isFirst)
        {
            FoundBroken?.Invoke(guarantee, evidence);
        }
    }

    /// <summary>One verdict per guarantee, in order.</summary>
    public IReadOnlyList<Verdict> Conclude()
    {
        lock (sync)
        {
            return [.. GuaranteeNames.All.Select(guarantee => new Verdict(
                guarantee,
                broken.TryGetValue(guarantee, out var found) ? found.Evidence : [],
                found.Times,
                checks.TryGetValue(guarantee, out var all) ? [.. all.Select(item => $"{item.Value} {item.Key}")] : []))];
        }
    }
}

/// <summary>What the run has to say of one guarantee.</summary>
/// <param name="Guarantee">Which one.</param>
/// <param name="Evidence">The first few things seen that show it broken.</param>
/// <param name="TimesBroken">How often it was seen broken.</param>
/// <param name="Checks">What was looked at, with numbers.</param>
internal sealed record Verdict(Guarantee Guarantee, IReadOnlyList<string> Evidence, long TimesBroken, IReadOnlyList<string> Checks)
{
    /// <summary><c>holds</c>, <c>broken</c> or <c>not exercised</c>.</summary>
    public string Word => TimesBroken > 0 ? "broken" : Checks.Count > 0 ? "holds" : "not exercised";
}
