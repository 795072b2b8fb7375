using System.Security.Cryptography;

namespace Polls.Core.Rooms;

/// <summary>The six digits for joining a room. The first is never zero, because people drop leading zeros.</summary>
public static class JoinCode
{
    /// <summary>Number of digits.</summary>
    public const int Length = 6;

    /// <summary>A random code out of 900,000. The database rejects it if a live room uses it.</summary>
    public static string Draw() =>
        RandomNumberGenerator.GetInt32(100_000, 1_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the text has the format of a code.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: Length } && text.All(char.IsAsciiDigit);
}
