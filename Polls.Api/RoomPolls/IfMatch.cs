using System.Globalization;
using Microsoft.Net.Http.Headers;
using Polls.Core.RoomPolls;

namespace Polls.Api.RoomPolls;

/// <summary>
/// The version of a poll as an entity tag (RFC 9110): <c>ETag: "7"</c> in answers, <c>If-Match: "7"</c> in requests.
/// </summary>
internal static class IfMatch
{
    /// <summary>The entity tag of this version.</summary>
    public static string Tag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>
    /// The versions in the header; any without the header. Weak and unknown tags match nothing, so that a condition
    /// that the server does not understand never lets a command through.
    /// </summary>
    public static PollVersions Read(string? header) => header is null || header.Trim() == "*"
        ? PollVersions.Any
        : new(EntityTagHeaderValue.TryParseStrictList([header], out var tags)
            ? [.. tags.Where(tag => !tag.IsWeak).Select(tag => VersionOf(tag.Tag.Value!))]
            : []);

    private static long VersionOf(string tag) =>
        long.TryParse(tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : -1;
}
