namespace Polls.Core.Audit;

/// <summary>Who did something, as the audit trail says it: never a name, an address or a token.</summary>
/// <param name="Name">A fixed word, or <c>account:</c> and the account's id.</param>
public readonly record struct Actor(string Name)
{
    /// <summary>Whoever has the room's host token.</summary>
    public static Actor Host { get; } = new("host");

    /// <summary>Somebody who is signed in.</summary>
    public static Actor Account(Guid id) => new($"account:{id}");

    /// <summary>A poll's time was up.</summary>
    public static Actor Timer { get; } = new("timer");

    /// <summary>Nobody had been there for long.</summary>
    public static Actor Housekeeping { get; } = new("housekeeping");
}
