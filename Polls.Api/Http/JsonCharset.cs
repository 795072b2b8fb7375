using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace Polls.Api.Http;

/// <summary>
/// Refuses JSON bodies in an encoding other than UTF-8. The framework accepts some other encodings and answers 500 to
/// unknown ones.
/// </summary>
internal static class JsonCharset
{
    public static IApplicationBuilder UseJsonCharset(this IApplicationBuilder app) => app.Use((http, next) =>
        http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not null
        && MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type)
        && type.Parameters.Any(parameter =>
            parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase)
            && !HeaderUtilities.RemoveQuotes(parameter.Value).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            ? Problems.Of(
                StatusCodes.Status415UnsupportedMediaType, "request.badMediaType", "Send application/json in UTF-8.")
                .ExecuteAsync(http)
            : next(http));
}
