namespace Polls.Bench;

/// <summary>What was asked for on the command line.</summary>
internal sealed record BenchOptions
{
    public const string Help = """
        Measures Polls beside what people would use instead, on this machine, and writes a table to bench-results/.

          --only ROW[,ROW]  only these rows: votes, receipts, screens, across, fanout, storm, growth, idle, headline
          --quick           the short form: few people, short times; its figures show only that all works
          --help            shows this
        """;

    /// <summary>Null: all rows.</summary>
    public IReadOnlyList<string>? Only { get; init; }

    public bool Quick { get; init; }

    public bool HelpWanted { get; init; }

    /// <summary>Reads the arguments; where they make no sense, says in one line what is wrong instead.</summary>
    public static (BenchOptions? Options, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var (name, value) = arguments[i].Split('=', 2) is [var before, var after] ? (before, after) : (arguments[i], null);
            switch (name)
            {
                case "--help" or "-h":
                    return (new() { HelpWanted = true }, null);
                case "--quick" when value is null:
                    options = options with { Quick = true };
                    break;
                case "--only":
                    value ??= i + 1 < arguments.Count ? arguments[++i] : "";
                    var rows = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                    if (rows.Length == 0 || rows.FirstOrDefault(row => !BenchRun.Rows.Any(known => known.Name == row)) is not null)
                        return (null, $"--only takes rows among {string.Join(", ", BenchRun.Rows.Select(row => row.Name))}, not '{value}'.");
                    options = options with { Only = rows };
                    break;
                default:
                    return (null, $"Unknown option '{arguments[i]}'.");
            }
        }

        return (options, null);
    }
}
