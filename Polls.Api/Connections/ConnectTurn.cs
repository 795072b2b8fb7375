namespace Polls.Api.Connections;

/// <summary>
/// A request for a WebSocket that has its turn, or waits for it. <see cref="ConnectTurns"/> guards its state.
/// </summary>
internal sealed class ConnectTurn(ConnectTurns owner, UInt128 address)
{
    /// <summary>Identifies the address that the request came from.</summary>
    public UInt128 Address => address;

    /// <summary>The place in the queue; null unless it waits.</summary>
    public LinkedListNode<ConnectTurn>? Place { get; set; }

    /// <summary>True when the turn begins, false when it is refused; null if it never waited.</summary>
    public TaskCompletionSource<bool>? Begun { get; set; }

    /// <summary>When the turn began.</summary>
    public long Since { get; set; }

    /// <summary>Whether another request may begin in its place.</summary>
    public bool Ended { get; set; }

    /// <summary>Ends the turn, or gives up waiting for it.</summary>
    public void End() => owner.Leave(this);
}
