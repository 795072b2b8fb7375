using Polls.Api.LiveRooms;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;

namespace Polls.Tests.LiveRooms;

/// <summary>Whom a room tells what, and in which order.</summary>
public sealed class RoomNewsTests
{
    private static readonly Guid[] Polls = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
    private readonly RoomNews news = new();
    private readonly List<Member> members = [];

    [Fact]
    public void Members_take_turns_and_get_all_that_has_moved_since_their_last_turn()
    {
        Member[] three = [Join(), Join(), Join()];
        news.TallyMoved(Polls[0]);
        Turn(2).ShouldBe([(three[0], 0), (three[1], 0)]);
        news.TallyMoved(Polls[1]);
        Turn(2).ShouldBe([(three[2], 0), (three[0], 1)]);
        news.Told().Select(told => told.News.PollId).ShouldBe([Polls[0]]);
        news.Tallies.Keys.ShouldBe([Polls[1]]);
        Turn(2).ShouldBe([(three[1], 1)], "the others know it");
        news.Told().Select(told => told.News.PollId).ShouldBe([Polls[1]]);
        news.Tallies.ShouldBeEmpty();
        news.IsAnyoneBehind().ShouldBeFalse();
        Turn(2).ShouldBeEmpty();
    }

    [Fact]
    public void Who_joins_knows_everything_and_who_left_delays_nobody()
    {
        var gone = Join();
        var stays = Join();
        news.TallyMoved(Polls[0]);
        Join();
        gone.IsGone = true;
        Turn(9).ShouldBe([(stays, 0)]);
        news.Told().Count.ShouldBe(1);

        stays.IsGone = true;
        news.PresenceMoved();
        members[^1].IsGone = true;
        news.TallyMoved(Polls[1]);
        news.IsAnyoneBehind().ShouldBeFalse();
        news.Told().Count.ShouldBe(1, "nobody is left to be told");
    }

    [Fact]
    public void What_could_not_be_sent_is_told_once_more()
    {
        Member[] two = [Join(), Join()];
        news.TallyMoved(Polls[0]);
        Turn(1);
        news.Repeat();
        Turn(9).Select(turn => turn.Member).ShouldBe([two[1], two[0]]);
        news.Told().Select(told => told.News.PollId).ShouldBe([Polls[0]]);
        news.IsAnyoneBehind().ShouldBeFalse();
    }

    [Fact]
    public void A_participant_count_that_was_never_told_is_not_repeated()
    {
        Join();
        news.TallyMoved(Polls[0]);
        news.Repeat();
        news.Presence.ShouldBe(0);
    }

    [Fact]
    public void Each_tally_has_those_who_got_it_or_a_newer_one()
    {
        Join();
        Join();
        Join();
        news.TallyMoved(Polls[0]);
        news.Sent(Polls[0], Turn(2).Count);
        news.TallyMoved(Polls[0]);
        news.Sent(Polls[0], Turn(1).Count);
        news.Told().Select(told => (told.News.Number, told.Receivers)).ShouldBe([(1L, 3)]);
        news.Sent(Polls[0], Turn(2).Count);
        news.Told().Select(told => (told.News.Number, told.Receivers)).ShouldBe([(2L, 3)]);
    }

    [Fact]
    public void Members_that_left_a_quiet_room_take_no_memory()
    {
        Join();
        for (var i = 0; i < 10_000; i++)
        {
            Join().IsGone = true;
        }

        news.Waiting.ShouldBeLessThan(200);
    }

    /// <summary>Whatever happens in whatever order, nobody misses the last of anything.</summary>
    [Fact]
    public void In_any_order_of_events_everyone_is_told_the_newest_of_everything()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var room = new RoomNews();
            var present = new Dictionary<Member, Dictionary<Guid, long>>();
            var latest = Polls.ToDictionary(poll => poll, _ => 0L);
            var told = new List<long>();
            for (var i = 0; i < 300; i++)
            {
                switch (random.Next(6))
                {
                    case 3:
                        // Everyone gets the poll, with its tally, in another way.
                        var sent = Polls[random.Next(Polls.Length)];
                        room.Forget(sent);
                        foreach (var known in present.Values)
                        {
                            known[sent] = latest[sent];
                        }

                        break;
                    case 4 when random.Next(10) == 0:
                        room.PresenceMoved();
                        room.Repeat();
                        foreach (var poll in room.Tallies)
                        {
                            latest[poll.Key] = poll.Value;
                        }

                        break;
                    case 0:
                        var newcomer = NewMember();
                        room.Add(newcomer, present.Count + 1);
                        present[newcomer] = new(latest);
                        break;
                    case 1 when present.Count > 0:
                        var leaving = present.Keys.ElementAt(random.Next(present.Count));
                        leaving.IsGone = true;
                        present.Remove(leaving);
                        break;
                    case 2:
                        var moved = Polls[random.Next(Polls.Length)];
                        room.TallyMoved(moved);
                        latest[moved] = room.Newest;
                        break;
                    default:
                        TakeTurn(random.Next(1, 8));
                        break;
                }
            }

            while (room.IsAnyoneBehind())
            {
                TakeTurn(3);
            }

            TakeTurn(1);
            present.Values.ShouldAllBe(known => Polls.All(poll => known[poll] == latest[poll]), $"seed {seed}");
            room.Tallies.ShouldBeEmpty();
            told.ShouldBe(told.Order().Distinct(), "each once, in order");

            void TakeTurn(int most)
            {
                var tallies = room.Tallies.ToArray();
                foreach (var (member, knew) in room.Next(most))
                {
                    foreach (var (poll, number) in tallies.Where(tally => tally.Value > knew))
                    {
                        present[member][poll] = number;
                    }
                }

                foreach (var tally in room.Told())
                {
                    told.Add(tally.News.Number);
                    present.Values.ShouldAllBe(known => known[tally.News.PollId] >= tally.News.Number, $"seed {seed}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0, null, 32, 50)]
    [InlineData(20, 50, 32, 50)]
    [InlineData(1_000, null, 32, 1.6)]
    [InlineData(1_000, 2, 40, 1.6)]
    [InlineData(1_000, 3, 60, 1.6)]
    [InlineData(1_000, 100, 64, 1.6)]
    [InlineData(10_000, 1, 67, 1.005)]
    [InlineData(100_000, 3, 400, 1)]
    public void Large_rooms_are_told_at_an_even_pace_and_more_at_once_if_it_is_late(
        int connections, int? sinceMilliseconds, int members, double pauseMilliseconds)
    {
        var since = sinceMilliseconds is { } time ? TimeSpan.FromMilliseconds(time) : (TimeSpan?)null;
        var pace = RoomLoop.PaceOf(new FanOutOptions(), connections, since);
        (pace.Members, pace.Pause.TotalMilliseconds).ShouldBe((members, pauseMilliseconds));
    }

    private static Member NewMember() => new(new Caller(Role.Screen, Guid.Empty, "123456"), null!, default);

    private Member Join()
    {
        var member = NewMember();
        members.Add(member);
        news.Add(member, members.Count(one => !one.IsGone));
        return member;
    }

    private List<(Member Member, long Knew)> Turn(int most) => [.. news.Next(most)];
}
