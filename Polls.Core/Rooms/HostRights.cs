namespace Polls.Core.Rooms;

/// <summary>What the token of a host or of a screen depends on, besides its lifetime.</summary>
/// <param name="Account">It hosts the room; null for a host without an account.</param>
/// <param name="Session">
/// The account is still signed in there; null for screens, which run unattended, and without an account.
/// </param>
/// <param name="Series">The room's host tokens were not revoked since; null for screens.</param>
public readonly record struct HostRights(Guid? Account, Guid? Session = null, int? Series = null);
