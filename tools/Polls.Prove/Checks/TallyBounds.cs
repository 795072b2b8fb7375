using Polls.Prove.History;

namespace Polls.Prove.Checks;

/// <summary>The least and the most that each count of one poll can be, by version; the last number is the voters. To be asked in the order of versions.</summary>
internal sealed class TallyBounds(int options)
{
    private readonly SortedDictionary<long, (int[] Least, int[] Most)> moves = [];
    private readonly int[] least = new int[options + 1];
    private readonly int[] most = new int[options + 1];
    private Queue<KeyValuePair<long, (int[] Least, int[] Most)>>? ahead;

    /// <summary>Adds what one voter can have contributed.</summary>
    public void Add(Ballot ballot, IReadOnlyList<long> resets)
    {
        var (attempts, _, writes) = ballot.Read();
        long[] starts = [0, .. resets];
        for (var epoch = 0; epoch < starts.Length; epoch++)
        {
            var end = epoch + 1 < starts.Length ? starts[epoch + 1] : long.MaxValue;
            Add(ballot, starts[epoch], end, [.. writes.Where(write => write.Version > starts[epoch] && write.Version < end).OrderBy(write => write.Version)], attempts);
        }
    }

    /// <summary>What the tally of this version can be.</summary>
    public (int[] Least, int[] Most) At(long version)
    {
        ahead ??= new(moves);
        while (ahead.TryPeek(out var move) && move.Key <= version)
        {
            for (var i = 0; i <= options; i++)
            {
                least[i] += move.Value.Least[i];
                most[i] += move.Value.Most[i];
            }

            ahead.Dequeue();
        }

        return ([.. least], [.. most]);
    }

    private void Add(Ballot ballot, long start, long end, Write[] writes, IReadOnlyList<Attempt> attempts)
    {
        var nothing = new int[options + 1];
        var known = writes.Select(write => write.Revision).ToHashSet();
        var open = attempts.Where(attempt => attempt.Unknown > 0 && !known.Contains(attempt.Revision) && attempt.After + 1 < end).OrderBy(attempt => attempt.After).ToList();
        (int[] Least, int[] Most) now = (nothing, nothing);
        for (var i = -1; i < writes.Length; i++)
        {
            var from = i < 0 ? start : writes[i].Version;
            var until = i + 1 < writes.Length ? writes[i + 1].Version : end;
            var state = i < 0 ? nothing : Marks(ballot.ChoicesOf(writes[i].Revision) ?? []);
            now = Move(from, now, (state, state));
            foreach (var attempt in open)
            {
                // Stored in between it must have been higher than the one before, and lower than the next one.
                var comes = Math.Max(from, attempt.After) + 1;
                if (comes < until && (i < 0 || attempt.Revision > writes[i].Revision) && (i + 1 >= writes.Length || attempt.Revision < writes[i + 1].Revision))
                {
                    var other = Marks(attempt.Choices);
                    now = Move(comes, now, ([.. now.Least.Zip(other, Math.Min)], [.. now.Most.Zip(other, Math.Max)]));
                }
            }
        }

        if (end < long.MaxValue)
        {
            Move(end, now, (nothing, nothing));
        }
    }

    private (int[] Least, int[] Most) Move(long version, (int[] Least, int[] Most) from, (int[] Least, int[] Most) to)
    {
        if (!moves.TryGetValue(version, out var move))
        {
            move = moves[version] = (new int[options + 1], new int[options + 1]);
        }

        for (var i = 0; i <= options; i++)
        {
            move.Least[i] += to.Least[i] - from.Least[i];
            move.Most[i] += to.Most[i] - from.Most[i];
        }

        return to;
    }

    private int[] Marks(int[] choices)
    {
        var marks = new int[options + 1];
        foreach (var choice in choices)
        {
            marks[choice]++;
        }

        marks[^1] = choices.Length > 0 ? 1 : 0;
        return marks;
    }
}
