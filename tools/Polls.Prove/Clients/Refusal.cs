namespace Polls.Prove.Clients;

/// <summary>The server answered, and the answer is no: with a stable code such as <c>poll.notOpen</c>.</summary>
internal sealed class RefusedException(string code, string text) : Exception($"{code}: {text}")
{
    public string Code => code;

    /// <summary>Whether the contract says to send the same again.</summary>
    public bool MayBeRepeated => code is "busy" or "unavailable" or "rateLimited";

    /// <summary>Whether the vote cannot have been stored by this call.</summary>
    public bool IsFinal => code != "unavailable";
}

/// <summary>No answer: the connection broke, or the time was up. What was asked for may have been done.</summary>
internal class UnansweredException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>There was no connection to ask over: nothing was sent.</summary>
internal sealed class NotConnectedException() : UnansweredException("Not connected.");
