namespace Polls.Bench.Targets;

/// <summary>A poll of any kind, and what people answer to it.</summary>
/// <param name="Kind">The kind's name in the contract.</param>
/// <param name="Options">The number of options.</param>
/// <param name="Settings">The kind's settings.</param>
/// <param name="Answers">The answer's member in JSON; people use one after the other.</param>
internal sealed record Question(string Kind, int Options, object Settings, IReadOnlyList<string> Answers)
{
    // A prime, so that a person's answers do not repeat in step with those of others.
    private const int Variants = 997;
    private const int Words = 2_000;

    /// <summary>Ten options, all of them ranked: 190 cells, of which an answer moves 55.</summary>
    public static Question Ranking { get; } = Vary("ranking", 10, new { }, random =>
    {
        var ranking = Enumerable.Range(0, 10).ToArray();
        random.Shuffle(ranking);
        return $"\"ranking\":[{string.Join(',', ranking)}]";
    });

    /// <summary>Three of up to 2,000 words, some of them much more frequent than others.</summary>
    public static Question WordCloud { get; } = Vary("wordCloud", 0, new { maxAnswers = 3 }, random =>
    {
        var words = Enumerable.Range(0, 3).Select(_ => $"\"word {random.Next(1 + random.Next(Words))}\"");
        return $"\"texts\":[{string.Join(',', words)}]";
    });

    /// <summary>Ten statements from 1 to 5, none of them skipped: 50 cells, of which an answer moves ten.</summary>
    public static Question Scales { get; } = Vary("scales", 10, new { }, random =>
        $"\"values\":[{string.Join(',', Enumerable.Range(0, 10).Select(_ => 1 + random.Next(5)))}]");

    private static Question Vary(string kind, int options, object settings, Func<Random, string> answer)
    {
        var random = new Random(1);
        return new(kind, options, settings, [.. Enumerable.Range(0, Variants).Select(_ => answer(random))]);
    }
}
