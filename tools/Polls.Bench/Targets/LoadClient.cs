using System.Diagnostics;
using System.Text.Json;
using Polls.Bench.Load;

namespace Polls.Bench.Targets;

/// <summary>The load client's process, as the runner sees it. It ends with this object, and with the runner.</summary>
internal sealed class LoadClient : IAsyncDisposable
{
    private readonly Process process;

    public LoadClient()
    {
        var start = new ProcessStartInfo(Programs.Dotnet, [Programs.Self, "load"]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in Programs.Quiet)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start)!;
    }

    public async Task<LoadAnswer> DoAsync(LoadCommand command, CancellationToken cancellationToken)
    {
        // It is patient twice, for a first receipt and for the last; beyond that the process itself hangs.
        var limit = TimeSpan.FromSeconds(60 + command.WarmUpSeconds + command.Seconds + (2 * command.PatienceSeconds));
        await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(command).AsMemory(), cancellationToken);
        await process.StandardInput.FlushAsync(cancellationToken);
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(limit, cancellationToken);
        return JsonSerializer.Deserialize<LoadAnswer>(line ?? throw new InvalidOperationException("The load client has ended."))!;
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
