namespace Polls.Bench.Report;

/// <summary>One measured value: the median of its runs.</summary>
internal sealed record Figure
{
    /// <summary>The row that it belongs to.</summary>
    public required string Row { get; init; }

    /// <summary>What was measured, such as "durable votes, 1,000 people connected".</summary>
    public required string What { get; init; }

    /// <summary>Which program.</summary>
    public required string Target { get; init; }

    /// <summary>Which value of it, such as "p99".</summary>
    public required string Measure { get; init; }

    public required string Unit { get; init; }

    /// <summary>Those that count.</summary>
    public required IReadOnlyList<double> Runs { get; init; }

    /// <summary>Why it is not to be relied on; null when it is.</summary>
    public string? DidNotHold { get; init; }

    /// <summary>Cores that the load client was busy with, in the busiest run.</summary>
    public double LoadClientCores { get; init; }

    /// <summary>Cores that programs other than ours were busy with meanwhile, or that the machine's host kept from it, in the worst run that counts.</summary>
    public double OtherCores { get; init; }

    /// <summary>Runs that were left out because too much of the machine was taken meanwhile.</summary>
    public int LeftOut { get; init; }

    /// <summary>Whether runs count in which too much of the machine was taken, because there were no others.</summary>
    public bool Disturbed { get; init; }

    public double? Median => Runs.Count == 0 ? null : Runs.Order().ElementAt(Runs.Count / 2);
}

/// <summary>What one run gave.</summary>
internal sealed record Sample
{
    public required IReadOnlyList<(string Measure, double Value, string Unit)> Values { get; init; }

    /// <summary>What went wrong, such as a receipt that is missing; null when nothing did. Never excused.</summary>
    public string? Problem { get; init; }

    /// <summary>Why the value says little although nothing went wrong, such as a load client that had no time; null when it says what it should.</summary>
    public string? Weak { get; init; }

    public double LoadClientCores { get; init; }

    public double OtherCores { get; init; }
}

/// <summary>What the project wants to reach, and what it did reach.</summary>
/// <param name="Row">The row that it belongs to.</param>
/// <param name="What">What is compared with what.</param>
/// <param name="Wanted">The bound.</param>
/// <param name="Reached">The value.</param>
/// <param name="Met">Null where it cannot be judged: what it is compared with did not hold, or either was disturbed.</param>
internal sealed record Aim(string Row, string What, string Wanted, string Reached, bool? Met);
