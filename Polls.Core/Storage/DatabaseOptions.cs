using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using Npgsql;

namespace Polls.Core.Storage;

/// <summary>
/// The connection to PostgreSQL. Bound from <c>ConnectionStrings:Polls</c> and the section <c>Database</c>.
/// </summary>
public sealed record DatabaseOptions
{
    /// <summary>An Npgsql connection string. Its values override the settings below.</summary>
    [Required(
        ErrorMessage = "Set ConnectionStrings:Polls (environment: ConnectionStrings__Polls) to a PostgreSQL "
            + "connection string, such as Host=localhost;Database=polls;Username=polls;Password=...")]
    public string ConnectionString { get; set; } = "";

    /// <summary>The minimum number of open connections, 0 to <see cref="MaxPoolSize"/>.</summary>
    [Range(0, 1000, ErrorMessage = "Database:MinPoolSize must be between {1} and {2}.")]
    public int MinPoolSize { get; set; } = 2;

    /// <summary>
    /// The maximum number of connections of this instance, including one for each vote writer. The sum over all
    /// instances must stay below PostgreSQL's max_connections.
    /// </summary>
    [Range(2, 1000, ErrorMessage = "Database:MaxPoolSize must be between {1} and {2}.")]
    public int MaxPoolSize { get; set; } = 20;

    /// <summary>The time-out for getting a connection, in seconds.</summary>
    [Range(1, 60, ErrorMessage = "Database:ConnectTimeoutSeconds must be between {1} and {2}.")]
    public int ConnectTimeoutSeconds { get; set; } = 5;

    /// <summary>
    /// The time-out of a statement, in seconds; enforced by PostgreSQL, and a little later by the client.
    /// </summary>
    [Range(1, 600, ErrorMessage = "Database:StatementTimeoutSeconds must be between {1} and {2}.")]
    public int StatementTimeoutSeconds { get; set; } = 30;

    /// <summary>Whether a starting instance migrates the schema, or waits until another process has done it.</summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>How long a starting instance waits for PostgreSQL and its schema, in seconds.</summary>
    [Range(1, 3600, ErrorMessage = "Database:StartTimeoutSeconds must be between {1} and {2}.")]
    public int StartTimeoutSeconds { get; set; } = 60;

    /// <summary>Returns the connection string with these settings applied.</summary>
    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    public NpgsqlConnectionStringBuilder Build()
    {
        var bounded = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "polls",
            MinPoolSize = MinPoolSize,
            MaxPoolSize = MaxPoolSize,
            // In seconds. A burst opens many connections; other instances may need them a minute later.
            ConnectionIdleLifetime = 30,
            Timeout = ConnectTimeoutSeconds,
            CommandTimeout = StatementTimeoutSeconds + 2,
            CancellationTimeout = 2000,
            // Detect a dead server in seconds. The kernel's default is two hours.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 5,
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            // Large enough to write a batch of votes at once.
            WriteBufferSize = 64 * 1024,
            ReadBufferSize = 64 * 1024,
            Options = $"-c statement_timeout={StatementTimeoutSeconds * 1000} "
                + "-c idle_in_transaction_session_timeout=10000",
        };
        var given = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
        foreach (string key in given.Keys)
        {
            bounded[key] = given[key];
        }

        // If the connection string sets a small pool, limit the default minimum as well.
        bounded.MinPoolSize = Math.Min(bounded.MinPoolSize, bounded.MaxPoolSize);
        return bounded;
    }
}
