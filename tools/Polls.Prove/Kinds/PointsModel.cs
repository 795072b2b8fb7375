namespace Polls.Prove.Kinds;

/// <summary>100 points on four options: per option the sum of its points, then the number of its supporters.</summary>
internal sealed class PointsModel() : KindModel("points", Count, 2 * Count)
{
    private const int Count = 4;
    private const int Step = 10;
    private const int Points = 100;

    public override IReadOnlyDictionary<string, object> Settings { get; } =
        new Dictionary<string, object> { ["points"] = Points, ["step"] = Step };

    public override Answer Draw(Random random)
    {
        var points = new int[Count];
        var among = 1 + random.Next(Count);
        for (var spent = 0; spent < Points; spent += Step)
        {
            points[random.Next(among)] += Step;
        }

        random.Shuffle(points);
        return Answer(
            "points", points,
            points.Index().Where(item => item.Item > 0)
                .SelectMany(item => new[] { (item.Index, item.Item), (Count + item.Index, 1) }));
    }
}
