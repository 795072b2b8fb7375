namespace Polls.Prove.Faults;

/// <summary>One thing that goes wrong, once.</summary>
/// <param name="Name">For people.</param>
/// <param name="Hits">What it takes away; two faults at once never take away the same.</param>
/// <param name="Lasts">From the stroke to the healing.</param>
internal sealed record Fault(string Name, Victim Hits, TimeSpan Lasts)
{
    /// <summary>Does it.</summary>
    public required Func<CancellationToken, Task> StrikeAsync { get; init; }

    /// <summary>Undoes it; returns when what was down runs again, not when the product has noticed.</summary>
    public Func<CancellationToken, Task> HealAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Looks whether the product has noticed and says so.</summary>
    public Func<CancellationToken, Task> RecoveredAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Looks, while it lasts, at what is promised for that time; such a fault comes alone.</summary>
    public Func<CancellationToken, Task>? WatchAsync { get; init; }
}

/// <summary>What a fault takes away.</summary>
[Flags]
internal enum Victim
{
    None = 0,
    Instance = 1,
    Redis = 2,
    Postgres = 4,
    Nginx = 8,
    Clients = 16,
}

/// <summary>A way to break things, by its name; what exactly it hits is drawn anew each time.</summary>
internal sealed record FaultKind(string Name, Func<Breaker, Fault> Draw);
