using Polls.Core.RoomPolls;
using Polls.Core.Storage;

namespace Polls.Tests.RoomPolls;

public sealed class PollKindTests
{
    [Theory]
    [InlineData(PollKind.SingleChoice, 1, new[] { 0 }, new short[] { 0 })]
    [InlineData(PollKind.SingleChoice, 1, new[] { 19 }, new short[] { 19 })]
    [InlineData(PollKind.SingleChoice, 1, new[] { 20 }, null)]
    [InlineData(PollKind.SingleChoice, 1, new[] { -1 }, null)]
    [InlineData(PollKind.SingleChoice, 1, new int[0], null)]
    [InlineData(PollKind.SingleChoice, 1, new[] { 0, 1 }, null)]
    [InlineData(PollKind.SingleChoice, 1, new[] { 0, 0 }, null)]
    [InlineData(PollKind.SingleChoice, 1, new[] { 65536 }, null)]
    [InlineData(PollKind.SingleChoice, 1, new[] { int.MaxValue }, null)]
    [InlineData(PollKind.SingleChoice, 1, new[] { int.MinValue }, null)]
    [InlineData(PollKind.MultipleChoice, 3, new[] { 7 }, new short[] { 7 })]
    [InlineData(PollKind.MultipleChoice, 3, new[] { 19, 0, 7 }, new short[] { 0, 7, 19 })]
    [InlineData(PollKind.MultipleChoice, 3, new[] { 0, 1, 2, 3 }, null)]
    [InlineData(PollKind.MultipleChoice, 3, new int[0], null)]
    [InlineData(PollKind.MultipleChoice, 3, new[] { 5, 1, 5 }, null)]
    [InlineData(PollKind.MultipleChoice, 3, new[] { 1, 20 }, null)]
    [InlineData(PollKind.MultipleChoice, 3, new[] { -1, 1 }, null)]
    [InlineData(PollKind.MultipleChoice, 3, new[] { 1, 65537 }, null)]
    public void Choices_become_marks_or_are_not_a_valid_vote(PollKind kind, int maxChoices, int[] choices, short[]? marks) =>
        PollKinds.Get(kind).Mark(choices, options: 20, maxChoices).ShouldBe(marks);

    [Theory]
    [InlineData(PollKind.SingleChoice, null, 1)]
    [InlineData(PollKind.SingleChoice, 1, 1)]
    [InlineData(PollKind.SingleChoice, 0, null)]
    [InlineData(PollKind.SingleChoice, 2, null)]
    [InlineData(PollKind.MultipleChoice, null, 5)]
    [InlineData(PollKind.MultipleChoice, 1, 1)]
    [InlineData(PollKind.MultipleChoice, 5, 5)]
    [InlineData(PollKind.MultipleChoice, 6, null)]
    [InlineData(PollKind.MultipleChoice, 0, null)]
    [InlineData(PollKind.MultipleChoice, -1, null)]
    public void The_most_choices_of_a_vote_follow_from_the_kind_and_the_setting(PollKind kind, int? setting, int? most) =>
        PollKinds.Get(kind).MaxChoices(options: 5, setting).ShouldBe(most);

    [Fact]
    public void Marks_convert_back_to_the_original_choices() =>
        PollKinds.Get(PollKind.MultipleChoice).Choices([0, 7, 19]).ShouldBe([0, 7, 19]);

    [Fact]
    public void Every_kind_of_poll_has_rules_and_nothing_else_has()
    {
        Enum.GetValues<PollKind>().ShouldAllBe(kind => PollKinds.Find(kind) != null);
        PollKinds.Find((PollKind)2).ShouldBeNull();
        PollKinds.Find((PollKind)(-1)).ShouldBeNull();
        Should.Throw<ArgumentOutOfRangeException>(() => PollKinds.Get((PollKind)2));
    }
}
