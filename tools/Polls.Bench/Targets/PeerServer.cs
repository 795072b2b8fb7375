using Polls.AppHost;
using Polls.AppHost.Processes;

namespace Polls.Bench.Targets;

/// <summary>A peer's process, guarded like the parts of a cluster: it never outlives this program.</summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly PortReservation port = PortReservation.Free();
    private readonly string directory = Directory.CreateTempSubdirectory("polls-peer-").FullName;
    private readonly Guard guard;
    private ChildProcess? process;

    public PeerServer() => guard = Guard.Start(In("guard.sh"), In("processes"), In("guard.log"));

    public int Port => port.Port;

    public int ProcessId => process!.Identity.Id;

    public async Task StartAsync(
        string file, string[] arguments, Dictionary<string, string> environment, CancellationToken cancellationToken)
    {
        process = ChildProcess.Start(new(file, arguments) { Environment = environment }, In("log"), guard);
        var address = new Uri($"http://127.0.0.1:{Port}/health");
        var ended = await Backoff.UntilAsync(
            async token =>
                process.Exited.IsCompleted
                || await HttpProbe.AnswersAsync(address, status => (int)status == 200, token),
            TimeSpan.FromSeconds(60), cancellationToken);
        if (!ended || process.Exited.IsCompleted)
        {
            throw new StartFailedException(
                $"The peer '{file} {string.Join(' ', arguments)}' did not "
                    + $"start:\n{await File.ReadAllTextAsync(In("log"), cancellationToken)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            await process.EndAsync(TimeSpan.FromSeconds(3));
            process.Dispose();
        }

        guard.Dispose();
        port.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private string In(string name) => Path.Combine(directory, name);
}
