using System.Globalization;
using System.Text.Json;

namespace Polls.Prove.Kinds;

/// <summary>An answer: what is sent, what receipts must show, and what it adds to the tally.</summary>
/// <param name="Member">The one member of the poll's kind; null to withdraw.</param>
/// <param name="Sent">The value of that member.</param>
/// <param name="Stored">What receipts show, as <see cref="Read"/> returns it.</param>
/// <param name="Adds">The numbers of the tally that it adds to, with what it adds; nothing if it withdraws.</param>
internal sealed record Answer(string? Member, object? Sent, string Stored, SortedDictionary<int, int> Adds)
{
    private static readonly string[] Members = ["choices", "value", "values", "ranking", "points", "number", "texts"];

    public bool IsWithdrawal => Member is null;

    /// <summary>The body of the call with this revision.</summary>
    public Dictionary<string, object?> ToBody(int revision) => new() { ["revision"] = revision, [Member!] = Sent };

    /// <summary>The answer in a receipt or in <c>myVotes</c>, as one text.</summary>
    public static string Read(JsonElement vote) => string.Join(
        "; ",
        Members.Where(member => vote.TryGetProperty(member, out _))
            .Select(member => $"{member} {Describe(vote.GetProperty(member))}"));

    /// <summary>The same text for a value that is sent.</summary>
    public static string Describe(string member, object value) =>
        $"{member} {Describe(JsonSerializer.SerializeToElement(value))}";

    public override string ToString() => IsWithdrawal ? "(withdrawn)" : Stored;

    private static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Describe))}]",
        JsonValueKind.Number => value.GetDecimal().ToString("0.######", CultureInfo.InvariantCulture),
        JsonValueKind.String => $"'{value.GetString()}'",
        _ => value.GetRawText(),
    };
}
