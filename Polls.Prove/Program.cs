using Polls.AppHost;
using Polls.Prove;
using Polls.Prove.Faults;

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
    var report = await Proof.RunAsync(
        new ProofOptions
        {
            Time = TimeSpan.FromMinutes(wanted.Minutes),
            Seed = wanted.Seed,
            Voters = wanted.Voters,
            Faults = wanted.Faults ?? FaultKinds.All,
            InOrder = wanted.Faults is not null,
            Say = Console.WriteLine,
        },
        stop.Token);
    Console.WriteLine();
    Console.Write(report);
    return report.Broken.Count > 0 ? 1 : 0;
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
