using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Npgsql;
using Polls.AppHost.Data;
using Polls.AppHost.Processes;

namespace Polls.AppHost;

/// <summary>
/// PostgreSQL on loopback, with SCRAM passwords and a database <c>polls</c> owned by the role <c>polls</c>.
/// </summary>
public sealed class PostgresServer : LocalPart
{
    private static readonly TimeSpan SettingLimit = TimeSpan.FromSeconds(30);
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
    /// Runs SQL in the database <c>polls</c>; returns the rows as PostgreSQL writes their values as text, with columns
    /// separated by <c>|</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">PostgreSQL refused the SQL, or cannot be reached.</exception>
    [SuppressMessage("Security", "CA2100", Justification = "Running any SQL is what it is for.")]
    public async Task<string> ExecuteAsync(
        string sql, string role = "polls", CancellationToken cancellationToken = default)
    {
        // Not pooled: a pooled connection would not survive when the server is killed.
        var options = new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Username = role, Pooling = false, Timeout = 10, CommandTimeout = 0,
        };
        try
        {
            await using var connection = new NpgsqlConnection(options.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<string>();
            do
            {
                while (await reader.ReadAsync(cancellationToken))
                    rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(
                        column => reader.IsDBNull(column) ? "" : reader.GetString(column))));
            }
            while (await reader.NextResultAsync(cancellationToken));

            return string.Join('\n', rows);
        }
        catch (NpgsqlException refused)
        {
            throw new InvalidOperationException(refused.Message, refused);
        }
    }

    /// <summary>
    /// Changes a setting while the server runs, and waits until it holds: for new sessions, and for the next
    /// transaction of the others, because the server tells them before it opens a new one.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// PostgreSQL refused the value, cannot be reached, or has not read it within 30 seconds.
    /// </exception>
    public async Task SetAsync(string setting, string value, CancellationToken cancellationToken = default)
    {
        // ALTER SYSTEM must not be in a transaction with another statement.
        await ExecuteAsync($"ALTER SYSTEM SET {setting} = '{value}'", "postgres", cancellationToken);
        await ExecuteAsync("SELECT pg_reload_conf()", "postgres", cancellationToken);
        for (var started = Stopwatch.GetTimestamp();
            await ExecuteAsync($"SHOW {setting}", "postgres", cancellationToken) != value;)
        {
            if (Stopwatch.GetElapsedTime(started) > SettingLimit)
            {
                throw new InvalidOperationException($"PostgreSQL has not read {setting} = {value}.");
            }

            await Task.Delay(50, cancellationToken);
        }
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
