using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;
using Polls.Core.Tallies;

namespace Polls.Api.LiveRooms;

/// <summary>The events of <see cref="IRoomClient"/>, each encoded once for all receivers.</summary>
internal static class RoomEvents
{
    public const string PresenceKey = "presence";

    public static string KeyOf(Guid pollId) => $"tally:{pollId:N}";

    public static string ViewKeyOf(Guid pollId) => $"poll:{pollId:N}";

    public static SerializedHubMessage RoomState(RoomState state) => Event(nameof(IRoomClient.RoomState), state);

    public static SerializedHubMessage PollChanged(PollView poll) => Event(nameof(IRoomClient.PollChanged), poll);

    public static SerializedHubMessage TallyChanged(Tally tally) => Event(nameof(IRoomClient.TallyChanged), tally);

    public static SerializedHubMessage PresenceChanged(int participants) =>
        Event(nameof(IRoomClient.PresenceChanged), new Presence(participants));

    public static SerializedHubMessage RoomClosed() => Event(nameof(IRoomClient.RoomClosed));

    private static SerializedHubMessage Event(string name, params object?[] arguments) =>
        new(new InvocationMessage(name, arguments));
}
