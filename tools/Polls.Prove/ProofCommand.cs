using System.Globalization;
using Polls.Prove.Faults;

namespace Polls.Prove;

/// <summary>The command line options of <c>./prove</c>.</summary>
internal sealed record ProofCommand(
    double Minutes, int Seed, int Voters, FaultKind[]? Faults, bool Mutations, bool CheckTimeLimits, bool ShowHelp)
{
    public const string Help = """
        Checks the guarantees G1 to G10 on a real local cluster (3 instances, nginx, Redis and PostgreSQL) while voters
        vote and faults occur.
        Exit codes: 0 all guarantees held; 1 one is broken; 2 the run was not possible or was stopped; 3 one was not
        exercised.

          --minutes M      how long to inject faults (default: 2)
          --seed S         determines the faults and their order (default: random, printed)
          --voters N       the number of voters (default: 200)
          --faults A,B     only these faults, each once, in this order; --help lists them
          --mutations      instead, run the product once for each mutation, a line broken on purpose; the suite must
                           detect each
          --no-time-limits convergence may take any time, for machines that are busy otherwise
          --help           shows this help
        """;

    /// <summary>Parses the arguments; returns a one-line error if they are invalid.</summary>
    public static (ProofCommand? Command, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var command = new ProofCommand(
            2, Random.Shared.Next(1, 1_000_000), 200, null, Mutations: false, CheckTimeLimits: true, ShowHelp: false);
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                    return (command with { ShowHelp = true }, null);
                case "--mutations":
                    command = command with { Mutations = true };
                    continue;
                case "--no-time-limits":
                    command = command with { CheckTimeLimits = false };
                    continue;
                default:
                    break;
            }

            var (name, value) = arguments[i].Split('=', 2) is [var before, var after]
                ? (before, after)
                : (arguments[i], i + 1 < arguments.Count ? arguments[++i] : "");
            var changed = command.With(name, value);
            if (changed is null)
            {
                return (null, $"Invalid option '{name} {value}'.");
            }

            command = changed;
        }

        return (command, null);
    }

    private ProofCommand? With(string name, string value) => name switch
    {
        "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes)
            && minutes is > 0 and <= 10_000 =>
            this with { Minutes = minutes },
        "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed) => this with { Seed = seed },
        "--voters" when int.TryParse(value, CultureInfo.InvariantCulture, out var voters)
            && voters is >= 1 and <= 5000 =>
            this with { Voters = voters },
        "--faults" when value.Split(',')
            .Select(word => FaultKinds.All.FirstOrDefault(kind => kind.Name == word)).ToArray() is var kinds
            && !kinds.Contains(null) =>
            this with { Faults = kinds! },
        _ => null,
    };
}
