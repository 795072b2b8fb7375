using System.Globalization;
using Polls.AppHost.Data;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>
/// PostgreSQL on loopback, with SCRAM passwords and a database <c>polls</c> owned by the role <c>polls</c>.
/// </summary>
public sealed class PostgresServer : LocalPart
{
    private readonly PostgresFiles _files;
    private PostgresTools _tools = PostgresTools.Find(majorVersion: null);

    internal PostgresServer(PostgresFiles files, PartContext context) : base("postgres", 0, context) => _files = files;

    /// <summary>The Npgsql connection string for the role <c>polls</c>.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={Port};Database=polls;Username=polls;Password={Password}";

    /// <summary>The password of the roles <c>polls</c> and <c>postgres</c> (the superuser).</summary>
    public string Password => _files.Password;

    /// <summary>The data directory of PostgreSQL.</summary>
    public string FilesDirectory => _files.Directory;

    /// <summary>
    /// Runs SQL with <c>psql</c> in the database <c>polls</c>; returns the rows, with columns separated by <c>|</c>.
    /// </summary>
    public async Task<string> ExecuteAsync(
        string sql, string role = "polls", CancellationToken cancellationToken = default)
    {
        string[] arguments =
            [
                "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", PortText, "-U", role, "-d",
                "polls", "-f", "-"
            ];
        var environment = new Dictionary<string, string> { ["PGPASSWORD"] = Password, ["PGCONNECT_TIMEOUT"] = "10" };
        var result = await _tools.RunAsync("psql", arguments, sql, environment, cancellationToken);
        return result.ExitCode == 0
            ? result.Output.TrimEnd('\n')
            : throw new InvalidOperationException(result.Error.TrimEnd());
    }

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    private protected override async Task PrepareAsync(CancellationToken cancellationToken) =>
        _tools = await _files.PrepareAsync(Context.Options.Throwaway, cancellationToken);

    private protected override Launch CreateLaunch() => _tools.Server(
    [
        "-D", _files.Directory, "-p", PortText,
        "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=200",
        .. Context.Options.PostgresSettings.SelectMany(setting => (string[])["-c", $"{setting.Key}={setting.Value}"]),
    ]);

    private protected override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        var answer = await _tools.RunAsync(
            "pg_isready", ["-h", "127.0.0.1", "-p", PortText, "-U", "polls", "-d", "polls", "-t", "5"],
            cancellationToken: cancellationToken);
        return answer.ExitCode == 0;
    }
}
