namespace Polls.Prove.Kinds;

/// <summary>
/// Three statements on a scale from 1 to 5: per statement a count per value. Statements may be skipped.
/// </summary>
internal sealed class ScalesModel() : KindModel("scales", Statements, Statements * Steps)
{
    private const int Statements = 3;
    private const int Steps = 5;

    public override IReadOnlyDictionary<string, object> Settings { get; } = new Dictionary<string, object>();

    public override Answer Draw(Random random)
    {
        var certain = random.Next(Statements);
        int?[] values = [.. Enumerable.Range(0, Statements)
            .Select(statement => statement == certain || random.Next(3) > 0 ? 1 + random.Next(Steps) : (int?)null)];
        return Answer(
            "values", values,
            values.Index().Where(item => item.Item is not null)
                .Select(item => ((item.Index * Steps) + item.Item!.Value - 1, 1)));
    }
}
