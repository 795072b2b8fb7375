namespace Polls.AppHost;

/// <summary>
/// A part could not be started; the message contains the reason and, if there is one, the end of its log.
/// </summary>
public sealed class StartFailedException(string message, Exception? inner = null) : Exception(message, inner);
