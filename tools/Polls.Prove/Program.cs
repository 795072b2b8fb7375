using Polls.AppHost;
using Polls.Prove;
using Polls.Prove.Faults;
using Polls.Prove.Mutations;

var (command, error) = ProofCommand.Parse(args);
if (command is null)
{
    await Console.Error.WriteLineAsync($"{error}\n\n{ProofCommand.Help}");
    return 2;
}

if (command.ShowHelp)
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
    Console.WriteLine($"Seed {command.Seed}.");
    return command.Mutations ? await RunMutationsAsync() : await ProveAsync();
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped before the run was complete: no verdict.");
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
            Time = TimeSpan.FromMinutes(command.Minutes),
            Seed = command.Seed,
            Voters = command.Voters,
            Faults = command.Faults ?? FaultKinds.All,
            InOrder = command.Faults is not null,
            CheckTimeLimits = command.CheckTimeLimits,
            Log = Console.WriteLine,
        },
        stop.Token);
    Console.Write($"\n{report}");
    return report.Broken.Count > 0 ? 1 : report.NotExercised.Count > 0 ? 3 : 0;
}

async Task<int> RunMutationsAsync()
{
    var failed = 0;
    foreach (var mutation in Mutation.All.Prepend(Mutation.None))
    {
        Console.WriteLine(mutation == Mutation.None
            ? "\nNo mutation, expected to hold:"
            : $"\n{mutation.Name}, expected to break {mutation.Breaks}:");
        var report = await Proof.RunAsync(mutation.ToOptions(command.Seed, Console.WriteLine), stop.Token);
        var isExpected = mutation.Breaks is { } toBreak ? report.Broken.Contains(toBreak) : report.Broken.Count == 0;
        failed += isExpected ? 0 : 1;
        Console.WriteLine(
            $"{(isExpected ? "PASSED" : "FAILED")}: broken: "
                + $"{(report.Broken.Count > 0 ? string.Join(", ", report.Broken) : "none")}.");
    }

    return failed > 0 ? 1 : 0;
}
