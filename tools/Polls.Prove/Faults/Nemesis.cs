using System.Diagnostics;
using Polls.Prove.Checks;

namespace Polls.Prove.Faults;

/// <summary>
/// Lets fault upon fault come, as the seed says: each kind once before any comes twice, sometimes two at once; after each one everything
/// is healed and everybody has to converge.
/// </summary>
internal sealed class Nemesis(Breaker breaker, Convergence convergence, ProofOptions options, Random random, Action<string> say)
{
    // Votes go on for a while after the last fault, or nobody would see that they do not.
    private static readonly TimeSpan AtLast = TimeSpan.FromSeconds(1.5);
    private readonly Queue<FaultKind> bag = new();
    private readonly List<string> done = [];
    private readonly HashSet<string> neverCame = [.. options.Faults.Select(kind => kind.Name)];
    private long healed = Stopwatch.GetTimestamp();
    private volatile bool isQuiet = true;

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<string> Done => done;

    /// <summary>The kinds for which there was no time.</summary>
    public IReadOnlyList<string> NeverCame => [.. neverCame];

    /// <summary>How long nothing has been wrong; zero while something is.</summary>
    public TimeSpan QuietFor => isQuiet ? Stopwatch.GetElapsedTime(Volatile.Read(ref healed)) : TimeSpan.Zero;

    /// <summary>Goes on until the time is up, or each fault came once where they come in order; ends at once when cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        Fill();
        for (var strike = 0; options.InOrder ? bag.Count > 0 : Stopwatch.GetElapsedTime(started) < options.Time; strike++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500 + random.Next(1000)), cancellationToken);
            if (strike % 4 == 0)
            {
                say($"nothing wrong: {await convergence.LookAsync(null, "nothing", cancellationToken)}");
                await Task.Delay(500, cancellationToken);
            }

            await StrikeAsync(Draw(), cancellationToken);
        }

        await Task.Delay(AtLast, cancellationToken);
        say($"nothing wrong: {await convergence.LookAsync(null, "the last fault", cancellationToken)}");
    }

    private async Task StrikeAsync(List<Fault> faults, CancellationToken cancellationToken)
    {
        var names = string.Join(" + ", faults.Select(fault => fault.Name));
        var lasts = faults.Max(fault => fault.Lasts);
        done.AddRange(faults.Select(fault => fault.Name));
        isQuiet = false;
        var struck = Stopwatch.GetTimestamp();
        try
        {
            foreach (var fault in faults)
            {
                await fault.StrikeAsync(cancellationToken);
            }

            var watching = faults[0].WatchAsync?.Invoke(cancellationToken) ?? Task.CompletedTask;
            await Task.WhenAll(watching, Task.Delay(lasts, cancellationToken));
        }
        finally
        {
            // Whatever happens, nothing stays broken.
            await Task.WhenAll(faults.Select(fault => fault.HealAsync(CancellationToken.None)));
            Volatile.Write(ref healed, Stopwatch.GetTimestamp());
            isQuiet = true;
        }

        var lasted = Stopwatch.GetElapsedTime(struck);
        var looking = convergence.LookAsync(Volatile.Read(ref healed), names, cancellationToken);
        // Beside the look, or the time that the product needs to recover would not count.
        await Task.WhenAll([looking, .. faults.Select(fault => fault.RecoveredAsync(cancellationToken))]);
        var outcome = await looking;
        say($"{names}, healed after {lasted.TotalSeconds:0.0} s: {outcome}");
    }

    private List<Fault> Draw()
    {
        var first = Next().Draw(breaker);
        if (options.InOrder || random.Next(3) > 0 || bag.Count == 0 || first.WatchAsync is not null)
        {
            return [first];
        }

        var kind = bag.Peek();
        var second = kind.Draw(breaker);
        if ((first.Hits & second.Hits) != Victim.None || second.WatchAsync is not null)
        {
            return [first];
        }

        bag.Dequeue();
        neverCame.Remove(kind.Name);
        return [first, second];
    }

    private FaultKind Next()
    {
        if (bag.Count == 0)
        {
            Fill();
        }

        neverCame.Remove(bag.Peek().Name);
        return bag.Dequeue();
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
            bag.Enqueue(kind);
        }
    }
}
