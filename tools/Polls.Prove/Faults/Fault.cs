namespace Polls.Prove.Faults;

/// <summary>One fault, injected once.</summary>
/// <param name="Name">The description for the log.</param>
/// <param name="Target">The parts that it breaks; two faults at the same time have different targets.</param>
/// <param name="Duration">The time from injection to repair.</param>
internal sealed record Fault(string Name, FaultTarget Target, TimeSpan Duration)
{
    /// <summary>Injects the fault.</summary>
    public required Func<CancellationToken, Task> InjectAsync { get; init; }

    /// <summary>
    /// Repairs the fault; completes when the target runs again, even if the product has not noticed yet.
    /// </summary>
    public Func<CancellationToken, Task> RepairAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Checks that the product has recovered and reports it.</summary>
    public Func<CancellationToken, Task> CheckRecoveryAsync { get; init; } = _ => Task.CompletedTask;

    /// <summary>Checks the guarantees for the time of the fault; such a fault is never combined with another.</summary>
    public Func<CancellationToken, Task>? CheckDuringAsync { get; init; }
}

/// <summary>The parts that a fault breaks.</summary>
[Flags]
internal enum FaultTarget
{
    None = 0,
    Instance = 1,
    Redis = 2,
    Postgres = 4,
    Nginx = 8,
    Clients = 16,
}

/// <summary>A kind of fault; <c>Create</c> draws its target and parameters.</summary>
internal sealed record FaultKind(string Name, Func<FaultFactory, Fault> Create);
