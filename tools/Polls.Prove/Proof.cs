using System.Diagnostics;
using System.Globalization;
using Polls.Prove.Checks;
using Polls.Prove.Faults;
using Polls.Prove.History;
using Polls.Prove.People;

namespace Polls.Prove;

/// <summary>One run: starts the cluster, lets people in and faults come, checks all the while and in the end, and concludes.</summary>
internal sealed class Proof(ProofOptions options)
{
    private static readonly TimeSpan AtLast = TimeSpan.FromSeconds(45);
    private readonly Verdicts verdicts = new();
    private readonly long started = Stopwatch.GetTimestamp();

    public static Task<ProofReport> RunAsync(ProofOptions options, CancellationToken cancellationToken = default) => new Proof(options).RunAsync(cancellationToken);

    private async Task<ProofReport> RunAsync(CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        verdicts.FoundBroken += (guarantee, evidence) =>
        {
            Say($"{guarantee} BROKEN: {evidence}");
            if (guarantee == options.EndWhenBroken)
            {
                enough.CancelAfter(TimeSpan.FromSeconds(1));
            }
        };
        var chronicle = new Chronicle(verdicts);
        await using var arena = await Arena.StartAsync(options, cancellationToken);
        await using var crowd = await Crowd.GatherAsync(arena.Door, options, chronicle, cancellationToken);
        Say(string.Create(CultureInfo.InvariantCulture, $"{options.Instances} instances, nginx, Redis and PostgreSQL run; {crowd.Clients.Count} clients are in the room"));

        using var storage = new StorageCheck(arena.Database, crowd.Room.Id, chronicle);
        await using var pulse = new Pulse();
        var convergence = new Convergence(crowd, chronicle, storage, pulse, options);
        var random = new Random(options.Seed);
        var nemesis = new Nemesis(new Breaker(arena, crowd, new Watch(arena, crowd, chronicle, storage), random), convergence, options, random, Say);
        var metrics = new Metrics(arena, chronicle);
        crowd.Begin(arena.Database, () => nemesis.QuietFor);
        await using (new Lookout(storage, metrics, crowd, chronicle, arena.Door))
        {
            try
            {
                await nemesis.RunAsync(enough.Token);
            }
            catch (OperationCanceledException) when (enough.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                Say("That is enough.");
            }
        }

        await crowd.EndAsync();
        await LookAtLastAsync(storage, cancellationToken);
        ReceiptCheck.Run(chronicle);
        TallyCheck.Run(chronicle);
        HiddenCheck.Run(chronicle);
        var rest = enough.IsCancellationRequested ? "" : await metrics.RestAsync(cancellationToken);
        return new ProofReport(options, verdicts.Conclude(), nemesis.Done, nemesis.NeverCame, chronicle, crowd, convergence.Measured, metrics.Most, rest);
    }

    /// <summary>The look that decides; one that PostgreSQL does not answer is no look.</summary>
    private async Task LookAtLastAsync(StorageCheck storage, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (await storage.LookAsync(cancellationToken) is null)
        {
            if (Stopwatch.GetElapsedTime(began) > AtLast)
            {
                verdicts.Break(Guarantee.G9, $"PostgreSQL could not be asked for {AtLast.TotalSeconds:0} s in the end.");
                return;
            }

            await Task.Delay(100, cancellationToken);
        }
    }

    private void Say(string line) =>
        options.Say?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(started).TotalSeconds,6:0.0} s  {line}"));
}
