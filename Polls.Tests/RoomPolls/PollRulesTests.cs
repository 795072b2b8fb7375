using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Tests.Storage;

namespace Polls.Tests.RoomPolls;

public sealed class PollRulesTests
{
    private static readonly PollDraft Good = new("Which?", PollKind.MultipleChoice, ["A", "B"]);

    public static TheoryData<PollDraft, string?> Drafts => new()
    {
        { Good, null },
        { Good with { Question = null }, "poll.badQuestion" },
        { Good with { Question = "" }, "poll.badQuestion" },
        { Good with { Question = "  \t " }, "poll.badQuestion" },
        { Good with { Question = "a\nb" }, "poll.badQuestion" },
        { Good with { Question = new string('q', 500) }, null },
        { Good with { Question = $" {new string('q', 500)} " }, null },
        { Good with { Question = new string('q', 501) }, "poll.badQuestion" },
        { Good with { Kind = null }, "poll.badKind" },
        { Good with { Kind = PollKind.Unknown }, "poll.badKind" },
        { Good with { Kind = (PollKind)99 }, "poll.badKind" },
        { Good with { Options = null }, "poll.badOptions" },
        { Good with { Options = [] }, "poll.badOptions" },
        { Good with { Options = ["A"] }, "poll.badOptions" },
        { Good with { Options = [.. Enumerable.Range(0, 20).Select(i => $"{i}")] }, null },
        { Good with { Options = [.. Enumerable.Range(0, 21).Select(i => $"{i}")] }, "poll.badOptions" },
        { Good with { Options = ["A", null] }, "poll.badOptions" },
        { Good with { Options = ["A", " "] }, "poll.badOptions" },
        { Good with { Options = ["A", "\u200B"] }, "poll.badOptions" },
        { Good with { Options = ["A", " A "] }, "poll.badOptions" },
        { Good with { Options = ["A b", "A  b"] }, "poll.badOptions" },
        { Good with { Options = ["\u00E9t\u00E9", "e\u0301te\u0301"] }, "poll.badOptions" },
        { Good with { Options = ["A", "A\u200B"] }, "poll.badOptions" },
        { Good with { Options = ["\u2764", "\u2764\uFE0F"] }, "poll.badOptions" },
        { Good with { Question = "\u2060" }, "poll.badQuestion" },
        { Good with { Options = ["A", "\u202Eb"] }, "poll.badOptions" },
        { Good with { Options = ["A", new string('b', 200)] }, null },
        { Good with { Options = ["A", new string('b', 201)] }, "poll.badOptions" },
        { With(PollSettings.Of(new ChoiceSettings(1))), null },
        { With(PollSettings.Of(new ChoiceSettings(2))), null },
        { With(PollSettings.Of(new ChoiceSettings(0))), "poll.badSettings" },
        { With(PollSettings.Of(new ChoiceSettings(3))), "poll.badSettings" },
        { With(PollSettings.Of(new ChoiceSettings(2))) with { Kind = PollKind.SingleChoice }, "poll.badSettings" },
        { With(PollSettings.Of(new ChoiceSettings(1))) with { Kind = PollKind.SingleChoice }, null },
        { With(new() { ResultsVisibility = ResultsVisibility.HostOnly }), null },
        { With(new() { ResultsVisibility = (ResultsVisibility)4 }), "poll.badSettings" },
        { With(new() { DurationSeconds = 1 }), null },
        { With(new() { DurationSeconds = 86_400 }), null },
        { With(new() { DurationSeconds = 0 }), "poll.badSettings" },
        { With(new() { DurationSeconds = -1 }), "poll.badSettings" },
        { With(new() { DurationSeconds = 86_401 }), "poll.badSettings" },
    };

    [Theory]
    [MemberData(nameof(Drafts))]
    public void A_draft_is_accepted_or_refused_by_the_first_rule_it_breaks(PollDraft draft, string? code) =>
        (PollRules.Check(draft).Refusal?.Code).ShouldBe(code);

    [Fact]
    public void A_draft_is_stored_trimmed_and_with_the_defaults_filled_in()
    {
        var content = PollRules.Check(new PollDraft("  Which? ", PollKind.MultipleChoice, [" A", "B ", "a"])).ShouldSucceed();
        content.Question.ShouldBe("Which?");
        content.Options.ShouldBe(["A", "B", "a"]);
        (((ChoiceSettings)content.Settings).MaxChoices, content.Visibility, content.AllowChange, content.DurationSeconds)
            .ShouldBe((3, ResultsVisibility.Live, true, null));
    }

    private static PollDraft With(PollSettings settings) => Good with { Settings = settings };
}
