using System.Globalization;
using Polls.Prove.Faults;

namespace Polls.Prove;

/// <summary>What was asked for on the command line.</summary>
internal sealed record ProofCommand(double Minutes, int Seed, int Voters, FaultKind[]? Faults, bool Mutations, bool BoundsCount, bool HelpWanted)
{
    public const string Help = """
        Proves G1 to G10 on a real cluster of this machine: 3 instances, nginx, Redis and PostgreSQL, people who vote, and faults.
        Exit code 0: all of them held; 1: one was found broken; 2: it could not be tried; 3: for one of them nothing was looked at.

          --minutes M      how long faults come, 2 unless given
          --seed S         decides the faults and their order; drawn and printed unless given
          --voters N       200 unless given
          --faults A,B     only these, each once, in this order; --help lists them
          --mutations      instead: again and again with one line of the product broken on purpose; each has to be found
          --no-bounds      convergence may take any time, for machines that are busy otherwise
          --help           shows this
        """;

    /// <summary>Reads the arguments; where they make no sense, says in one line what is wrong instead.</summary>
    public static (ProofCommand? Wanted, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var wanted = new ProofCommand(2, Random.Shared.Next(1, 1_000_000), 200, null, Mutations: false, BoundsCount: true, HelpWanted: false);
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                    return (wanted with { HelpWanted = true }, null);
                case "--mutations":
                    wanted = wanted with { Mutations = true };
                    continue;
                case "--no-bounds":
                    wanted = wanted with { BoundsCount = false };
                    continue;
                default:
                    break;
            }

            var (name, value) = arguments[i].Split('=', 2) is [var before, var after]
                ? (before, after)
                : (arguments[i], i + 1 < arguments.Count ? arguments[++i] : "");
            var changed = wanted.With(name, value);
            if (changed is null)
            {
                return (null, $"'{name} {value}' makes no sense.");
            }

            wanted = changed;
        }

        return (wanted, null);
    }

    private ProofCommand? With(string name, string value) => name switch
    {
        "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= 10_000 => this with { Minutes = minutes },
        "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var seed) => this with { Seed = seed },
        "--voters" when int.TryParse(value, CultureInfo.InvariantCulture, out var voters) && voters is >= 1 and <= 5000 => this with { Voters = voters },
        "--faults" when value.Split(',').Select(word => FaultKinds.All.FirstOrDefault(kind => kind.Name == word)).ToArray() is var kinds && !kinds.Contains(null) =>
            this with { Faults = kinds! },
        _ => null,
    };
}
