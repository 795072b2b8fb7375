using System.Runtime.InteropServices;
using Polls.Bench;
using Polls.Bench.Load;
using Polls.Bench.Peers;

// The program also starts itself as the load client and as the .NET peers.
switch (args)
{
    case ["load"]:
        return LoadProcess.Run();
    case ["plain", var address, var database]:
        return await PlainHub.RunAsync(address, database);
    case ["bare", var address]:
        return await BareSockets.RunAsync(address);
}

var (options, error) = BenchOptions.Parse(args);
if (options is null)
{
    await Console.Error.WriteLineAsync($"{error}\n\n{BenchOptions.Help}");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(BenchOptions.Help);
    return 0;
}

using var cancelled = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
var report = await BenchRun.RunAsync(
    options, line => Console.Error.WriteLine($"{DateTime.UtcNow:HH:mm:ss} {line}"), cancelled.Token);
Console.WriteLine(report.ToMarkdown());
await Console.Error.WriteLineAsync(
    $"Written to {await BenchRun.WriteAsync(report, CancellationToken.None)} and a .json file beside it.");
return report.Stopped ? 130 : report.Errors.Count > 0 ? 1 : 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    cancelled.Cancel();
}
