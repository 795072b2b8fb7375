using StackExchange.Redis;

namespace Polls.Api.Redis;

/// <summary>Describes faults without addresses, passwords and data.</summary>
internal static class RedisFault
{
    /// <summary>The limit of concurrent calls was reached, so the call was not made.</summary>
    public const string TooManyCalls = "too many calls under way";

    private const string TimedOut = "timed out";
    private const string NotAuthenticated = "authentication failed";
    private static readonly string[] AuthenticationCodes = ["NOAUTH", "WRONGPASS", "invalid password"];

    /// <summary>
    /// The usual results of <see cref="Describe(Exception)"/>. Others contain the code of a refusal or the name of a
    /// rare exception.
    /// </summary>
    public static IReadOnlyList<string> Usual { get; } =
        [
            TooManyCalls, TimedOut, NotAuthenticated,
            .. Enum.GetValues<ConnectionFailureType>().Select(NoConnection).Distinct()
        ];

    /// <summary>Whether the exception means that Redis is unavailable.</summary>
    public static bool Is(Exception exception) =>
        exception is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException
            or IOException;

    /// <summary>
    /// Whether Redis answered that it does not do what was asked: it is out of memory, a replica, cannot save. The
    /// client library itself refuses to write to a server that it knows as a replica.
    /// </summary>
    public static bool IsRefusal(Exception exception) => exception is RedisServerException or RedisCommandException;

    public static string Describe(Exception exception) => exception switch
    {
        TimeoutException => TimedOut,
        _ when IsAboutPassword(exception) => NotAuthenticated,
        RedisConnectionException connection => NoConnection(connection.FailureType),
        RedisServerException server => $"refused ({Code(server.Message)})",
        RedisCommandException => "refused (READONLY)",
        _ => exception.GetType().Name,
    };

    /// <summary>Describes a failed connection.</summary>
    public static string Describe(ConnectionFailedEventArgs failure) =>
        failure.Exception is { } exception && IsAboutPassword(exception)
            ? NotAuthenticated
            : NoConnection(failure.FailureType);

    // The client library reports this only in the message, also of inner exceptions. The type covers failed TLS
    // handshakes as well.
    private static bool IsAboutPassword(Exception exception) =>
        AuthenticationCodes.Any(code => exception.Message.Contains(code, StringComparison.OrdinalIgnoreCase))
        || (exception.InnerException is { } inner && IsAboutPassword(inner));

    private static string NoConnection(ConnectionFailureType type) => $"no connection ({type})";

    /// <summary>Server errors start with a code. The rest of the message can contain data.</summary>
    private static string Code(string message) => message.Split(' ', 2)[0];
}
