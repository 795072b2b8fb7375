using System.Diagnostics;
using Polls.Prove.Checks;

namespace Polls.Prove.Faults;

/// <summary>
/// Injects faults one after the other, as the seed determines: each kind once before any occurs twice, sometimes two at
/// once. After each fault everything is repaired and all clients must converge. (The name is from Jepsen.)
/// </summary>
internal sealed class Nemesis(
    FaultFactory factory, Convergence convergence, ProofOptions options, Random random, Action<string> log)
{
    // Voting must continue after the last fault, or a failure to recover would not be noticed.
    private static readonly TimeSpan FinalVoting = TimeSpan.FromSeconds(1.5);
    private readonly Queue<FaultKind> queue = new();
    private readonly List<string> injected = [];
    private readonly HashSet<string> notInjected = [.. options.Faults.Select(kind => kind.Name)];
    private long repaired = Stopwatch.GetTimestamp();
    private volatile bool isFaultFree = true;

    /// <summary>The injected faults, in order.</summary>
    public IReadOnlyList<string> Injected => injected;

    /// <summary>The kinds that did not occur.</summary>
    public IReadOnlyList<string> NotInjected => [.. notInjected];

    /// <summary>The time since the last repair; zero during a fault.</summary>
    public TimeSpan FaultFreeFor => isFaultFree ? Stopwatch.GetElapsedTime(Volatile.Read(ref repaired)) : TimeSpan.Zero;

    /// <summary>Runs until the time is up, or until each fault has occurred once if they are in order.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        Fill();
        for (var turn = 0; options.InOrder ? queue.Count > 0 : Stopwatch.GetElapsedTime(started) < options.Time; turn++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(1000)), cancellationToken);
            if (turn % 4 == 0)
            {
                log($"no fault: {await convergence.CheckAsync(null, "no fault", cancellationToken)}");
                await Task.Delay(500, cancellationToken);
            }

            await InjectAsync(Draw(), cancellationToken);
        }

        await Task.Delay(FinalVoting, cancellationToken);
        log($"no fault: {await convergence.CheckAsync(null, "the last fault", cancellationToken)}");
    }

    private async Task InjectAsync(List<Fault> faults, CancellationToken cancellationToken)
    {
        var names = string.Join(" + ", faults.Select(fault => fault.Name));
        var duration = faults.Max(fault => fault.Duration);
        injected.AddRange(faults.Select(fault => fault.Name));
        isFaultFree = false;
        var started = Stopwatch.GetTimestamp();
        try
        {
            foreach (var fault in faults)
            {
                await fault.InjectAsync(cancellationToken);
            }

            var checking = faults[0].CheckDuringAsync?.Invoke(cancellationToken) ?? Task.CompletedTask;
            await Task.WhenAll(checking, Task.Delay(duration, cancellationToken));
        }
        finally
        {
            // Repair also after an error or cancellation.
            await Task.WhenAll(faults.Select(fault => fault.RepairAsync(CancellationToken.None)));
            Volatile.Write(ref repaired, Stopwatch.GetTimestamp());
            isFaultFree = true;
        }

        var lasted = Stopwatch.GetElapsedTime(started);
        var converging = convergence.CheckAsync(Volatile.Read(ref repaired), names, cancellationToken);
        // At the same time, so that the time to recover is part of the measurement.
        await Task.WhenAll([converging, .. faults.Select(fault => fault.CheckRecoveryAsync(cancellationToken))]);
        var outcome = await converging;
        log($"{names}, repaired after {lasted.TotalSeconds:0.0} s: {outcome}");
    }

    private List<Fault> Draw()
    {
        var first = Next().Create(factory);
        if (options.InOrder || random.Next(3) > 0 || queue.Count == 0 || first.CheckDuringAsync is not null)
        {
            return [first];
        }

        var kind = queue.Peek();
        var second = kind.Create(factory);
        if ((first.Target & second.Target) != FaultTarget.None || second.CheckDuringAsync is not null)
        {
            return [first];
        }

        queue.Dequeue();
        notInjected.Remove(kind.Name);
        return [first, second];
    }

    private FaultKind Next()
    {
        if (queue.Count == 0)
        {
            Fill();
        }

        notInjected.Remove(queue.Peek().Name);
        return queue.Dequeue();
    }

    private void Fill()
    {
        var kinds = options.Faults.ToArray();
        if (!options.InOrder)
        {
            random.Shuffle(kinds);
        }

        foreach (var kind in kinds)
        {
            queue.Enqueue(kind);
        }
    }
}
