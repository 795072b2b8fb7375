using Polls.Core.RoomPolls;

namespace Polls.Tests.Endpoints;

/// <summary>All kinds of invalid tokens.</summary>
internal static class BadTokens
{
    /// <summary>
    /// Invalid tokens by name; each resembles a valid token of this role in this room as closely as possible.
    /// </summary>
    public static IEnumerable<(string Name, string? Token)> Of(TestRoom testRoom, Role role, RealProgram program)
    {
        var good = testRoom.Token(role);
        yield return ("none", null);
        yield return ("garbage", "not-a-token");
        yield return ("of another format", "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiSG9zdCJ9.");
        yield return ("cut short", good[..^8]);
        yield return ("twice", good + good);
        // Changes one character at a time; not the last one, whose bits may be unused.
        for (var part = 0; part < 8; part++)
        {
            var at = (good.Length - 2) * part / 7;
            yield return ($"tampered at {at}", $"{good[..at]}{(good[at] == 'A' ? 'B' : 'A')}{good[(at + 1)..]}");
        }

        yield return ("expired", program.Token(testRoom.Caller(role), DateTimeOffset.UtcNow.AddSeconds(-1)));
        yield return ("for another purpose", program.TokenOfAnotherPurpose(testRoom.Caller(role)));
    }
}
