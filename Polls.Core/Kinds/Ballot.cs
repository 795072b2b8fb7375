namespace Polls.Core.Kinds;

/// <summary>A checked answer as the vote path stores it. Compared by value.</summary>
/// <param name="Marks">The cells of the tally that the answer adds to; empty for a withdrawn vote.</param>
/// <param name="Weights">What it adds to each of them; null if 1 to all.</param>
public sealed record Ballot(short[] Marks, int[]? Weights = null)
{
    /// <summary>A withdrawal.</summary>
    public static Ballot Empty { get; } = new([]);

    /// <inheritdoc />
    public bool Equals(Ballot? other) => other is not null && Marks.AsSpan().SequenceEqual(other.Marks)
        && Weights.AsSpan().SequenceEqual(other.Weights);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Marks.Length, Marks.FirstOrDefault());
}
