using Polls.Prove.History;

namespace Polls.Prove.Kinds;

/// <summary>
/// What a kind of question counts, written from the contract and independent of the product's code. The tally of a poll
/// is a list of numbers: its cells, then of kinds with entries the count of every key that the answers here can have.
/// </summary>
/// <param name="kind">The kind's name in the contract.</param>
/// <param name="options">The number of options.</param>
/// <param name="cells">The number of cells.</param>
internal abstract class KindModel(string kind, int options, int cells)
{
    public string Kind => kind;

    public int Options => options;

    public int Cells => cells;

    /// <summary>The keys of all entries that the answers can add to; empty for kinds without entries.</summary>
    public virtual IReadOnlyList<string> Keys => [];

    /// <summary>The number of cells and keys.</summary>
    public int Size => cells + Keys.Count;

    /// <summary>Whether the entries can be read page by page.</summary>
    public virtual bool HasPages => false;

    /// <summary>The kind's own settings of a draft.</summary>
    public abstract IReadOnlyDictionary<string, object> Settings { get; }

    /// <summary>The answer that withdraws a vote.</summary>
    public Answer Withdrawn => new(null, null, StoredWhenWithdrawn, new SortedDictionary<int, int>());

    /// <summary>What receipts show of a withdrawn vote.</summary>
    protected virtual string StoredWhenWithdrawn => "";

    /// <summary>A random valid answer.</summary>
    public abstract Answer Draw(Random random);

    /// <summary>The place of a key in the tally; -1 if no answer has it.</summary>
    public int IndexOf(string key)
    {
        var i = Keys.Count - 1;
        while (i >= 0 && Keys[i] != key)
        {
            i--;
        }

        return i < 0 ? -1 : cells + i;
    }

    /// <summary>
    /// Whether clients may be shown this tally while each number is between two bounds, the voters last.
    /// </summary>
    public bool Allows(SeenTally tally, int[] min, int[] max)
    {
        for (var i = 0; i < tally.Counts.Length && i < cells; i++)
        {
            if (tally.Counts[i] < min[i] || tally.Counts[i] > max[i])
            {
                return false;
            }
        }

        return tally.Counts.Length == cells && tally.Voters >= min[^1] && tally.Voters <= max[^1]
            && AllowsEntries(tally, min.AsSpan(cells..^1), max.AsSpan(cells..^1));
    }

    /// <summary>Whether clients may be shown these entries or figures while each count is between two bounds.</summary>
    protected virtual bool AllowsEntries(SeenTally tally, ReadOnlySpan<int> min, ReadOnlySpan<int> max) =>
        tally is { Entries: null, Numbers: null };

    /// <summary>An answer.</summary>
    /// <param name="member">The answer's one member.</param>
    /// <param name="sent">Its value.</param>
    /// <param name="adds">The numbers of the tally that it adds to, with what it adds.</param>
    /// <param name="stored">The value that receipts show, if another one.</param>
    protected static Answer Answer(
        string member, object sent, IEnumerable<(int Index, int Number)> adds, object? stored = null) =>
        new(member, sent, Kinds.Answer.Describe(member, stored ?? sent),
            new SortedDictionary<int, int>(adds.ToDictionary(item => item.Index, item => item.Number)));

    /// <summary>Some of the first integers, in random order.</summary>
    protected static int[] Some(Random random, int of, int atLeast, int atMost)
    {
        var all = Enumerable.Range(0, of).ToArray();
        random.Shuffle(all);
        return all[..random.Next(atLeast, atMost + 1)];
    }
}
