using System.Diagnostics;
using System.Globalization;

namespace Polls.Bench.Load;

/// <content>Votes, in a closed loop (everybody votes again once the receipt is there) or by a plan that waits for nobody.</content>
internal sealed partial class Engine
{
    private readonly List<Planned> plan = [];
    private readonly UpdateLog updates = new();
    private readonly Dictionary<(RoomSpec Room, int Poll), long> newest = [];
    private readonly byte[] message = new byte[512];
    private bool closedLoop;
    private bool measuring;
    private long receipts;
    private long updated;
    private int open;
    private Histogram? answerTimes;
    private CpuClock cpu = new([]);

    /// <summary>People vote again as soon as they have their receipt.</summary>
    public LoadAnswer Closed(LoadCommand command)
    {
        Begin(command);
        closedLoop = true;
        var voters = Voters(command).Take(command.Voters).ToList();
        foreach (var person in voters)
        {
            Cast(person, new Vote { Poll = 0, Planned = Stopwatch.GetTimestamp() });
        }

        RunFor(command.WarmUpSeconds);
        var started = Measure();
        RunFor(command.Seconds);
        // Whoever is slower than that gets the time that a first receipt takes.
        RunUntil(() => receipts > 0 || ready == 0, command.PatienceSeconds);
        measuring = false;
        var answer = cpu.Stop(new()
        {
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Receipts = receipts, Votes = receipts, Updates = updated, Receipt = answerTimes!.Summary(),
        });
        closedLoop = false;
        RunUntil(() => open <= 0 || ready == 0, command.PatienceSeconds);
        return End(answer with { Missing = open, Behind = AwaitScreens(command.PatienceSeconds) });
    }

    /// <summary>Votes at a rate, whatever becomes of them; each time counts from when its vote was planned.</summary>
    public LoadAnswer Open(LoadCommand command)
    {
        Begin(command);
        var voters = Voters(command).ToList();
        var warm = (int)(command.Rate * command.WarmUpSeconds);
        var all = warm + (int)(command.Rate * command.Seconds);
        var next = 0;
        return ByPlan(command, warm, all, (at, number) =>
        {
            var person = voters[next++ % voters.Count];
            return (person, 0, at + Ticks(number / command.Rate));
        });
    }

