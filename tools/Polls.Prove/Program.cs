using Polls.AppHost;
using Polls.Prove;
using Polls.Prove.Faults;
using Polls.Prove.Mutations;

var (wanted, error) = ProofCommand.Parse(args);
if (wanted is null)
{
    await Console.Error.WriteLineAsync($"{error}\n\n{ProofCommand.Help}");
    return 2;
}

if (wanted.HelpWanted)
{
    Console.WriteLine($"{ProofCommand.Help}\n\nFaults: {string.Join(", ", FaultKinds.All.Select(kind => kind.Name))}.");
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

try
{
    Console.WriteLine($"Seed {wanted.Seed}.");
    return wanted.Mutations ? await TryMutationsAsync() : await ProveAsync();
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped before there was a verdict.");
    return 2;
}
catch (StartFailedException failed)
{
    await Console.Error.WriteLineAsync(failed.Message);
    return 2;
}

async Task<int> ProveAsync()
{
    var report = await Proof.RunAsync(
        new ProofOptions
        {
            Time = TimeSpan.FromMinutes(wanted.Minutes),
            Seed = wanted.Seed,
            Voters = wanted.Voters,
            Faults = wanted.Faults ?? FaultKinds.All,
            InOrder = wanted.Faults is not null,
            BoundsCount = wanted.BoundsCount,
            Say = Console.WriteLine,
        },
        stop.Token);
    Console.Write($"\n{report}");
    return report.Broken.Count > 0 ? 1 : report.NotExercised.Count > 0 ? 3 : 0;
}

async Task<int> TryMutationsAsync()
{
    var missed = 0;
    foreach (var mutation in Mutation.All.Prepend(Mutation.None))
    {
        Console.WriteLine(mutation == Mutation.None ? "\nNothing is broken, and nothing has to be found:" : $"\n{mutation.Name}, which has to break {mutation.Breaks}:");
        var report = await Proof.RunAsync(mutation.ToOptions(wanted.Seed, Console.WriteLine), stop.Token);
        var isSeen = mutation.Breaks is { } toBreak ? report.Broken.Contains(toBreak) : report.Broken.Count == 0;
        missed += isSeen ? 0 : 1;
        Console.WriteLine($"{(isSeen ? "AS IT SHOULD BE" : "NOT SO")}: broken are {(report.Broken.Count > 0 ? string.Join(", ", report.Broken) : "none")}.");
    }

    return missed > 0 ? 1 : 0;
}
