using System.Globalization;
using Polls.AppHost.Processes;

namespace Polls.AppHost.Data;

/// <summary>PostgreSQL's programs and the user that runs them: PostgreSQL refuses to run as root.</summary>
internal sealed class PostgresTools
{
    private const string DebianRoot = "/usr/lib/postgresql";
    private readonly string _bin;
    private readonly IReadOnlyList<string> _asUser;

    private PostgresTools(string bin, IReadOnlyList<string> asUser) => (_bin, _asUser) = (bin, asUser);

    /// <summary>Finds the programs of a major version; null for the newest installed one.</summary>
    public static PostgresTools Find(string? majorVersion)
    {
        var installed = Directory.Exists(DebianRoot)
            ? Directory.GetDirectories(DebianRoot)
                .Where(directory => File.Exists(Path.Combine(directory, "bin", "postgres")))
                .Select(directory => (Version: Path.GetFileName(directory), Bin: Path.Combine(directory, "bin")))
                .OrderByDescending(found =>
                    double.TryParse(found.Version, CultureInfo.InvariantCulture, out var version) ? version : 0)
                .ToList()
            : [];
        if (installed.Count > 0)
        {
            var chosen = installed.FirstOrDefault(found => majorVersion is null || found.Version == majorVersion);
            return new(
                chosen.Bin ?? throw new StartFailedException(
                    $"The data was written by PostgreSQL {majorVersion}, "
                        + $"but only {string.Join(", ", installed.Select(found => found.Version))} is installed."),
                []);
        }

        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
            .FirstOrDefault(directory => directory.Length > 0 && File.Exists(Path.Combine(directory, "initdb")));
        return new(
            onPath
                ?? throw new StartFailedException(
                    "The PostgreSQL server is not installed (on Debian and Ubuntu: apt-get install postgresql)."),
            []);
    }

    /// <summary>
    /// The same programs, run as the owner of a folder if this program runs as root. With setpriv and not runuser,
    /// because setpriv becomes the program, so that its process id is the server's.
    /// </summary>
    public async Task<PostgresTools> ForOwnerOfAsync(string directory, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
            return this;
        var owner = await Tool.RunAsync("stat", ["-c", "%u %g", directory], cancellationToken: cancellationToken);
        var ids = owner.OrThrow($"Looking up the owner of '{directory}'").Output.Trim().Split(' ');
        return new(_bin, AsUser(ids[0], ids[1]));
    }

    /// <summary>Whether the user that runs PostgreSQL can enter a folder.</summary>
    public static async Task<bool> CanReachAsync(string directory, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess)
            return true;
        var command = AsUser("postgres", "postgres");
        var result = await Tool.RunAsync(
            command[0], [.. command.Skip(1), "sh", "-c", "cd -- \"$1\"", "sh", directory],
            cancellationToken: cancellationToken);
        return result.ExitCode == 0;
    }

    public Launch Server(IEnumerable<string> arguments)
    {
        string[] command = [.. _asUser, Path.Combine(_bin, "postgres"), .. arguments];
        // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for all clients to disconnect.
        return new(command[0], command[1..]) { StopSignal = PosixSignalNumber.Interrupt };
    }

    public Task<ToolResult> RunAsync(
        string tool, IEnumerable<string> arguments, string input = "",
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default)
    {
        string[] command = [.. _asUser, Program(tool), .. arguments];
        return Tool.RunAsync(command[0], command[1..], input, environment, cancellationToken);
    }

    // Client programs may be installed elsewhere, on the path.
    private string Program(string tool) => Path.Combine(_bin, tool) is var path && File.Exists(path) ? path : tool;

    private static string[] AsUser(string user, string group) =>
        ["setpriv", $"--reuid={user}", $"--regid={group}", "--clear-groups", "--"];
}
