using Polls.Core.RoomPolls;

namespace Polls.Tests.Doors;

/// <summary>Every way in which a token can be no good at all.</summary>
internal static class BadTokens
{
    /// <summary>By name; each looks like one of this role in this room as far as it can.</summary>
    public static IEnumerable<(string Name, string? Token)> Of(Hall hall, Role role, RealProgram program)
    {
        var good = hall.Token(role);
        yield return ("none", null);
        yield return ("garbage", "not-a-token");
        yield return ("of another form", "eyJhbGciOiJub25lIn0.eyJyb2xlIjoiSG9zdCJ9.");
        yield return ("cut short", good[..^8]);
        yield return ("twice", good + good);
        // One character at a time is another one; not the very last, which may hold no bit that counts.
        for (var part = 0; part < 8; part++)
        {
            var at = (good.Length - 2) * part / 7;
            yield return ($"tampered at {at}", $"{good[..at]}{(good[at] == 'A' ? 'B' : 'A')}{good[(at + 1)..]}");
        }

        yield return ("expired", program.Token(hall.Caller(role), DateTimeOffset.UtcNow.AddSeconds(-1)));
        yield return ("for another purpose", program.TokenOfAnotherPurpose(hall.Caller(role)));
    }
}
