using System.Diagnostics;
using System.Globalization;
using Polls.Prove.Checks;
using Polls.Prove.Faults;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove;

/// <summary>
/// One run: starts the cluster and the clients, injects faults, checks the guarantees during the run and at the end,
/// and reports the verdicts.
/// </summary>
internal sealed class Proof(ProofOptions options)
{
    private static readonly TimeSpan FinalCheckLimit = TimeSpan.FromSeconds(45);
    private readonly Verdicts verdicts = new();
    private readonly long started = Stopwatch.GetTimestamp();

    public static Task<ProofReport> RunAsync(ProofOptions options, CancellationToken cancellationToken = default) =>
        new Proof(options).RunAsync(cancellationToken);

    private async Task<ProofReport> RunAsync(CancellationToken cancellationToken)
    {
        using var endEarly = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        verdicts.FirstBroken += (guarantee, evidence) =>
        {
            Log($"{guarantee} BROKEN: {evidence}");
            if (guarantee == options.EndWhenBroken)
            {
                endEarly.CancelAfter(TimeSpan.FromSeconds(1));
            }
        };
        var history = new RunHistory(verdicts);
        await using var cluster = await ProofCluster.StartAsync(options, cancellationToken);
        await using var crowd = await Crowd.ConnectAsync(cluster.Address, options, history, cancellationToken);
        Log(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Instances} instances, nginx, Redis and PostgreSQL are running; "
                + $"{crowd.Clients.Count} clients have joined"));

        using var storage = new StorageCheck(cluster.Database, crowd.Room.Id, history);
        await using var runQueue = new RunQueue();
        var convergence = new Convergence(crowd, history, storage, runQueue, options);
        var random = new Random(options.Seed);
        var nemesis = new Nemesis(
            new FaultFactory(cluster, crowd, new FaultChecks(cluster, crowd, history, storage), random),
            convergence,
            options,
            random,
            Log);
        var metrics = new MetricsCheck(cluster, history);
        crowd.StartVoting(cluster.Database, () => nemesis.FaultFreeFor);
        await using (new BackgroundChecks(storage, metrics, crowd, history, cluster.Address))
        {
            try
            {
                await nemesis.RunAsync(endEarly.Token);
            }
            catch (OperationCanceledException)
                when (endEarly.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                Log($"{options.EndWhenBroken} is broken: ending the run");
            }
        }

        await crowd.StopAsync();
        await CheckStorageAtEndAsync(storage, cancellationToken);
        ReceiptCheck.Run(history);
        TallyCheck.Run(history);
        HiddenCheck.Run(history);
        var errors = LogCheck.Run(cluster, history);
        var idle = endEarly.IsCancellationRequested ? "" : await metrics.CheckIdleAsync(cancellationToken);
        return new ProofReport(
            options, verdicts.Conclude(), nemesis.Injected, nemesis.NotInjected, history, crowd, convergence.Measured,
            metrics.Peaks, idle, errors);
    }

    /// <summary>The final comparison with the database; retries until PostgreSQL answers.</summary>
    private async Task CheckStorageAtEndAsync(StorageCheck storage, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (await storage.CheckAsync(cancellationToken) is null)
        {
            if (Stopwatch.GetElapsedTime(began) > FinalCheckLimit)
            {
                verdicts.Break(
                    Guarantee.G9,
                    $"PostgreSQL could not be queried for {FinalCheckLimit.TotalSeconds:0} s at the end of the run.");
                return;
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private void Log(string line) =>
        options.Log?.Invoke(string.Create(
            CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {line}"));
}
