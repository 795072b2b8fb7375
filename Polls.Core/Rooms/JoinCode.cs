using System.Security.Cryptography;

namespace Polls.Core.Rooms;

/// <summary>The six digits that people type to join a room. The first is never zero, so nobody drops it.</summary>
public static class JoinCode
{
    /// <summary>How many digits a code has.</summary>
    public const int Length = 6;

    /// <summary>A code drawn evenly from all 900,000; the database says whether a live room has it already.</summary>
    public static string Draw() =>
        RandomNumberGenerator.GetInt32(100_000, 1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the text has the shape of a code.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: Length } && text.All(char.IsAsciiDigit);
}
