using System.Text;
using System.Text.Json;

namespace Polls.Prove.History;

/// <summary>A tally as a client showed it.</summary>
internal sealed record SeenTally(
    Guid Poll, long Version, int[] Counts, int Voters, SeenEntries? Entries = null, SeenNumbers? Numbers = null)
{
    /// <summary>Parses a <c>Tally</c> of the contract.</summary>
    public static SeenTally From(JsonElement tally) => new(
        tally.GetProperty("pollId").GetGuid(), tally.GetProperty("version").GetInt64(),
        [.. tally.GetProperty("counts").EnumerateArray().Select(count => count.GetInt32())],
        tally.GetProperty("voters").GetInt32(),
        tally.TryGetProperty("entries", out var entries) ? SeenEntries.From(entries) : null,
        tally.TryGetProperty("numbers", out var numbers) ? SeenNumbers.Parse(numbers) : null);

    /// <summary>Whether both can be of one version: of entries, audiences get more or fewer.</summary>
    public bool Matches(SeenTally other) =>
        Version == other.Version && Voters == other.Voters && Counts.AsSpan().SequenceEqual(other.Counts)
        && (Entries is null ? other.Entries is null : other.Entries is not null && Entries.Matches(other.Entries))
        && (Numbers is null ? other.Numbers is null : other.Numbers is not null && Numbers.Matches(other.Numbers));

    public override string ToString() =>
        $"version {Version}: [{string.Join(' ', Counts)}] of {Voters} voters"
            + $"{(Entries is null ? "" : $", {Entries}")}{(Numbers is null ? "" : $", {Numbers}")}";
}

/// <summary>The entries that a client showed.</summary>
internal sealed record SeenEntries(int Total, IReadOnlyList<SeenEntry> Items, int Others, int Bytes)
{
    /// <summary>Parses the <c>entries</c> of a tally.</summary>
    public static SeenEntries From(JsonElement entries) => new(
        entries.GetProperty("total").GetInt32(),
        [.. entries.GetProperty("items").EnumerateArray().Select(SeenEntry.From)],
        entries.GetProperty("others").GetInt32(), Encoding.UTF8.GetByteCount(entries.GetRawText()));

    /// <summary>Whether the most frequent ones come first, and of equal ones the older.</summary>
    public bool IsInOrder =>
        Items.SequenceEqual(Items.OrderByDescending(item => item.Count).ThenBy(item => item.N));

    public bool Matches(SeenEntries other)
    {
        var both = Math.Min(Items.Count, other.Items.Count);
        return Total == other.Total && People == other.People && Items.Take(both).SequenceEqual(other.Items.Take(both));
    }

    public override string ToString() =>
        $"{Total} entries: {string.Join(", ", Items)}, others {Others}";

    private int People => Others + Items.Sum(item => item.Count);
}

/// <summary>An entry that a client showed.</summary>
internal sealed record SeenEntry(int N, string Text, int Count)
{
    /// <summary>Parses an item of <c>entries</c>.</summary>
    public static SeenEntry From(JsonElement item) => new(
        item.GetProperty("n").GetInt32(), item.GetProperty("text").GetString()!, item.GetProperty("count").GetInt32());

    public override string ToString() => $"{N} '{Text}' {Count}";
}

/// <summary>The figures that a client showed.</summary>
internal sealed record SeenNumbers(
    int N, decimal? Min = null, decimal? Max = null, decimal? Mean = null, decimal? Median = null, decimal? Q1 = null,
    decimal? Q3 = null, int[]? Bins = null, decimal? From = null, decimal? Width = null)
{
    /// <summary>Parses the <c>numbers</c> of a tally.</summary>
    public static SeenNumbers Parse(JsonElement numbers)
    {
        decimal? Figure(string name) => numbers.TryGetProperty(name, out var figure) ? figure.GetDecimal() : null;
        return new(
            numbers.GetProperty("n").GetInt32(), Figure("min"), Figure("max"), Figure("mean"), Figure("median"),
            Figure("q1"), Figure("q3"),
            numbers.TryGetProperty("bins", out var bins)
                ? [.. bins.EnumerateArray().Select(bin => bin.GetInt32())]
                : null,
            Figure("from"), Figure("width"));
    }

    public bool Matches(SeenNumbers other) =>
        Bins.AsSpan().SequenceEqual(other.Bins) && this with { Bins = null } == other with { Bins = null };

    public override string ToString() =>
        $"{N} numbers: {Min} to {Max}, mean {Mean}, median {Median}, quartiles {Q1} and {Q3}, "
            + $"[{string.Join(' ', Bins ?? [])}] from {From} in steps of {Width}";
}
