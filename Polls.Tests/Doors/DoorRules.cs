using Microsoft.AspNetCore.Authorization;
using Polls.Api.Limits;
using Polls.Api.Tokens;

namespace Polls.Tests.Doors;

/// <summary>Rules that every endpoint must satisfy.</summary>
internal static class DoorRules
{
    /// <summary>Missing or contradictory metadata, one line each.</summary>
    public static IEnumerable<string> Complaints(IEnumerable<Door> doors) => doors.SelectMany(door => Complaints(door).Select(complaint => $"{door} {complaint}"));

    private static IEnumerable<string> Complaints(Door door)
    {
        var isOpen = door.Metadata.GetMetadata<OpenToAnyone>() is not null;
        var isClosed = door.Metadata.GetMetadata<IAuthorizeData>() is not null;
        if (!isOpen && !isClosed)
        {
            yield return "does not say who may call it: OnlyFor(roles), OnlyForAccounts() or ForAnyone(why)";
        }

        if (isOpen && isClosed)
        {
            yield return "is both for anyone and for some";
        }

        if (door.Metadata.GetMetadata<IAllowAnonymous>() is not null and not OpenToAnyone)
        {
            yield return "lets anyone in without saying why";
        }

        if (isClosed && !door.IsHub && door.Roles.Count == 0 && !door.IsForAccounts)
        {
            yield return "takes any token: OnlyFor(roles) or OnlyForAccounts()";
        }

        if (door.Roles.Count > 0 && !door.Pattern.Contains("{code}", StringComparison.Ordinal))
        {
            yield return "is for roles of a room, but its address names none";
        }

        var rules = door.Metadata.Count(item => item is RateLimited or RateUnlimited);
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
