using System.Text.Json.Serialization;

namespace Polls.Core.Kinds;

/// <summary>
/// An answer to a poll as clients send and receive it: exactly the one member of the poll's kind. Part of the wire
/// contract.
/// </summary>
public record Answer
{
    /// <summary>Choices and motion: indexes of options, from 0.</summary>
    [JsonConverter(typeof(LenientList))]
    public IReadOnlyList<int>? Choices { get; init; }

    /// <summary>Rating: a value of the scale.</summary>
    [JsonConverter(typeof(LenientNumber))]
    public int? Value { get; init; }

    /// <summary>Scales: a value for each statement; null for a skipped one.</summary>
    [JsonConverter(typeof(LenientListWithGaps))]
    public IReadOnlyList<int?>? Values { get; init; }

    /// <summary>Ranking: indexes of options, the best first.</summary>
    [JsonConverter(typeof(LenientList))]
    public IReadOnlyList<int>? Ranking { get; init; }

    /// <summary>Points: the points of each option.</summary>
    [JsonConverter(typeof(LenientList))]
    public IReadOnlyList<int>? Points { get; init; }

    /// <summary>Numeric: the estimate.</summary>
    [JsonConverter(typeof(LenientDecimal))]
    public decimal? Number { get; init; }

    /// <summary>Word cloud: the person's words.</summary>
    [JsonConverter(typeof(LenientTexts))]
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>Whether there is no answer, as in a withdrawn vote.</summary>
    [JsonIgnore]
    public bool IsNone => Members == 0 || (Members == 1 && Choices is []);

    /// <summary>How many members are present. Any other number than one is not an answer.</summary>
    internal int Members => (Choices is null ? 0 : 1) + (Value is null ? 0 : 1) + (Values is null ? 0 : 1)
        + (Ranking is null ? 0 : 1) + (Points is null ? 0 : 1) + (Number is null ? 0 : 1) + (Texts is null ? 0 : 1);
}
