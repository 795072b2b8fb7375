using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>How to reach Redis; section <c>Redis</c>, the connection string from <c>ConnectionStrings:Redis</c>.</summary>
public sealed record RedisOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Redis";

    /// <summary><c>host:port[,password=…][,ssl=true]</c>.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// A PEM file with the certificates of the authorities that vouch for Redis, beside those that the system trusts, for connections
    /// with <c>ssl=true</c>. Absent: only the system's.
    /// </summary>
    public string? CaFile { get; set; }

    /// <summary>How long any call may take before it counts as failed.</summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long connecting, and confirming every subscription afterwards, may take.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often an instance sends itself a message to prove that messages still arrive.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long its own messages may stay away before an instance connects afresh.</summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest pause between two attempts to connect.</summary>
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Calls under way at once; beyond that a call fails at once instead of queueing without bound.</summary>
    public int MaxCallsInFlight { get; set; } = 20_000;
}

/// <summary>Says what to set when the Redis options make no sense; never repeats the connection string.</summary>
internal sealed class RedisOptionsCheck : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var failures = new List<string>();
        if (Unreadable(options.ConnectionString))
        {
            failures.Add("ConnectionStrings:Redis cannot be read: set host:port, then if needed ,password=… and "
                + ",ssl=true (or leave it empty to run a single instance without Redis).");
        }

        if (!string.IsNullOrEmpty(options.CaFile))
        {
            if (RedisTrust.Read(options.CaFile) is null)
                failures.Add($"Redis:CaFile must be a PEM file with certificates of authorities; '{options.CaFile}' is none.");
            if (Parse(options.ConnectionString) is { Ssl: false })
                failures.Add("Redis:CaFile is for TLS: set ssl=true in ConnectionStrings:Redis, or leave the file out.");
        }

        foreach (var (setting, value) in Durations(options))
        {
            if (value < TimeSpan.FromMilliseconds(10) || value > TimeSpan.FromMinutes(1))
                failures.Add($"Redis:{setting} must lie between 00:00:00.010 and 00:01:00.");
        }

        if (options.SilenceLimit <= options.HeartbeatInterval)
            failures.Add("Redis:SilenceLimit must be longer than Redis:HeartbeatInterval; three times as long is good.");
        if (options.MaxCallsInFlight < 1)
            failures.Add("Redis:MaxCallsInFlight must be at least 1.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<(string Setting, TimeSpan Value)> Durations(RedisOptions options) =>
    [
        (nameof(RedisOptions.OperationTimeout), options.OperationTimeout),
        (nameof(RedisOptions.ConnectTimeout), options.ConnectTimeout),
        (nameof(RedisOptions.HeartbeatInterval), options.HeartbeatInterval),
        (nameof(RedisOptions.SilenceLimit), options.SilenceLimit),
        (nameof(RedisOptions.MaxBackoff), options.MaxBackoff),
    ];

    /// <summary>The password of a connection string; null when it has none or cannot be read.</summary>
    public static string? PasswordOf(string connectionString) => Parse(connectionString)?.Password;

    private static bool Unreadable(string connectionString) => Parse(connectionString) is not { EndPoints.Count: > 0 };

    private static ConfigurationOptions? Parse(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
