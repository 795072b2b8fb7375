namespace Polls.AppHost;

/// <summary>A part could not be started; the message says which, why, and shows the end of its log.</summary>
public sealed class StartFailedException(string message, Exception? inner = null) : Exception(message, inner);
