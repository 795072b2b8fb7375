namespace Polls.Core.Rooms;

/// <summary>What is chosen when a room is made, and stays.</summary>
/// <param name="Assurance">What stands behind one person, one vote.</param>
/// <param name="Anonymous">Whether nicknames are left out: those that are sent are not stored, not even for a while.</param>
/// <param name="Owner">The account that the room belongs to, if any.</param>
public sealed record RoomSettings(Assurance Assurance = Assurance.Device, bool Anonymous = false, Guid? Owner = null);
