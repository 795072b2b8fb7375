using System.Diagnostics;
using System.Globalization;

namespace Polls.Tests.Nginx;

/// <summary>
/// A phone with npm's SignalR client, in its own process, that votes until it is asked to stop (keep-voting.mjs).
/// </summary>
internal sealed class RealPhone : IDisposable
{
    private readonly Process process;
    private readonly List<int> revisions = [];
    private readonly Task reading;

    private RealPhone(string transport, Process process)
    {
        (Transport, this.process) = (transport, process);
        reading = ReadAsync();
    }

    public string Transport { get; }

    public int Receipts
    {
        get
        {
            lock (revisions)
            {
                return revisions.Count;
            }
        }
    }

    public static RealPhone Start(Uri address, string token, Guid poll, string transport) =>
        new(transport, Process.Start(new ProcessStartInfo(
            "node",
            [Repository.PathOf("Polls.Tests", "Nginx", "keep-voting.mjs"), Repository.PathOf("Polls.Web"), address.AbsoluteUri, token, poll.ToString(), transport])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!);

    /// <summary>Asks it to stop and waits until it has; returns the revisions that have receipts.</summary>
    public async Task<IReadOnlyList<int>> EndAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        process.StandardInput.Close();
        var complaints = await process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        await reading.WaitAsync(limit.Token);
        complaints.ShouldBeEmpty(Transport);
        process.ExitCode.ShouldBe(0, Transport);
        return revisions;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (revisions)
            {
                revisions.Add(int.Parse(line, CultureInfo.InvariantCulture));
            }
        }
    }
}
