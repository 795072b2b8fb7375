using System.Diagnostics;
using System.Text.Json;
using Polls.Bench.Load;

namespace Polls.Bench.Targets;

/// <summary>
/// Starts the load client's process and sends it commands. The process exits on disposal, and with the runner.
/// </summary>
internal sealed class LoadClient : IAsyncDisposable
{
    private readonly Process process;

    public LoadClient()
    {
        var start = new ProcessStartInfo(Programs.Dotnet, [Programs.Self, "load"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true
        };
        foreach (var (name, value) in Programs.ProcessEnvironment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
    }

    public async Task<LoadAnswer> DoAsync(LoadCommand command, CancellationToken cancellationToken)
    {
        // The load client waits up to two time-outs, for a first and for the last receipt; if it takes longer, it
        // hangs.
        var limit = TimeSpan.FromSeconds(60 + command.WarmUpSeconds + command.Seconds + (2 * command.TimeoutSeconds));
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command).AsMemory(), cancellationToken);
        await process.StandardInput.FlushAsync(cancellationToken);
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken)
            .AsTask().WaitAsync(limit, cancellationToken);
        return JsonSerializer.Deserialize<LoadAnswer>(
            line ?? throw new InvalidOperationException("The load client has ended."))!;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
