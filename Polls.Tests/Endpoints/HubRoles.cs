using Polls.Api.Hubs;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Endpoints;

/// <summary>Who may call which method of the hub; a test compares the names.</summary>
internal static class HubRoles
{
    public static readonly IReadOnlyDictionary<string, Role[]> Of = new Dictionary<string, Role[]>
    {
        [nameof(RoomHub.CastVote)] = [Role.Participant],
        [nameof(RoomHub.WithdrawVote)] = [Role.Participant],
        [nameof(RoomHub.GetState)] = [Role.Participant, Role.Screen, Role.Host],
    };
}
