namespace Polls.Core.Rooms;

/// <summary>What stands behind "one person, one vote" in a room; its host chooses, and everybody sees it beside the results.</summary>
public enum Assurance
{
    /// <summary>One device is one voter, by its token; making up devices is limited in rate.</summary>
    Device,

    /// <summary>Whoever joins again is a new voter. For applause, not for decisions.</summary>
    Open,

    /// <summary>One voter for each code that the host hands out; a code joins once.</summary>
    SeatCode,

    /// <summary>One account is one voter, on whatever device it is signed in.</summary>
    Account,
}
