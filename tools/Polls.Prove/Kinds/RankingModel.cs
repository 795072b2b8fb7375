namespace Polls.Prove.Kinds;

/// <summary>
/// Up to three of four options, the best first: per option a count per place, then per ordered pair, how many prefer
/// one to the other.
/// </summary>
internal sealed class RankingModel() : KindModel("ranking", Count, (Count * Places) + (Count * (Count - 1)))
{
    private const int Count = 4;
    private const int Places = 3;

    public override IReadOnlyDictionary<string, object> Settings { get; } =
        new Dictionary<string, object> { ["places"] = Places, ["least"] = 1 };

    public override Answer Draw(Random random)
    {
        var ranking = Some(random, Count, 1, Places);
        var places = ranking.Index().Select(item => (item.Item * Places) + item.Index);
        var pairs =
            from one in Enumerable.Range(0, Count)
            from other in Enumerable.Range(0, Count)
            where one != other && PlaceOf(one) < PlaceOf(other)
            select (Count * Places) + (one * (Count - 1)) + (other < one ? other : other - 1);
        return Answer("ranking", ranking, places.Concat(pairs).Select(cell => (cell, 1)));

        // All options without a place share the last one.
        int PlaceOf(int option) => Array.IndexOf(ranking, option) is >= 0 and var place ? place : Places;
    }
}
