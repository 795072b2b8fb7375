using System.Diagnostics;

namespace Polls.Api.Telemetry;

/// <summary>
/// The id of a request: nginx and the instance write it to their logs, and the answer carries it. A proxy's
/// <c>X-Request-Id</c> is taken over, so that one id finds the request everywhere. Without a proxy a client can choose
/// its own: it names a request and gives no right.
/// </summary>
internal static class RequestId
{
    /// <summary>The header's name, of requests and of answers.</summary>
    public const string Header = "X-Request-Id";

    // Long enough to be unique, and only what cannot be a name or a number of a person: hexadecimal digits, with dashes
    // as in a UUID.
    private const int MinLength = 16;
    private const int MaxLength = 64;

    // Not the HttpContext: a line of a task that outlives its request would read a context that serves another one.
    private static readonly AsyncLocal<string?> Flowing = new();

    /// <summary>The id of the request in which this code runs, or which started it; null outside any.</summary>
    public static string? Current => Flowing.Value;

    /// <summary>Adds the middleware. Call it before everything that logs or answers.</summary>
    public static void UseRequestId(this WebApplication app) => app.Use((http, next) =>
    {
        var id = http.Request.Headers[Header] is [{ } given] && IsAcceptable(given)
            ? given
            : (Activity.Current?.TraceId ?? ActivityTraceId.CreateRandom()).ToString();
        Flowing.Value = http.TraceIdentifier = id;
        http.Response.Headers[Header] = id;
        return next(http);
    });

    private static bool IsAcceptable(string id) =>
        id.Length is >= MinLength and <= MaxLength && id.All(letter => char.IsAsciiHexDigit(letter) || letter == '-');
}
