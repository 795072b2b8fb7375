namespace Polls.Prove;

/// <summary>Collects checks and evidence for each guarantee. Thread-safe.</summary>
internal sealed class Verdicts
{
    private const int MaxEvidence = 5;
    private readonly Lock sync = new();
    private readonly SortedDictionary<Guarantee, SortedDictionary<string, long>> checks = [];
    private readonly SortedDictionary<Guarantee, (long Times, List<string> Evidence)> broken = [];

    /// <summary>Raised once for each broken guarantee, with the first evidence.</summary>
    public event Action<Guarantee, string>? FirstBroken;

    /// <summary>The guarantees that are broken so far.</summary>
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

    /// <summary>Counts checks that would have detected a violation; a count of zero is ignored.</summary>
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

    /// <summary>Marks the guarantee as broken and records the evidence.</summary>
    public void Break(Guarantee guarantee, string evidence)
    {
        bool isFirst;
        lock (sync)
        {
            var (times, all) = broken.TryGetValue(guarantee, out var known) ? known : (0, []);
            if (all.Count < MaxEvidence)
            {
                all.Add(evidence);
            }

            broken[guarantee] = (times + 1, all);
            isFirst = times == 0;
        }

        if (isFirst)
        {
            FirstBroken?.Invoke(guarantee, evidence);
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
                checks.TryGetValue(guarantee, out var all)
                    ? [.. all.Select(item => $"{item.Value} {item.Key}")]
                    : []))];
        }
    }
}

/// <summary>The verdict on one guarantee.</summary>
/// <param name="Guarantee">The guarantee.</param>
/// <param name="Evidence">The first pieces of evidence that it is broken.</param>
/// <param name="TimesBroken">The number of violations.</param>
/// <param name="Checks">What was checked, each with its count.</param>
internal sealed record Verdict(
    Guarantee Guarantee, IReadOnlyList<string> Evidence, long TimesBroken, IReadOnlyList<string> Checks)
{
    /// <summary><c>holds</c>, <c>broken</c> or <c>not exercised</c>.</summary>
    public string Word => TimesBroken > 0 ? "broken" : Checks.Count > 0 ? "holds" : "not exercised";
}
