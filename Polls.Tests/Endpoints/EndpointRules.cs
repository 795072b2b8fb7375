using Microsoft.AspNetCore.Authorization;
using Polls.Api.Limits;
using Polls.Api.Tokens;

namespace Polls.Tests.Endpoints;

/// <summary>Rules that every endpoint must satisfy.</summary>
internal static class EndpointRules
{
    /// <summary>Missing or contradictory metadata, one line each.</summary>
    public static IEnumerable<string> Violations(IEnumerable<ApiEndpoint> endpoints) => endpoints.SelectMany(endpoint => Violations(endpoint).Select(violation => $"{endpoint} {violation}"));

    private static IEnumerable<string> Violations(ApiEndpoint endpoint)
    {
        var isOpen = endpoint.Metadata.GetMetadata<OpenToAnyone>() is not null;
        var isClosed = endpoint.Metadata.GetMetadata<IAuthorizeData>() is not null;
        if (!isOpen && !isClosed)
        {
            yield return "does not say who may call it: OnlyFor(roles), OnlyForAccounts() or ForAnyone(why)";
        }

        if (isOpen && isClosed)
        {
            yield return "is both for anyone and for some";
        }

        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null and not OpenToAnyone)
        {
            yield return "lets anyone in without saying why";
        }

        if (isClosed && !endpoint.IsHub && endpoint.Roles.Count == 0 && !endpoint.IsForAccounts)
        {
            yield return "takes any token: OnlyFor(roles) or OnlyForAccounts()";
        }

        if (endpoint.Roles.Count > 0 && !endpoint.Pattern.Contains("{code}", StringComparison.Ordinal))
        {
            yield return "is for roles of a room, but its address names none";
        }

        var rules = endpoint.Metadata.Count(item => item is RateLimited or RateUnlimited);
        if (rules == 0)
        {
            yield return "does not say how often it may be called: Limited(class), LimitedByAddress(class) or Unlimited(why)";
        }
        else if (rules > 1)
        {
            yield return "says more than once how often it may be called";
        }
    }
}
