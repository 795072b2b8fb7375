namespace Polls.Prove.Kinds;

/// <summary>A motion: yes, no and abstain.</summary>
internal sealed class MotionModel() : KindModel("motion", 0, 3)
{
    public override IReadOnlyDictionary<string, object> Settings { get; } = new Dictionary<string, object>();

    protected override string StoredWhenWithdrawn => "choices []";

    public override Answer Draw(Random random)
    {
        var choice = random.Next(3);
        return Answer("choices", new[] { choice }, [(choice, 1)]);
    }
}
