using CsCheck;
using Polls.Core.Kinds;
using Polls.Core.Storage;

namespace Polls.Tests.Kinds;

/// <summary>Random valid answers of each kind.</summary>
internal static class Answering
{
    public static Gen<(PollShape Shape, Answer Answer)> Of(PollKind kind) => Gen.Int[2, 8].SelectMany(options => Gen.Select(
        Gen.Const(Shape(kind, options)), Answer(kind, options), (shape, answer) => (shape, answer)));

    /// <summary>A poll of this kind.</summary>
    public static PollShape Shape(PollKind kind, int options) => kind switch
    {
        PollKind.SingleChoice => new(options, new ChoiceSettings(1)),
        PollKind.MultipleChoice => new(options, new ChoiceSettings(options)),
        PollKind.Rating => new(0, new RatingSettings(1, 5, null, null, RatingLook.Stars)),
        PollKind.Scales => new(options, new ScalesSettings(0, 10, null, null, RatingLook.Numbers, true)),
        PollKind.Ranking => new(options, new RankingSettings(options, 1, true)),
        PollKind.Points => new(options, new PointsSettings(100, 5, true)),
        PollKind.Motion => new(0, new MotionSettings(true, MotionBase.YesNo, MotionMajority.Simple)),
        PollKind.WordCloud => new(0, new WordCloudSettings(3, 30, false, false)),
        PollKind.Numeric => new(0, new NumericSettings(-10, 10, 1)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A valid answer to it.</summary>
    public static Gen<Answer> Answer(PollKind kind, int options) => kind switch
    {
        PollKind.SingleChoice => Gen.Int[0, options - 1].Select(choice => new Answer { Choices = [choice] }),
        PollKind.MultipleChoice => Some(options).Select(choices => new Answer { Choices = [.. choices.Order()] }),
        PollKind.Rating => Gen.Int[1, 5].Select(value => new Answer { Value = value }),
        PollKind.Scales => Gen.Select(Gen.Int[-3, 10].Array[options], Gen.Int[0, options - 1], Gen.Int[0, 10], (values, sure, value) =>
            new Answer { Values = [.. values.Select((drawn, i) => i == sure ? value : drawn < 0 ? (int?)null : drawn)] }),
        PollKind.Ranking => Some(options).Select(ranking => new Answer { Ranking = ranking }),
        PollKind.Points => Gen.Int[0, options - 1].Array[20].Select(draws =>
            new Answer { Points = [.. Enumerable.Range(0, options).Select(option => 5 * draws.Count(drawn => drawn == option))] }),
        PollKind.Motion => Gen.Int[0, 2].Select(choice => new Answer { Choices = [choice] }),
        // Two spellings of each word.
        PollKind.WordCloud => Gen.Select(Gen.Shuffle(new[] { "red", "Grün", "año", "C++", "c" }), Gen.Int[1, 3], Gen.Bool, (all, count, loud) =>
            new Answer { Texts = [.. all[..count].Select(word => loud ? $"«{word.ToUpperInvariant()}!»" : word)] }),
        PollKind.Numeric => Gen.Int[-100, 100].Select(tenths => new Answer { Number = tenths / 10m }),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static Gen<int[]> Some(int options) => Gen.Select(
        Gen.Shuffle(Enumerable.Range(0, options).ToArray()), Gen.Int[1, options], (all, count) => all[..count]);
}