    /// <summary>Everybody votes once in every poll, at a random moment of the time given.</summary>
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
        return ByPlan(command, warm: 0, moments.Length, (at, number) =>
            (people[moments[number].Person], moments[number].Poll, at + Ticks(moments[number].At)));
    }

    /// <summary>Nobody votes.</summary>
    public LoadAnswer Quiet(LoadCommand command)
    {
        Begin(command);
        RunFor(command.WarmUpSeconds);
        var started = Measure();
        RunFor(command.Seconds);
        measuring = false;
        return End(cpu.Stop(new() { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, Updates = updated }));
    }

    /// <summary>Writes down who has a receipt for what: person, poll and revision on each line.</summary>
    public LoadAnswer Receipts(LoadCommand command)
    {
        long written = 0;
        using (var file = new StreamWriter(command.Path))
        {
            foreach (var person in people)
            {
                for (var i = 0; i < person.Receipts.Length; i++)
                {
                    if (person.Receipts[i] > 0)
                    {
                        file.Write(string.Create(CultureInfo.InvariantCulture, $"{person.Id} {person.Room.Polls[i]} {person.Receipts[i]}\n"));
                        written++;
                    }
                }
            }
        }

        return new() { Connected = ready, Receipts = written };
    }

    public void Receipt(Person person, int call, long version)
    {
        if (person.Voting is not { } vote || call != person.Call)
        {
            Count("a receipt that nobody waits for");
            return;
        }

        var now = Stopwatch.GetTimestamp();
        person.Receipts[vote.Poll] = Math.Max(person.Receipts[vote.Poll], vote.Revision);
        person.Voting = null;
        open--;
        newest[(person.Room, vote.Poll)] = Math.Max(newest.GetValueOrDefault((person.Room, vote.Poll)), version);
        if (vote.Number >= 0)
        {
            var planned = plan[vote.Number];
            plan[vote.Number] = planned with { Answered = now, Version = version };
        }
        else if (measuring)
        {
            receipts++;
            answerTimes?.Add(now - vote.Planned);
        }

        if (closedLoop)
        {
            Cast(person, new Vote { Poll = 0, Planned = now });
        }
        else if (person.Waiting?.TryDequeue(out var next) == true)
        {
            Send(person, next);
        }
    }

    public void Refused(Person person, int call, string why)
    {
        Count($"refused: {why}");
        if (person.Voting is not { } vote || call != person.Call)
        {
            return;
        }

        if (setting.ComeBack && (why is "busy" or "unavailable"))
        {
            Send(person, vote);
            return;
        }

        person.Voting = null;
        open--;
        if (closedLoop)
        {
            Cast(person, new Vote { Poll = 0, Planned = Stopwatch.GetTimestamp() });
        }
    }

    public void Updated(Person person, int poll, long version)
    {
        if (measuring)
        {
            updated++;
        }

        person.Shown[poll] = Math.Max(person.Shown[poll], version);
        if (setting.Screens)
        {
            updates.Add(person.Index, poll, version, Stopwatch.GetTimestamp());
        }
    }

    private LoadAnswer ByPlan(LoadCommand command, int warm, int all, Func<long, int, (Person Who, int Poll, long At)> next)
    {
        var begin = Stopwatch.GetTimestamp() + Ticks(0.02);
        plan.EnsureCapacity(all - warm);
        var started = begin;
        var patience = begin + Ticks(command.WarmUpSeconds + command.Seconds + command.PatienceSeconds);
        for (var number = 0; number < all;)
        {
            var (who, poll, at) = next(begin, number);
            for (var now = Stopwatch.GetTimestamp(); now < at; now = Stopwatch.GetTimestamp())
            {
                Turn((int)Math.Clamp((at - now) * 1000 / Stopwatch.Frequency, 1, 20));
            }

            if (number == warm)
            {
                started = Measure();
            }

            if (number >= warm)
            {
                plan.Add(new Planned(who.Index, poll, at, 0, 0));
            }

            Cast(who, new Vote { Poll = poll, Planned = at, Number = number >= warm ? number - warm : -1 });
            if (++number % 64 == 0)
            {
                // Behind the plan: what comes in must be read all the same.
                Turn(0);
            }
        }

        var left = started + Ticks(command.Seconds) - Stopwatch.GetTimestamp();
        RunFor(left / (double)Stopwatch.Frequency);
        var answer = cpu.Stop(new() { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, Votes = plan.Count, Updates = updated });
        measuring = false;
        RunUntil(() => open <= 0 && ready == people.Count, (patience - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
        var behind = AwaitScreens(command.PatienceSeconds);
        var answered = plan.Where(vote => vote.Answered > 0).ToList();
        var times = new Histogram();
        answered.ForEach(vote => times.Add(vote.Answered - vote.At));
        answer = answer with
        {
            Receipts = answered.Count, Missing = wire.Answers ? plan.Count - answered.Count : 0, Receipt = times.Summary(), Behind = behind,
            AnsweredWithin = answered.Count == 0 ? 0 : (answered.Max(vote => vote.Answered) - answered.Min(vote => vote.At)) / (double)Stopwatch.Frequency,
        };
        return End(command.Screens ? updates.Summarise(answer, people, answered, setting.Ports.Length) : answer);
    }

    /// <summary>The last update may come after the last receipt: waits for it, and returns how many people were never shown it.</summary>
    private int AwaitScreens(double patience)
    {
        var limit = Stopwatch.GetTimestamp() + Ticks(patience);
        var behind = Behind();
        while (behind > 0 && Stopwatch.GetTimestamp() < limit)
        {
            // Looking takes time in which nothing is read: not too often.
            RunFor(0.05);
            behind = Behind();
        }

        return behind;
    }

    private int Behind() => people.Count(person => person.Stage == Stage.Ready && Enumerable.Range(0, person.Shown.Length).Any(
        poll => person.Shown[poll] < newest.GetValueOrDefault((person.Room, poll))));

    private void Begin(LoadCommand command)
    {
        setting = command with { Ports = setting.Ports, Wire = setting.Wire, Rooms = setting.Rooms, Entering = setting.Entering };
        errors = [];
        lost = receipts = updated = 0;
        open = 0;
        foreach (var person in people)
        {
            // What was missing in the run before is told there.
            person.Voting = null;
            person.Waiting?.Clear();
        }

        plan.Clear();
        updates.Clear();
        answerTimes = new Histogram();
        cpu = new CpuClock(command.Watch);
    }

    private LoadAnswer End(LoadAnswer answer)
    {
        setting = setting with { Screens = false };
        return answer with { Connected = ready, Errors = errors, Lost = lost };
    }

    private long Measure()
    {
        measuring = true;
        receipts = updated = 0;
        answerTimes = new Histogram();
        updates.Clear();
        cpu.Start();
        return Stopwatch.GetTimestamp();
    }

    private IEnumerable<Person> Voters(LoadCommand command) =>
        people.Where(person => person.Stage == Stage.Ready && (command.VotersOfPort < 0 || person.Door == command.VotersOfPort));

    private void Cast(Person person, Vote vote)
    {
        open++;
        if (person.Voting is not null)
        {
            (person.Waiting ??= new()).Enqueue(vote);
            return;
        }

        Send(person, vote);
    }

    private void Send(Person person, Vote vote)
    {
        person.Voting = vote;
        person.Call++;
        if (vote.Revision == 0)
        {
            vote.Revision = ++person.Revisions[vote.Poll];
        }

        if (person.Stage == Stage.Ready)
        {
            var length = wire.Cast(message, person, vote, (person.Index + vote.Revision) % 3);
            Frame(person, 0x81, message.AsSpan(0, length));
        }

        if (!wire.Answers)
        {
            person.Voting = null;
            open--;
        }
    }

    private void RunFor(double seconds) => RunUntil(() => false, seconds);

    private void RunUntil(Func<bool> done, double seconds)
    {
        var end = Stopwatch.GetTimestamp() + Ticks(seconds);
        while (!done())
        {
            var left = end - Stopwatch.GetTimestamp();
            if (left <= 0)
            {
                return;
            }

            Turn((int)Math.Clamp(left * 1000 / Stopwatch.Frequency, 1, 20));
        }
    }
}

/// <summary>A vote of a plan: who, where, when; the receipt's time (0: none) and version.</summary>
internal readonly record struct Planned(int Person, int Poll, long At, long Answered, long Version);
