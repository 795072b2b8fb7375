namespace Polls.Api.Limits;

/// <summary>What is limited together. Every endpoint and hub method belongs to one; <see cref="LimitOptions"/> has the rule of each.</summary>
public enum RateClass
{
    /// <summary>Making a room, per address.</summary>
    CreateRoom,

    /// <summary>Looking a room up by its code, per address.</summary>
    FindRoom,

    /// <summary>Codes that no room has, per address: what somebody does who tries codes out.</summary>
    WrongCode,

    /// <summary>Joining, per address. A hall of thousands is one address.</summary>
    Join,

    /// <summary>Joining, per room, whatever the addresses: how fast voters can be made in a room.</summary>
    JoinRoom,

    /// <summary>Joining a room that counts devices, per address and room: how fast one place can make voters up.</summary>
    NewDevice,

    /// <summary>Seat codes that a room does not have, per address.</summary>
    WrongSeat,

    /// <summary>Reading a room's state or results, per token.</summary>
    Read,

    /// <summary>What hosts do to rooms and polls, per room.</summary>
    Host,

    /// <summary>Casting and withdrawing votes, over HTTP and the hub together, per participant.</summary>
    Vote,

    /// <summary>New connections to the hub, per token.</summary>
    Connect,

    /// <summary>Signing in, registering and refreshing tokens, per address.</summary>
    SignIn,

    /// <summary>Signing in, per name that is signed in with, whether there is such an account or not.</summary>
    SignInName,

    /// <summary>What somebody with an account does with it, per account.</summary>
    Account,

    /// <summary>Requests without a valid token where one is needed, per address.</summary>
    Refused,
}
