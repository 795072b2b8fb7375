using System.Text.Json;

namespace Polls.Prove.History;

/// <summary>A tally as a client or the database showed it.</summary>
internal sealed record SeenTally(Guid Poll, long Version, int[] Counts, int Voters)
{
    /// <summary>Parses a <c>Tally</c> of the contract.</summary>
    public static SeenTally From(JsonElement tally) => new(
        tally.GetProperty("pollId").GetGuid(), tally.GetProperty("version").GetInt64(),
        [.. tally.GetProperty("counts").EnumerateArray().Select(count => count.GetInt32())],
        tally.GetProperty("voters").GetInt32());

    public bool Matches(SeenTally other) =>
        Version == other.Version && Voters == other.Voters && Counts.AsSpan().SequenceEqual(other.Counts);

    public override string ToString() => $"version {Version}: [{string.Join(' ', Counts)}] of {Voters} voters";
}
