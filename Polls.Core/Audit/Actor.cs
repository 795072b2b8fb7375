namespace Polls.Core.Audit;

/// <summary>Who did something, for the audit trail. Never a name, an address or a token.</summary>
/// <param name="Name">A fixed word, or <c>account:</c> and the account's id.</param>
public readonly record struct Actor(string Name)
{
    /// <summary>The holder of the room's host token.</summary>
    public static Actor Host { get; } = new("host");

    /// <summary>A signed-in account.</summary>
    public static Actor Account(Guid id) => new($"account:{id}");

    /// <summary>A poll's timer.</summary>
    public static Actor Timer { get; } = new("timer");

    /// <summary>Housekeeping, which ends abandoned rooms.</summary>
    public static Actor Housekeeping { get; } = new("housekeeping");
}
