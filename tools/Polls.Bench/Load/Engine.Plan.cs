using System.Diagnostics;

namespace Polls.Bench.Load;

/// <content>Open-loop voting: votes are sent as planned, and times are measured from the planned time.</content>
internal sealed partial class Engine
{
    private readonly List<PlannedVote> plan = [];

    /// <summary>Votes at a constant rate that does not depend on receipts.</summary>
    public LoadAnswer Open(LoadCommand command)
    {
        Begin(command);
        var voters = Voters(command).ToList();
        var warm = (int)(command.Rate * command.WarmUpSeconds);
        var all = warm + (int)(command.Rate * command.Seconds);
        var next = 0;
        return RunPlan(command, warm, all, (at, number) =>
        {
            var person = voters[next++ % voters.Count];
            return (person, 0, at + Ticks(number / command.Rate));
        });
    }

    /// <summary>Everyone votes once in every poll, each at a random time within the given duration.</summary>
    public LoadAnswer Spread(LoadCommand command)
    {
        Begin(command);
        var random = new Random(1);
        var polls = people[0].PollIds.Length;
        var moments = new (int Person, int Poll, double At)[people.Count * polls];
        for (var i = 0; i < moments.Length; i++)
        {
            moments[i] = (i / polls, i % polls, random.NextDouble() * command.Seconds);
        }

        Array.Sort(moments, (one, other) => one.At.CompareTo(other.At));
        return RunPlan(command, warm: 0, moments.Length, (at, number) =>
            (people[moments[number].Person], moments[number].Poll, at + Ticks(moments[number].At)));
    }

    private LoadAnswer RunPlan(
        LoadCommand command, int warm, int all, Func<long, int, (Person Who, int Poll, long At)> next)
    {
        var begin = Stopwatch.GetTimestamp() + Ticks(0.02);
        plan.EnsureCapacity(all - warm);
        var started = begin;
        var deadline = begin + Ticks(command.WarmUpSeconds + command.Seconds + command.TimeoutSeconds);
        for (var number = 0; number < all;)
        {
            var (who, poll, at) = next(begin, number);
            for (var now = Stopwatch.GetTimestamp(); now < at; now = Stopwatch.GetTimestamp())
            {
                RunOnce((int)Math.Clamp((at - now) * 1000 / Stopwatch.Frequency, 1, 20));
            }

            if (number == warm)
            {
                started = Measure();
            }

            if (number >= warm)
            {
                plan.Add(new PlannedVote(who.Index, poll, at, 0, 0));
            }

            Cast(who, new Vote { Poll = poll, PlannedAt = at, Number = number >= warm ? number - warm : -1 });
            if (++number % 64 == 0)
            {
                // Also read when the plan is late.
                RunOnce(0);
            }
        }

        var left = started + Ticks(command.Seconds) - Stopwatch.GetTimestamp();
        RunFor(left / (double)Stopwatch.Frequency);
        var answer = cpu.Stop(new()
        {
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, Votes = plan.Count, Updates = updated
        });
        measuring = false;
        RunUntil(
            () => open <= 0 && ready == people.Count,
            (deadline - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
        var behind = AwaitScreens(command.TimeoutSeconds);
        var answered = plan.Where(vote => vote.Answered > 0).ToList();
        var times = new Histogram();
        answered.ForEach(vote => times.Add(vote.Answered - vote.At));
        answer = answer with
        {
            Receipts = answered.Count, Missing = protocol.Answers ? plan.Count - answered.Count : 0,
            Receipt = times.Summary(), Behind = behind,
            AnsweredWithin = answered.Count == 0
                ? 0
                : (answered.Max(vote => vote.Answered) - answered.Min(vote => vote.At)) / (double)Stopwatch.Frequency,
        };
        return End(command.Screens ? updates.Summarise(answer, people, answered, settings.Ports.Length) : answer);
    }
}

/// <summary>A planned vote, with the time (0 for none) and the version of its receipt.</summary>
internal readonly record struct PlannedVote(int Person, int Poll, long At, long Answered, long Version);
