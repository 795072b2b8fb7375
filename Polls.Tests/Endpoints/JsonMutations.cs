using System.Text;
using System.Text.Json;

namespace Polls.Tests.Endpoints;

/// <summary>
/// Derives bad JSON from good: values exchanged, members removed or duplicated, too deep, too long, truncated, invalid
/// characters.
/// </summary>
internal static class JsonMutations
{
    /// <summary>A variation of this JSON, usually invalid.</summary>
    public static byte[] Mutate(string json, Random dice)
    {
        for (var changes = dice.Next(4) == 0 ? 2 : 1; changes > 0; changes--)
        {
            json = dice.Next(10) < 7 ? OfValues(json, dice) : OfText(json, dice);
        }

        var bytes = new List<byte>(Encoding.UTF8.GetBytes(json));
        return dice.Next(8) == 0 ? OfBytes(bytes, dice) : [.. bytes];
    }

    private static string OfValues(string json, Random dice)
    {
        if (Spans(json) is not { Count: > 0 } spans)
        {
            return OfText(json, dice);
        }

        var (whole, value) = dice.Pick(spans);
        var (member, one) = (json[whole], json[value]);
        return dice.Next(9) switch
        {
            0 => Replace(json, whole, ""),
            1 => Replace(json, whole, $"{member},{member}"),
            2 => Replace(json, whole, $"{member},{member.Replace(one, dice.Pick(FuzzValues.Json), StringComparison.Ordinal)}"),
            3 => Replace(json, value, dice.Next(2) == 0 ? $"[{one}]" : $"{{\"value\":{one}}}"),
            4 => Replace(json, value, Deep(one, dice.Next(2) == 0 ? dice.Next(1, 40) : dice.Next(40, 3000), dice.Next(2) == 0)),
            5 => Replace(json, value, $"\"{new string(dice.Pick("x\u00e9\u4e2d"), dice.Pick([41, 200, 201, 501, 5000, 100_000]))}\""),
            6 => Replace(json, whole, $"\"{dice.Pick(["unknown", "", "__proto__", "$type", "\\u0000", "title ", "TITLE", "Revision"])}\":{dice.Pick(FuzzValues.Json)},{member}"),
            _ => Replace(json, value, dice.Pick(FuzzValues.Json)),
        };
    }

    private static string OfText(string json, Random dice)
    {
        var at = dice.Next(json.Length + 1);
        return dice.Next(10) switch
        {
            0 => json[..at],
            1 => json[at..],
            2 => json + json,
            3 => json + dice.Pick(["}", "]", ",", "\0", "//", " {}", "\u001e"]),
            4 => "\ufeff" + json,
            5 => json.Replace("\"", "'", StringComparison.Ordinal),
            6 => json.Replace(':', dice.Pick("=;,")),
            7 => json.Insert(at, dice.Pick(["\0", "\"", "\\", "{", "}", "[", "]", ",", ":", "\u2028", "/**/", "e", "-", "\ud83d\ude00"])),
            8 => at < json.Length ? json.Remove(at, 1) : "",
            _ => dice.Pick(FuzzValues.Json),
        };
    }

    private static byte[] OfBytes(List<byte> bytes, Random dice)
    {
        switch (dice.Next(4))
        {
            case 0:
                return Encoding.Unicode.GetBytes(Encoding.UTF8.GetString([.. bytes]));
            case 1:
                bytes.InsertRange(dice.Next(bytes.Count + 1), dice.Pick<byte[]>([[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80], [0xE2, 0x82]]));
                return [.. bytes];
            default:
                for (var i = dice.Next(1, 4); i > 0 && bytes.Count > 0; i--)
                {
                    bytes[dice.Next(bytes.Count)] = (byte)dice.Next(256);
                }

                return [.. bytes];
        }
    }

    private static string Deep(string value, int levels, bool lists) => lists
        ? new string('[', levels) + value + new string(']', levels)
        : string.Concat(Enumerable.Repeat("{\"a\":", levels)) + value + new string('}', levels);

    private static string Replace(string json, Range part, string by) => string.Concat(json.AsSpan(0, part.Start.Value), by, json.AsSpan(part.End.Value));

    /// <summary>The positions of all values, with member names; none if this is not JSON.</summary>
    private static List<(Range Whole, Range Value)> Spans(string json)
    {
        var spans = new List<(Range, Range)>();
        var open = new Stack<(int Whole, int Value)>();
        var reader = new Utf8JsonReader(Encoding.Latin1.GetBytes(json), new JsonReaderOptions { MaxDepth = 5000 });
        int? name = null;
        try
        {
            while (reader.Read())
            {
                var (start, end) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = start;
                        continue;
                    case JsonTokenType.StartArray or JsonTokenType.StartObject:
                        open.Push((name ?? start, start));
                        break;
                    case JsonTokenType.EndArray or JsonTokenType.EndObject:
                        var (whole, value) = open.Pop();
                        spans.Add((whole..end, value..end));
                        break;
                    default:
                        spans.Add(((name ?? start)..end, start..end));
                        break;
                }

                name = null;
            }
        }
        catch (JsonException)
        {
            return [];
        }

        return spans;
    }

    public static T Pick<T>(this Random dice, IReadOnlyList<T> of) => of[dice.Next(of.Count)];

    public static char Pick(this Random dice, string of) => of[dice.Next(of.Length)];
}
