using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>How to reach Redis; section <c>Redis</c>, the connection string from <c>ConnectionStrings:Redis</c>.</summary>
public sealed record RedisOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Redis";

    /// <summary>How long one attempt to connect may take.</summary>
    internal static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// <c>host:port[,host:port…][,user=…][,password=…][,ssl=true][,serviceName=…]</c>: one server, the nodes of a cluster, or with
    /// <c>serviceName</c> the Sentinels that know the primary.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// A PEM file with the certificate of the authority that issued the certificate of Redis, for connections with <c>ssl=true</c>.
    /// Absent: the authorities that the system trusts.
    /// </summary>
    public string? CaFile { get; set; }

    /// <summary>How long any call may take before it counts as failed.</summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an instance sends itself a message to prove that messages still arrive.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long its own messages may stay away before Redis counts as away.</summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>What the client library is told.</summary>
    internal ConfigurationOptions ToConfiguration(string clientName)
    {
        var configuration = ConfigurationOptions.Parse(ConnectionString);
        configuration.ClientName = clientName;
        configuration.AbortOnConnectFail = false;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = (int)ConnectTimeout.TotalMilliseconds;
        configuration.AsyncTimeout = (int)OperationTimeout.TotalMilliseconds;
        // Without a connection a call fails at once, instead of waiting for one.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        // A connection on which nothing arrives for four time-outs is replaced; that takes something to be asked on it.
        configuration.KeepAlive = 1;
        // One prefix for all channels: an ACL then gives &polls:* and nothing else. Neither of the client's own channels is used here.
        configuration.ChannelPrefix = RedisChannel.Literal(RedisKeys.ChannelPrefix);
        configuration.ConfigurationChannel = "";
        configuration.TieBreaker = "";
        // Doubles, with a random part.
        configuration.ReconnectRetryPolicy = new ExponentialRetry(100, 1000);
        if (!string.IsNullOrEmpty(CaFile))
        {
            configuration.TrustIssuer(CaFile);
        }

        return configuration;
    }
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
            if (!IsCertificate(options.CaFile))
                failures.Add($"Redis:CaFile must be a PEM file with the certificate of an authority; '{options.CaFile}' is none.");
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
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<(string Setting, TimeSpan Value)> Durations(RedisOptions options) =>
    [
        (nameof(RedisOptions.OperationTimeout), options.OperationTimeout),
        (nameof(RedisOptions.HeartbeatInterval), options.HeartbeatInterval),
        (nameof(RedisOptions.SilenceLimit), options.SilenceLimit),
    ];

    /// <summary>The password of a connection string; null when it has none or cannot be read.</summary>
    public static string? PasswordOf(string connectionString) => Parse(connectionString)?.Password;

    private static bool IsCertificate(string file)
    {
        try
        {
            using var authority = X509CertificateLoader.LoadCertificateFromFile(file);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }

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
