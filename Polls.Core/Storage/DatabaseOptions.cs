using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using Npgsql;

namespace Polls.Core.Storage;

/// <summary>How an instance reaches PostgreSQL. Bound from <c>ConnectionStrings:Polls</c> and the section <c>Database</c>.</summary>
public sealed record DatabaseOptions
{
    /// <summary>An Npgsql connection string; what it sets itself wins over the bounds below.</summary>
    [Required(ErrorMessage = "Set ConnectionStrings:Polls (environment: ConnectionStrings__Polls) to a PostgreSQL connection string, "
        + "such as Host=localhost;Database=polls;Username=polls;Password=...")]
    public string ConnectionString { get; set; } = "";

    /// <summary>Connections kept open, 0 to <see cref="MaxPoolSize"/>.</summary>
    [Range(0, 1000, ErrorMessage = "Database:MinPoolSize must be between {1} and {2}.")]
    public int MinPoolSize { get; set; } = 2;

    /// <summary>Most connections of this instance, one of them for each writer of votes; instances × this must stay below PostgreSQL's max_connections.</summary>
    [Range(2, 1000, ErrorMessage = "Database:MaxPoolSize must be between {1} and {2}.")]
    public int MaxPoolSize { get; set; } = 20;

    /// <summary>Limit for getting a connection, in seconds.</summary>
    [Range(1, 60, ErrorMessage = "Database:ConnectTimeoutSeconds must be between {1} and {2}.")]
    public int ConnectTimeoutSeconds { get; set; } = 5;

    /// <summary>Limit for one statement, in seconds; enforced by PostgreSQL, and a little later by the client.</summary>
    [Range(1, 600, ErrorMessage = "Database:StatementTimeoutSeconds must be between {1} and {2}.")]
    public int StatementTimeoutSeconds { get; set; } = 30;

    /// <summary>Whether an instance that starts brings the schema up to date itself, or waits until somebody else did.</summary>
    public bool MigrateAtStart { get; set; } = true;

    /// <summary>How long a start waits for PostgreSQL and, if need be, for its schema, in seconds.</summary>
    [Range(1, 3600, ErrorMessage = "Database:StartTimeoutSeconds must be between {1} and {2}.")]
    public int StartTimeoutSeconds { get; set; } = 60;

    /// <summary>The connection string with the bounds applied.</summary>
    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    public NpgsqlConnectionStringBuilder Build()
    {
        var bounded = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "polls",
            MinPoolSize = MinPoolSize,
            MaxPoolSize = MaxPoolSize,
            Timeout = ConnectTimeoutSeconds,
            CommandTimeout = StatementTimeoutSeconds + 2,
            CancellationTimeout = 2000,
            // A dead peer is noticed in seconds, not after the kernel's two hours.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 10,
            TcpKeepAliveInterval = 5,
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            // One write per batch of votes.
            WriteBufferSize = 64 * 1024,
            ReadBufferSize = 64 * 1024,
            Options = $"-c statement_timeout={StatementTimeoutSeconds * 1000} -c idle_in_transaction_session_timeout=10000",
        };
        var given = new DbConnectionStringBuilder { ConnectionString = ConnectionString };
        foreach (string key in given.Keys)
        {
            bounded[key] = given[key];
        }

        // A small pool in the connection string is no contradiction to the default of the other bound.
        bounded.MinPoolSize = Math.Min(bounded.MinPoolSize, bounded.MaxPoolSize);
        return bounded;
    }
}
