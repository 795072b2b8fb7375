using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Polls.Api.Http;

/// <summary>Entity tags (RFC 9110, section 8.8.3), with which clients ask whether an answer has changed.</summary>
internal static class EntityTags
{
    /// <summary>A weak tag that changes with the content.</summary>
    /// <param name="content">The answer, without what may differ between answers that mean the same.</param>
    public static EntityTagHeaderValue Of<TContent>(TContent content)
    {
        var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(content, Json.Options));
        return new EntityTagHeaderValue($"\"{WebEncoders.Base64UrlEncode(hash.AsSpan(0, 16))}\"", isWeak: true);
    }

    /// <summary>
    /// Sends the tag with the answer. True if the client knows it already: it then gets 304 without content.
    /// </summary>
    public static bool IsKnown(this HttpContext http, EntityTagHeaderValue tag)
    {
        http.Response.GetTypedHeaders().ETag = tag;
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(
            known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));
    }
}
