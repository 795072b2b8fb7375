namespace Polls.Prove.Kinds;

/// <summary>Single and multiple choice: a count per option.</summary>
internal sealed class ChoiceModel(int options, int maxChoices)
    : KindModel(maxChoices == 1 ? "singleChoice" : "multipleChoice", options, options)
{
    public override IReadOnlyDictionary<string, object> Settings { get; } =
        new Dictionary<string, object> { ["maxChoices"] = maxChoices };

    protected override string StoredWhenWithdrawn => "choices []";

    /// <summary>The answer with these choices; without any it withdraws.</summary>
    public Answer Choose(params int[] choices) =>
        choices.Length == 0 ? Withdrawn : Answer("choices", choices, choices.Select(choice => (choice, 1)));

    public override Answer Draw(Random random) => Choose([.. Some(random, Options, 1, maxChoices).Order()]);
}
