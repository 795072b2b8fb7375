using System.Collections.Concurrent;
using Polls.Core.Loops;
using Polls.Core.Rooms;

namespace Polls.Api.Sessions;

/// <summary>
/// Records in the background which participants have connected. Nobody waits for it; what PostgreSQL does not accept is
/// repeated.
/// </summary>
public sealed class AttendanceLoop(
    Attendance attendance, TimeProvider clock, LoopMetrics metrics, ILogger<AttendanceLoop> log)
    : LoopService("attendance", clock, metrics, log)
{
    // Those beyond it are recorded when they connect again.
    private const int Limit = 50_000;
    private const int AtOnce = 1000;
    private readonly ConcurrentQueue<Guid> connected = new();

    /// <inheritdoc />
    protected override TimeSpan Interval => TimeSpan.FromSeconds(1);

    /// <summary>A participant has connected.</summary>
    public void Connected(Guid participant)
    {
        if (connected.Count < Limit)
        {
            connected.Enqueue(participant);
        }
    }

    /// <inheritdoc />
    protected override async Task RunOnceAsync(CancellationToken stoppingToken)
    {
        while (!connected.IsEmpty)
        {
            var batch = new List<Guid>();
            while (batch.Count < AtOnce && connected.TryDequeue(out var participant))
            {
                batch.Add(participant);
            }

            try
            {
                await attendance.ConnectedAsync([.. batch], stoppingToken);
            }
            catch (Exception)
            {
                batch.ForEach(Connected);
                throw;
            }
        }
    }

    /// <summary>Records those who still wait.</summary>
    protected override Task FinishAsync(CancellationToken cancellationToken) => RunOnceAsync(cancellationToken);
}
