using System.Diagnostics;
using OpenTelemetry;

namespace Polls.Api.Telemetry;

/// <summary>
/// Leaves method, route, status and error on the span of a request and removes the rest. Path, query, addresses and user agent would
/// tell who it was: a hub's address holds the token.
/// </summary>
internal sealed class TracePrivacy : BaseProcessor<Activity>
{
    private static readonly string[] Kept = ["http.request.method", "http.route", "http.response.status_code", "error.type"];

    /// <inheritdoc />
    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == "Microsoft.AspNetCore")
        {
            foreach (var name in data.TagObjects.Select(tag => tag.Key).Where(name => !Kept.Contains(name)).ToList())
            {
                data.SetTag(name, null);
            }
        }
    }
}
