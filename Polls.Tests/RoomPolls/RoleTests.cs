using Polls.Core.Kinds;
using Polls.Core.RoomPolls;
using Polls.Core.Storage;
using Polls.Core.Tallies;

namespace Polls.Tests.RoomPolls;

/// <summary>Hidden means hidden (G6).</summary>
public sealed class RoleTests
{
    [Theory]
    [InlineData(PollState.Draft, ResultsVisibility.Live, null, false)]
    [InlineData(PollState.Draft, ResultsVisibility.Live, true, false)]
    [InlineData(PollState.Open, ResultsVisibility.Live, null, true)]
    [InlineData(PollState.Closed, ResultsVisibility.Live, null, true)]
    [InlineData(PollState.Open, ResultsVisibility.Live, false, false)]
    [InlineData(PollState.Closed, ResultsVisibility.Live, false, false)]
    [InlineData(PollState.Open, ResultsVisibility.AfterClose, null, false)]
    [InlineData(PollState.Closed, ResultsVisibility.AfterClose, null, true)]
    [InlineData(PollState.Open, ResultsVisibility.AfterClose, true, true)]
    [InlineData(PollState.Closed, ResultsVisibility.AfterClose, false, false)]
    [InlineData(PollState.Open, ResultsVisibility.HostOnly, null, false)]
    [InlineData(PollState.Closed, ResultsVisibility.HostOnly, null, false)]
    [InlineData(PollState.Open, ResultsVisibility.HostOnly, true, true)]
    [InlineData(PollState.Closed, ResultsVisibility.HostOnly, false, false)]
    [InlineData(PollState.Draft, ResultsVisibility.AfterVote, null, false)]
    [InlineData(PollState.Open, ResultsVisibility.AfterVote, null, false, true)]
    [InlineData(PollState.Closed, ResultsVisibility.AfterVote, null, true)]
    [InlineData(PollState.Open, ResultsVisibility.AfterVote, true, true)]
    [InlineData(PollState.Open, ResultsVisibility.AfterVote, false, false)]
    public void Participants_get_a_tally_exactly_while_it_is_visible(
        PollState state, ResultsVisibility visibility, bool? shown, bool visible, bool? visibleToVoters = null)
    {
        var poll = new PollSnapshot(
            Guid.NewGuid(), Guid.NewGuid(), 0, PollKind.SingleChoice, "Which?", ["A", "B"], new ChoiceSettings(1), visibility, shown, true, null, state, 1, 1,
            null, null);
        var tally = new Tally(poll.Id, 3, [1, 2], 3);
        var drafted = state == PollState.Draft;

        foreach (var (hasAnswered, sees) in ((bool, bool)[])[(false, visible), (true, visibleToVoters ?? visible)])
        {
            poll.ResultsVisible(hasAnswered).ShouldBe(sees);
            Role.Participant.MaySeeTally(poll, hasAnswered).ShouldBe(sees);
            PollView.For(Role.Participant, poll, tally, hasAnswered)?.Tally.ShouldBe(sees ? tally : null);
            PollView.For(Role.Participant, poll, tally, hasAnswered)?.ResultsVisible.ShouldBe(sees);
        }

        poll.DependsOnAnswer.ShouldBe(visible != (visibleToVoters ?? visible));
        (PollView.For(Role.Participant, poll, tally) is null).ShouldBe(drafted);
        (PollView.For(Role.Screen, poll, tally) is null).ShouldBe(drafted);
        PollView.For(Role.Screen, poll, tally)?.Tally.ShouldBe(tally);
        PollView.For(Role.Screen, poll, tally)?.ResultsVisible.ShouldBe(visible);
        PollView.For(Role.Host, poll, tally).ShouldNotBeNull().Tally.ShouldBe(tally);
        PollView.For(Role.Host, poll, tally)!.Version.ShouldBe(poll.Version);
        PollView.For(Role.Participant, poll, tally)?.Version.ShouldBeNull();
        PollView.For(Role.Screen, poll, tally)?.Version.ShouldBeNull();
    }
}
