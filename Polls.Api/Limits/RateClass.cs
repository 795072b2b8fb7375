namespace Polls.Api.Limits;

/// <summary>
/// Requests that share a rate limit. Every endpoint and hub method belongs to one class; <see cref="LimitOptions"/> has
/// its rule.
/// </summary>
public enum RateClass
{
    /// <summary>Creating a room, per address.</summary>
    CreateRoom,

    /// <summary>Text and seat codes that hosts store, in units of about 1,000 characters, per address.</summary>
    Content,

    /// <summary>Looking a room up by its code, per address.</summary>
    FindRoom,

    /// <summary>Unknown room codes, per address; limits guessing.</summary>
    WrongCode,

    /// <summary>Joining, per address. A hall of thousands is one address.</summary>
    Join,

    /// <summary>Joining, per room from all addresses; limits how fast voters can be created in a room.</summary>
    JoinRoom,

    /// <summary>
    /// Joining a room that counts devices, per address and room; limits how fast one address can invent voters.
    /// </summary>
    NewDevice,

    /// <summary>
    /// Joining with proof of work, per address and room: refuses nobody, but the more is used, the harder the work.
    /// </summary>
    Work,

    /// <summary>Unknown seat codes, per address.</summary>
    WrongSeat,

    /// <summary>Reading a room's state or its entries, per token.</summary>
    Read,

    /// <summary>Exporting a room's results, per room.</summary>
    Export,

    /// <summary>Hosts' commands on rooms and polls, per room.</summary>
    Host,

    /// <summary>Casting and withdrawing votes, over HTTP and the hub together, per participant.</summary>
    Vote,

    /// <summary>New connections to the hub, per token.</summary>
    Connect,

    /// <summary>Signing in, registering and refreshing tokens, per address.</summary>
    SignIn,

    /// <summary>Signing in, per name, whether or not the account exists.</summary>
    SignInName,

    /// <summary>Calls by a signed-in account, per account.</summary>
    Account,

    /// <summary>Requests without the valid token that the endpoint needs, per address.</summary>
    Refused,
}
