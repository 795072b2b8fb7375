namespace Polls.Bench;

/// <summary>The command line options of <c>./bench</c>.</summary>
internal sealed record BenchOptions
{
    public const string Help = """
        Measures Polls and its alternatives on this machine and writes the results to bench-results/.

          --only ROW[,ROW]  only these rows: votes, receipts, screens, across, fanout, storm, growth, idle, headline,
                            ranking, words, scales
          --quick           the short form: few people and short times; its figures show only that everything works
          --help            shows this help
        """;

    /// <summary>The rows to run; null for all.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    public bool Quick { get; init; }

    public bool ShowHelp { get; init; }

    /// <summary>Parses the arguments; returns a one-line error if they are invalid.</summary>
    public static (BenchOptions? Options, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var before, var after]
                ? (before, after)
                : (arguments[i], null);
            switch (name)
            {
                case "--help" or "-h":
                    return (new() { ShowHelp = true }, null);
                case "--quick" when value is null:
                    options = options with { Quick = true };
                    break;
                case "--only":
                    value ??= i + 1 < arguments.Count ? arguments[++i] : "";
                    var rows = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    if (rows.Length == 0
                        || rows.FirstOrDefault(row => !BenchRun.Rows.Any(known => known.Name == row)) is not null)
                        return (
                            null,
                            $"--only must list rows of {string.Join(", ", BenchRun.Rows.Select(row => row.Name))}, "
                                + $"not '{value}'.");
                    options = options with { Only = rows };
                    break;
                default:
                    return (null, $"Unknown option '{arguments[i]}'.");
            }
        }

        return (options, null);
    }
}
