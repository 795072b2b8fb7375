namespace Polls.AppHost.Processes;

/// <summary>How to start one long-running process.</summary>
internal sealed record Launch(string File, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>What asks it to end in good order.</summary>
    public PosixSignalNumber StopSignal { get; init; } = PosixSignalNumber.Terminate;
}
