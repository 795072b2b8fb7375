namespace Polls.Prove.Clients;

/// <summary>The server refused the call with a stable code such as <c>poll.notOpen</c>.</summary>
internal sealed class RefusedException(string code, string text) : Exception($"{code}: {text}")
{
    public string Code => code;

    /// <summary>Whether the contract asks clients to retry the call.</summary>
    public bool IsRetryable => code is "busy" or "unavailable" or "rateLimited";

    /// <summary>Whether it is certain that the call stored nothing.</summary>
    public bool IsFinal => code != "unavailable";
}

/// <summary>No answer: the connection broke, or the call timed out. It may have been executed.</summary>
internal class UnansweredException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>There was no connection: nothing was sent.</summary>
internal sealed class NotConnectedException() : UnansweredException("Not connected.");
