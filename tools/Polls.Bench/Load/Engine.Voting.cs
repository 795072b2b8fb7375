using System.Diagnostics;
using System.Globalization;

namespace Polls.Bench.Load;

/// <content>Votes, receipts and updates; in a closed loop everyone votes again after the receipt.</content>
internal sealed partial class Engine
{
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

    /// <summary>Runs a closed loop: people vote again as soon as they have their receipt.</summary>
    public LoadAnswer Closed(LoadCommand command)
    {
        Begin(command);
        closedLoop = true;
        var voters = Voters(command).Take(command.Voters).ToList();
        foreach (var person in voters)
        {
            Cast(person, new Vote { Poll = 0, PlannedAt = Stopwatch.GetTimestamp() });
        }

        RunFor(command.WarmUpSeconds);
        var started = Measure();
        RunFor(command.Seconds);
        // A slow program gets more time, until its first receipt.
        RunUntil(() => receipts > 0 || ready == 0, command.TimeoutSeconds);
        measuring = false;
        var answer = cpu.Stop(new()
        {
            Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds,
            Receipts = receipts, Votes = receipts, Updates = updated, Receipt = answerTimes!.Summary(),
        });
        closedLoop = false;
        RunUntil(() => open <= 0 || ready == 0, command.TimeoutSeconds);
        return End(answer with { Missing = open, Behind = AwaitScreens(command.TimeoutSeconds) });
    }

    /// <summary>Measures while nobody votes.</summary>
    public LoadAnswer Quiet(LoadCommand command)
    {
        Begin(command);
        RunFor(command.WarmUpSeconds);
        var started = Measure();
        RunFor(command.Seconds);
        measuring = false;
        return End(cpu.Stop(new() { Seconds = Stopwatch.GetElapsedTime(started).TotalSeconds, Updates = updated }));
    }

    /// <summary>Writes all receipts to a file: person, poll and revision on each line.</summary>
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
                        file.Write(string.Create(
                            CultureInfo.InvariantCulture,
                            $"{person.Id} {person.Room.Polls[i]} {person.Receipts[i]}\n"));
                        written++;
                    }
                }
            }
        }

        return new() { Connected = ready, Receipts = written };
    }

    public void Receipt(Person person, int call, long version)
    {
        if (person.PendingVote is not { } vote || call != person.Call)
        {
            Count("unexpected receipt");
            return;
        }

        var now = Stopwatch.GetTimestamp();
        person.Receipts[vote.Poll] = Math.Max(person.Receipts[vote.Poll], vote.Revision);
        person.PendingVote = null;
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
            answerTimes?.Add(now - vote.PlannedAt);
        }

        if (closedLoop)
        {
            Cast(person, new Vote { Poll = 0, PlannedAt = now });
        }
        else if (person.QueuedVotes?.TryDequeue(out var next) == true)
        {
            Send(person, next);
        }
    }

    public void Refused(Person person, int call, string why)
    {
        Count($"refused: {why}");
        if (person.PendingVote is not { } vote || call != person.Call)
        {
            return;
        }

        if (settings.Reconnect && (why is "busy" or "unavailable"))
        {
            Send(person, vote);
            return;
        }

        person.PendingVote = null;
        open--;
        if (closedLoop)
        {
            Cast(person, new Vote { Poll = 0, PlannedAt = Stopwatch.GetTimestamp() });
        }
    }

    public void Updated(Person person, int poll, long version)
    {
        if (measuring)
        {
            updated++;
        }

        person.Shown[poll] = Math.Max(person.Shown[poll], version);
        if (settings.Screens)
        {
            updates.Add(person.Index, poll, version, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>
    /// Waits until everyone has been shown the last version; returns how many have not within the time-out.
    /// </summary>
    private int AwaitScreens(double timeout)
    {
        var limit = Stopwatch.GetTimestamp() + Ticks(timeout);
        var behind = Behind();
        while (behind > 0 && Stopwatch.GetTimestamp() < limit)
        {
            // Not too often: nothing is read during the check.
            RunFor(0.05);
            behind = Behind();
        }

        return behind;
    }

    private int Behind() =>
        people.Count(person => person.Stage == Stage.Ready && Enumerable.Range(0, person.Shown.Length).Any(
            poll => person.Shown[poll] < newest.GetValueOrDefault((person.Room, poll))));

    private void Begin(LoadCommand command)
    {
        settings = command with
        {
            Ports = settings.Ports, Protocol = settings.Protocol, Rooms = settings.Rooms,
            MaxConnecting = settings.MaxConnecting
        };
        errors = [];
        lost = receipts = updated = 0;
        open = 0;
        foreach (var person in people)
        {
            // Missing receipts of the previous run were reported by that run.
            person.PendingVote = null;
            person.QueuedVotes?.Clear();
        }

        plan.Clear();
        updates.Clear();
        answerTimes = new Histogram();
        cpu = new CpuClock(command.Watch);
    }

    private LoadAnswer End(LoadAnswer answer)
    {
        settings = settings with { Screens = false };
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
        people.Where(person =>
            person.Stage == Stage.Ready && (command.VotersOfPort < 0 || person.PortIndex == command.VotersOfPort));

    private void Cast(Person person, Vote vote)
    {
        open++;
        if (person.PendingVote is not null)
        {
            (person.QueuedVotes ??= new()).Enqueue(vote);
            return;
        }

        Send(person, vote);
    }

    private void Send(Person person, Vote vote)
    {
        person.PendingVote = vote;
        person.Call++;
        if (vote.Revision == 0)
        {
            vote.Revision = ++person.Revisions[vote.Poll];
        }

        if (person.Stage == Stage.Ready)
        {
            var length = protocol.Cast(message, person, vote, person.Index + vote.Revision);
            SendFrame(person, 0x81, message.AsSpan(0, length));
        }

        if (!protocol.Answers)
        {
            person.PendingVote = null;
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

            RunOnce((int)Math.Clamp(left * 1000 / Stopwatch.Frequency, 1, 20));
        }
    }
}
