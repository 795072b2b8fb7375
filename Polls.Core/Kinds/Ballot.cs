using System.Text.Json.Serialization;
using Polls.Core.Storage;

namespace Polls.Core.Kinds;

/// <summary>
/// A checked answer as the vote path stores it. Compared by value; the states of new entries do not count.
/// </summary>
/// <param name="Marks">The cells of the tally that the answer adds to.</param>
/// <param name="Weights">What it adds to each of them; null if 1 to all.</param>
/// <param name="Keys">The keys of the entries that it adds 1 to, each once; null if none.</param>
/// <param name="Texts">The person's spelling of each key; null if it is the key.</param>
public sealed record Ballot(
    short[] Marks, int[]? Weights = null, string[]? Keys = null, string[]? Texts = null)
{
    /// <summary>A withdrawal.</summary>
    public static Ballot Empty { get; } = new([]);

    /// <summary>The state of each key's entry if it is new; null if they are all shown.</summary>
    [JsonIgnore]
    public EntryState[]? NewStates { get; init; }

    /// <summary>Whether it is a withdrawal.</summary>
    [JsonIgnore]
    public bool IsEmpty => Marks.Length == 0 && Keys is null;

    /// <inheritdoc />
    public bool Equals(Ballot? other) => other is not null && Marks.AsSpan().SequenceEqual(other.Marks)
        && Weights.AsSpan().SequenceEqual(other.Weights) && Keys.AsSpan().SequenceEqual(other.Keys)
        && Texts.AsSpan().SequenceEqual(other.Texts);

    /// <inheritdoc />
    public override int GetHashCode() =>
        HashCode.Combine(Marks.Length, Marks.FirstOrDefault(), Keys?.Length, Keys?.FirstOrDefault());
}
