using Polls.Prove.History;
using Polls.Prove.Kinds;

namespace Polls.Prove.Checks;

/// <summary>
/// The lowest and highest possible numbers of one poll's tally by version; the last one is the voters. Must be queried
/// in the order of versions.
/// </summary>
internal sealed class TallyBounds(int size)
{
    private readonly SortedDictionary<long, (int[] Min, int[] Max)> deltas = [];
    private readonly int[] min = new int[size + 1];
    private readonly int[] max = new int[size + 1];
    private Queue<KeyValuePair<long, (int[] Min, int[] Max)>>? pending;

    /// <summary>Adds the possible contribution of one voter.</summary>
    public void Add(Ballot ballot, IReadOnlyList<long> resets)
    {
        var (attempts, _, writes) = ballot.Read();
        long[] starts = [0, .. resets];
        for (var epoch = 0; epoch < starts.Length; epoch++)
        {
            var end = epoch + 1 < starts.Length ? starts[epoch + 1] : long.MaxValue;
            Add(
                ballot,
                starts[epoch],
                end,
                [.. writes.Where(write => write.Version > starts[epoch] && write.Version < end)
                    .OrderBy(write => write.Version)],
                attempts);
        }
    }

    /// <summary>The bounds of the tally at a version.</summary>
    public (int[] Min, int[] Max) At(long version)
    {
        pending ??= new(deltas);
        while (pending.TryPeek(out var delta) && delta.Key <= version)
        {
            for (var i = 0; i <= size; i++)
            {
                min[i] += delta.Value.Min[i];
                max[i] += delta.Value.Max[i];
            }

            pending.Dequeue();
        }

        return ([.. min], [.. max]);
    }

    private void Add(Ballot ballot, long start, long end, Write[] writes, IReadOnlyList<Attempt> attempts)
    {
        var nothing = NumbersOf(null);
        var known = writes.Select(write => write.Revision).ToHashSet();
        var unanswered = attempts
            .Where(attempt =>
                attempt.MayCount && !known.Contains(attempt.Revision) && attempt.AfterVersion + 1 < end)
            .OrderBy(attempt => attempt.AfterVersion).ToList();
        (int[] Min, int[] Max) now = (nothing, nothing);
        for (var i = -1; i < writes.Length; i++)
        {
            var from = i < 0 ? start : writes[i].Version;
            var until = i + 1 < writes.Length ? writes[i + 1].Version : end;
            var state = i < 0 ? nothing : NumbersOf(ballot.AnswerOf(writes[i].Revision));
            now = AddDelta(from, now, (state, state));
            foreach (var attempt in unanswered)
            {
                // Only a revision between the two stored ones can have been stored between them.
                var earliest = Math.Max(from, attempt.AfterVersion) + 1;
                if (earliest < until
                    && (i < 0 || attempt.Revision > writes[i].Revision)
                    && (i + 1 >= writes.Length || attempt.Revision < writes[i + 1].Revision))
                {
                    var other = NumbersOf(attempt.Answer);
                    now = AddDelta(
                        earliest, now, ([.. now.Min.Zip(other, Math.Min)], [.. now.Max.Zip(other, Math.Max)]));
                }
            }
        }

        if (end < long.MaxValue)
        {
            AddDelta(end, now, (nothing, nothing));
        }
    }

    private (int[] Min, int[] Max) AddDelta(long version, (int[] Min, int[] Max) from, (int[] Min, int[] Max) to)
    {
        if (!deltas.TryGetValue(version, out var delta))
        {
            delta = deltas[version] = (new int[size + 1], new int[size + 1]);
        }

        for (var i = 0; i <= size; i++)
        {
            delta.Min[i] += to.Min[i] - from.Min[i];
            delta.Max[i] += to.Max[i] - from.Max[i];
        }

        return to;
    }

    private int[] NumbersOf(Answer? answer)
    {
        var numbers = new int[size + 1];
        foreach (var (index, number) in answer?.Adds ?? [])
        {
            numbers[index] = number;
        }

        numbers[^1] = answer?.Adds.Count > 0 ? 1 : 0;
        return numbers;
    }
}
