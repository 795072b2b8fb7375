namespace Polls.Prove.Kinds;

/// <summary>Rating from 0 to 10: a count per value.</summary>
internal sealed class RatingModel() : KindModel("rating", 0, 11)
{
    public override IReadOnlyDictionary<string, object> Settings { get; } =
        new Dictionary<string, object> { ["look"] = "nps" };

    public override Answer Draw(Random random)
    {
        var value = random.Next(11);
        return Answer("value", value, [(value, 1)]);
    }
}
