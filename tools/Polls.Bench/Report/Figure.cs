namespace Polls.Bench.Report;

/// <summary>One measured value: the median of its runs.</summary>
internal sealed record Figure
{
    /// <summary>The row of the benchmark.</summary>
    public required string Row { get; init; }

    /// <summary>What was measured, such as "durable votes, 1,000 people connected".</summary>
    public required string What { get; init; }

    /// <summary>The measured program.</summary>
    public required string Target { get; init; }

    /// <summary>The value, such as "p99".</summary>
    public required string Measure { get; init; }

    public required string Unit { get; init; }

    /// <summary>The values of the runs that count.</summary>
    public required IReadOnlyList<double> Runs { get; init; }

    /// <summary>Why the value is not reliable; null if it is.</summary>
    public string? DidNotHold { get; init; }

    /// <summary>Cores used by the load client, in the busiest run.</summary>
    public double LoadClientCores { get; init; }

    /// <summary>Cores used by other programs or by the machine's host, in the worst run that counts.</summary>
    public double OtherCores { get; init; }

    /// <summary>The number of disturbed runs that were left out.</summary>
    public int LeftOut { get; init; }

    /// <summary>Whether disturbed runs count, for lack of others.</summary>
    public bool Disturbed { get; init; }

    public double? Median => Runs.Count == 0 ? null : Runs.Order().ElementAt(Runs.Count / 2);
}

/// <summary>The values of one run.</summary>
internal sealed record Sample
{
    public required IReadOnlyList<(string Measure, double Value, string Unit)> Values { get; init; }

    /// <summary>
    /// What went wrong, such as a missing receipt; null if nothing did. Reported even if the run is left out.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>
    /// Why the value is not meaningful although nothing went wrong, such as a saturated load client; or null.
    /// </summary>
    public string? Caveat { get; init; }

    public double LoadClientCores { get; init; }

    public double OtherCores { get; init; }
}

/// <summary>A performance target and the measured result.</summary>
/// <param name="Row">The row of the benchmark.</param>
/// <param name="What">What is compared.</param>
/// <param name="Wanted">The target.</param>
/// <param name="Reached">The measured value.</param>
/// <param name="Met">Null if not judged: the other figure did not hold, or either was disturbed.</param>
internal sealed record Aim(string Row, string What, string Wanted, string Reached, bool? Met);
