using Polls.Core.Storage;
namespace Polls.Core.Rooms;

/// <summary>Settings that are fixed when a room is created.</summary>
/// <param name="Assurance">How the room makes sure that each person votes once.</param>
/// <param name="Anonymous">Whether the room stores no nicknames, even if clients send them.</param>
/// <param name="Owner">The account that the room belongs to, if any.</param>
public sealed record RoomSettings(Assurance Assurance = Assurance.Device, bool Anonymous = false, Guid? Owner = null);
