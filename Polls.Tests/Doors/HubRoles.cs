using Polls.Api.Hubs;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Doors;

/// <summary>Who may call which method of the hub; a test compares the names.</summary>
internal static class HubRoles
{
    public static readonly IReadOnlyDictionary<string, Audience[]> Of = new Dictionary<string, Audience[]>
    {
        [nameof(RoomHub.CastVote)] = [Audience.Participant],
        [nameof(RoomHub.WithdrawVote)] = [Audience.Participant],
        [nameof(RoomHub.GetState)] = [Audience.Participant, Audience.Screen, Audience.Host],
    };
}
