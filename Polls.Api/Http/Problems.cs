using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Polls.Api.Limits;
using Polls.Core;

namespace Polls.Api.Http;

/// <summary>Errors as RFC 9457 problems with the stable member <c>code</c>.</summary>
public static class Problems
{
    /// <summary>The problem response of a refusal.</summary>
    public static ProblemHttpResult ToProblem(this Refusal refusal, HttpContext http)
    {
        SetRetryAfter(http, refusal.RetryAfter);
        return Of(StatusOf(refusal.Kind), refusal.Code, refusal.Detail);
    }

    /// <summary>
    /// The problem of a join that exceeds a limit and may pay with work, or be repeated without it after this time.
    /// </summary>
    public static ProblemHttpResult WorkRequired(Challenge challenge, TimeSpan? after, HttpContext http)
    {
        SetRetryAfter(http, after);
        return TypedResults.Problem(
            "Too many people join from this address. Solve the challenge, or send the same request again later.",
            statusCode: StatusCodes.Status429TooManyRequests,
            extensions: new Dictionary<string, object?>
            {
                ["code"] = "join.workRequired", ["challenge"] = challenge.Text, ["bits"] = challenge.Bits,
            });
    }

    /// <summary>A problem with this code.</summary>
    public static ProblemHttpResult Of(int status, string code, string detail) => TypedResults.Problem(
        detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });

    /// <summary>The problem of an unknown path.</summary>
    public static ProblemHttpResult NoSuchAddress() => Of(404, "notFound", "There is nothing at this address.");

    /// <summary>The body did not arrive in time: it was sent too slowly or not completely.</summary>
    public static ProblemHttpResult TooSlow() => Of(408, "request.tooSlow", "The body arrived too slowly.");

    /// <summary>Turns a response without a body (no such route, no token, wrong method) into a problem.</summary>
    public static Task FillEmptyAnswerAsync(HttpContext http) => (http.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => Of(401, "auth.required", "This request requires a valid token."),
        StatusCodes.Status403Forbidden => Of(403, "auth.forbidden", "This token does not allow this request."),
        StatusCodes.Status404NotFound => NoSuchAddress(),
        StatusCodes.Status405MethodNotAllowed =>
            Of(405, "request.badMethod", "This address does not support this method."),
        // The framework itself, not the exception handler, answers a body that does not arrive or that is too large.
        StatusCodes.Status408RequestTimeout => TooSlow(),
        StatusCodes.Status413PayloadTooLarge => Of(413, "request.tooLarge", "The body is too large."),
        StatusCodes.Status415UnsupportedMediaType => Of(415, "request.badMediaType", "Send application/json."),
        var status =>
            Of(status, status >= 500 ? "internal" : "request.malformed", "The request could not be processed."),
    }).ExecuteAsync(http);

    private static void SetRetryAfter(HttpContext http, TimeSpan? after)
    {
        if (after is { TotalSeconds: var seconds })
        {
            http.Response.Headers.RetryAfter = Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture);
        }
    }

    private static int StatusOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCodes.Status400BadRequest,
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
        RefusalKind.ChangedMeanwhile => StatusCodes.Status412PreconditionFailed,
        RefusalKind.Gone => StatusCodes.Status410Gone,
        RefusalKind.Unauthenticated => StatusCodes.Status401Unauthorized,
        RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
        RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
        _ => StatusCodes.Status503ServiceUnavailable,
    };
}
