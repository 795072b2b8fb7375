namespace Polls.AppHost.Processes;

/// <summary>The command, environment and stop signal of a long-running process.</summary>
internal sealed record Launch(string File, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The signal for a graceful shutdown.</summary>
    public PosixSignalNumber StopSignal { get; init; } = PosixSignalNumber.Terminate;
}
