using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>The connection to Redis. Bound from the section <c>Redis</c> and <c>ConnectionStrings:Redis</c>.</summary>
public sealed record RedisOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Redis";

    /// <summary>The time-out of an attempt to connect.</summary>
    internal static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// <c>host:port[,host:port…][,user=…][,password=…][,ssl=true][,serviceName=…]</c>: one server,
    /// the nodes of a cluster, or with <c>serviceName</c> the Sentinels that know the primary.
    /// </summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>
    /// A PEM file with the certificate of the authority that issued Redis' certificate, for connections with
    /// <c>ssl=true</c>. Default: the authorities that the system trusts.
    /// </summary>
    public string? CaFile { get; set; }

    /// <summary>The time-out of a call.</summary>
    public TimeSpan OperationTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an instance sends itself a message, to verify that messages arrive.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long these messages can be missing before Redis counts as unavailable.</summary>
    public TimeSpan SilenceLimit { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Returns the options of the client library.</summary>
    internal ConfigurationOptions ToConfiguration(string clientName)
    {
        var configuration = ConfigurationOptions.Parse(ConnectionString);
        configuration.ClientName = clientName;
        configuration.AbortOnConnectFail = false;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = (int)ConnectTimeout.TotalMilliseconds;
        configuration.AsyncTimeout = (int)OperationTimeout.TotalMilliseconds;
        // Without a connection, calls fail at once instead of waiting for one.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        // The library replaces a connection that received nothing for four time-outs. That requires traffic on the
        // connection.
        configuration.KeepAlive = 1;
        // With one prefix for all channels, an ACL needs only &polls:*. The client library's own channels are not used.
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

/// <summary>Validates the Redis options. Messages say what to set and never contain the connection string.</summary>
internal sealed class RedisOptionsCheck : IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var failures = new List<string>();
        if (Unreadable(options.ConnectionString))
        {
            failures.Add("ConnectionStrings:Redis cannot be read: set host:port, then if needed ,password=… and "
                + ",ssl=true (or leave it empty for a single instance without Redis).");
        }

        if (!string.IsNullOrEmpty(options.CaFile))
        {
            if (!IsCertificate(options.CaFile))
                failures.Add(
                    "Redis:CaFile must be a PEM file with the certificate of an authority; "
                        + $"'{options.CaFile}' is not one.");
            if (Parse(options.ConnectionString) is { Ssl: false })
                failures.Add(
                    "Redis:CaFile requires TLS: set ssl=true in ConnectionStrings:Redis, or remove this setting.");
        }

        foreach (var (setting, value) in Durations(options))
        {
            if (value < TimeSpan.FromMilliseconds(10) || value > TimeSpan.FromMinutes(1))
                failures.Add($"Redis:{setting} must be between 00:00:00.010 and 00:01:00.");
        }

        if (options.SilenceLimit <= options.HeartbeatInterval)
            failures.Add(
                "Redis:SilenceLimit must be longer than Redis:HeartbeatInterval; three times as long works well.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<(string Setting, TimeSpan Value)> Durations(RedisOptions options) =>
    [
        (nameof(RedisOptions.OperationTimeout), options.OperationTimeout),
        (nameof(RedisOptions.HeartbeatInterval), options.HeartbeatInterval),
        (nameof(RedisOptions.SilenceLimit), options.SilenceLimit),
    ];

    /// <summary>The password of a connection string; null if it has none or is malformed.</summary>
    public static string? PasswordOf(string connectionString) => Parse(connectionString)?.Password;

    private static bool IsCertificate(string file)
    {
        try
        {
            using var authority = X509CertificateLoader.LoadCertificateFromFile(file);
            return true;
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or CryptographicException)
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
