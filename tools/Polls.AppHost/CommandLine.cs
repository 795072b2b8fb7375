using System.Globalization;

namespace Polls.AppHost;

/// <summary>The command line options of <c>./run</c>.</summary>
internal sealed record CommandLine(
    int Port, int Instances, string? DataDirectory, bool RedisEnabled, bool? Nginx, bool Observe, bool ShowHelp)
{
    public const string Help = """
        Runs Polls on this machine: PostgreSQL, Redis, the API and nginx as local processes. Ctrl-C stops all of them.

          --port P         the port of Polls (default: 8080); 0 picks a free one
          --instances N    the number of API instances (default: 1)
          --nginx on|off   run nginx in front of them (default: on with several); off: instance i listens on P + i - 1
          --data DIR       the folder of data, passwords and logs (default: .data, or .data-P if another run uses .data)
          --redis on|off   run Redis (default: on)
          --observe        also run Prometheus with the rules of production
          --help           shows this help
        """;

    private const int MaxInstances = 50;
    private static readonly CommandLine Default = new(
        8080, 1, DataDirectory: null, RedisEnabled: true, Nginx: null, Observe: false, ShowHelp: false);

    /// <summary>Whether to run nginx; by default, if there are several instances.</summary>
    public bool NginxEnabled => Nginx ?? Instances > 1;

    /// <summary>Parses the arguments; returns a one-line error if they are invalid.</summary>
    public static (CommandLine? Options, string? Error) Parse(IReadOnlyList<string> arguments)
    {
        var options = Default;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] is "--help" or "-h")
                return (options with { ShowHelp = true }, null);
            if (arguments[i] is "--observe")
            {
                options = options with { Observe = true };
                continue;
            }

            var (name, value) = arguments[i].Split('=', 2) is [var before, var after]
                ? (before, after)
                : (arguments[i], i + 1 < arguments.Count ? arguments[++i] : null);
            if (name is "--observe")
                return (null, "--observe takes no value.");
            if (name is not ("--port" or "--instances" or "--data" or "--redis" or "--nginx"))
                return (null, $"Unknown option '{name}'.");
            if (string.IsNullOrEmpty(value))
                return (null, $"{name} needs a value.");

            (var changed, var error) = options.With(name, value);
            if (changed is null)
                return (null, error);
            options = changed;
        }

        return !options.NginxEnabled && options.Port + options.Instances - 1 > 65_535
            ? (null, $"--port {options.Port} leaves no room for {options.Instances} instances: the last port is 65535.")
            : (options, null);
    }

    private (CommandLine? Options, string? Error) With(string name, string value) => name switch
    {
        "--port" => Number(value, 0, 65_535) is { } port
            ? (this with { Port = port }, null)
            : (null, $"--port must be a number from 0 to 65535, not '{value}'."),
        "--instances" => Number(value, 1, MaxInstances) is { } instances
            ? (this with { Instances = instances }, null)
            : (null, $"--instances must be a number from 1 to {MaxInstances}, not '{value}'."),
        "--redis" or "--nginx" when value is not ("on" or "off") => (null, $"{name} must be on or off, not '{value}'."),
        "--redis" => (this with { RedisEnabled = value == "on" }, null),
        "--nginx" => (this with { Nginx = value == "on" }, null),
        _ => (this with { DataDirectory = value }, null),
    };

    private static int? Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= min
        && number <= max
            ? number
            : null;
}
