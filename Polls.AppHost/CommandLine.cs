using System.Globalization;

namespace Polls.AppHost;

/// <summary>What was asked for on the command line.</summary>
internal sealed record CommandLine(int Port, int Instances, string? DataDirectory, bool RedisEnabled, bool HelpWanted)
{
    public const string Help = """
        Starts Polls on this machine: PostgreSQL, Redis and the API as local processes. Ctrl-C stops all.

          --port P         the port to open, 8080 unless given; instance i listens on P + i - 1; 0 picks free ports
          --instances N    how many API instances, 1 unless given
          --data DIR       where data, passwords and logs are kept; unless given .data, or beside a run that has it .data-P
          --redis on|off   whether to run Redis, on unless given
          --help           shows this
        """;

    private const int MostInstances = 50;
    private static readonly CommandLine Default = new(8080, 1, DataDirectory: null, RedisEnabled: true, HelpWanted: false);

    /// <summary>Reads the arguments; where they make no sense, says in one line what is wrong instead.</summary>
    public static (CommandLine? Options, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var options = Default;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--help" or "-h")
                return (options with { HelpWanted = true }, null);

            var (name, value) = arguments[i].Split('=', 2) is [var before, var after]
                ? (before, after)
                : (arguments[i], i + 1 < arguments.Count ? arguments[++i] : null);
            if (name is not ("--port" or "--instances" or "--data" or "--redis"))
                return (null, $"Unknown option '{name}'.");
            if (string.IsNullOrEmpty(value))
                return (null, $"{name} needs a value.");

            (var changed, var error) = options.With(name, value);
            if (changed is null)
                return (null, error);
            options = changed;
        }

        return options.Port + options.Instances - 1 > 65_535
            ? (null, $"--port {options.Port} leaves no room for {options.Instances} instances: the last port is 65535.")
            : (options, null);
    }

    private (CommandLine? Options, string? Error) With(string name, string value) => name switch
    {
        "--port" => Number(value, 0, 65_535) is { } port
            ? (this with { Port = port }, null)
            : (null, $"--port must be a number from 0 to 65535, not '{value}'."),
        "--instances" => Number(value, 1, MostInstances) is { } instances
            ? (this with { Instances = instances }, null)
            : (null, $"--instances must be a number from 1 to {MostInstances}, not '{value}'."),
        "--redis" => value is "on" or "off"
            ? (this with { RedisEnabled = value == "on" }, null)
            : (null, $"--redis must be on or off, not '{value}'."),
        _ => (this with { DataDirectory = value }, null),
    };

    private static int? Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : null;
}
