using System.Diagnostics;
using Npgsql;
using Polls.AppHost.Processes;

namespace Polls.Tests.Storage;

/// <summary>
/// Debian's PgBouncer in transaction mode in front of a PostgreSQL, with fewer server connections than its clients
/// have, so that each transaction may get another one.
/// </summary>
internal sealed class PgBouncer : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("polls-pgbouncer-");
    private readonly PortReservation port = PortReservation.Free();
    private readonly NpgsqlConnectionStringBuilder target;
    private Process? process;

    private PgBouncer(string connectionString) => target = new(connectionString);

    /// <summary>The connection string of the same database through PgBouncer, with what docs/operations.md names.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(target.ConnectionString)
    {
        Port = port.Port, NoResetOnClose = true, MaxAutoPrepare = 0,
    }.ConnectionString;

    public static async Task<PgBouncer> StartAsync(string connectionString)
    {
        var bouncer = new PgBouncer(connectionString);
        await bouncer.StartAsync();
        return bouncer;
    }

    public async Task StartAsync()
    {
        var settings = Path.Combine(folder.FullName, "pgbouncer.ini");
        var users = Path.Combine(folder.FullName, "users.txt");
        await File.WriteAllTextAsync(users, $"\"{target.Username}\" \"{target.Password}\"\n");
        await File.WriteAllTextAsync(settings, $"""
            [databases]
            {target.Database} = host={target.Host} port={target.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port.Port}
            unix_socket_dir =
            auth_type = scram-sha-256
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = 5
            max_client_conn = 200
            ignore_startup_parameters = options
            """);
        string[] command = Environment.IsPrivilegedProcess
            // It refuses to run as root.
            ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--", "pgbouncer", "-q", settings]
            : ["pgbouncer", "-q", settings];
        if (Environment.IsPrivilegedProcess)
        {
            await Tool.RunAsync("chown", ["-R", "postgres", folder.FullName]);
        }

        var start = new ProcessStartInfo(command[0], command[1..]);
        start.Environment["PATH"] = $"{start.Environment["PATH"]}:/usr/sbin";
        process = Process.Start(start)!;
        await Servers.Until.TrueAsync(
            async () =>
            {
                process.HasExited.ShouldBeFalse("PgBouncer runs");
                try
                {
                    await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;Timeout=2");
                    await connection.OpenAsync();
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            "PgBouncer answers");
    }

    /// <summary>Ends it; all its clients lose their connections.</summary>
    public async Task StopAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        process.Dispose();
        process = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await StopAsync();
        }

        port.Dispose();
        folder.Delete(recursive: true);
    }
}
