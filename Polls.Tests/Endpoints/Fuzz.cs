using System.Globalization;
using System.Text;
using Xunit.Abstractions;

namespace Polls.Tests.Endpoints;

/// <summary>
/// Reproducible random cases: each depends on the seed and its own number. <c>POLLS_FUZZ_SEED</c> sets another seed,
/// <c>POLLS_FUZZ_TIMES</c> multiplies the number of cases.
/// </summary>
internal sealed class Fuzz
{
    private readonly int seed = Number("POLLS_FUZZ_SEED", 20261121);
    private readonly int times = Number("POLLS_FUZZ_TIMES", 1);

    public Fuzz(ITestOutputHelper output) => output.WriteLine($"POLLS_FUZZ_SEED={seed} POLLS_FUZZ_TIMES={times}");

    /// <summary>How many cases to run, given the default number.</summary>
    public int Cases(int usual) => usual * times;

    /// <summary>The random source of a case, the same in every run.</summary>
    public Random Dice(string of, int number) => new(seed ^ (number * 7919) ^ of.Aggregate(17, (hash, letter) => unchecked((hash * 31) + letter)));

    /// <summary>A failed case, with everything needed to identify it and send it by hand.</summary>
    public string Tell(string what, byte[]? body) =>
        $"[seed {seed}] {what}{(body is null ? "" : $"\n    body ({body.Length} bytes): {Shown(body)}")}";

    private static string Shown(byte[] body)
    {
        var text = new StringBuilder();
        foreach (var letter in body.Take(600))
        {
            text.Append(letter is >= 0x20 and < 0x7F and not (byte)'\\' ? ((char)letter).ToString() : string.Create(CultureInfo.InvariantCulture, $"\\x{letter:x2}"));
        }

        return text.Append(body.Length > 600 ? "..." : "").ToString();
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : otherwise;
}
