using System.Diagnostics;
using OpenTelemetry;

namespace Polls.Api.Telemetry;

/// <summary>
/// Keeps method, route, status and error of a request's span and removes the rest. Path, query, addresses and user
/// agent could identify a person, and the hub's URL contains the token.
/// </summary>
internal sealed class TracePrivacy : BaseProcessor<Activity>
{
    private static readonly string[] Kept =
        ["http.request.method", "http.route", "http.response.status_code", "error.type"];

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
