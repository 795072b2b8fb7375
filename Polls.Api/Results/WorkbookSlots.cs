namespace Polls.Api.Results;

/// <summary>
/// Bounds how many workbooks an instance writes at the same time, and how long each may take: it keeps a database
/// connection for as long as the client takes to read it.
/// </summary>
internal sealed class WorkbookSlots(TimeProvider clock) : IDisposable
{
    /// <summary>How many at the same time.</summary>
    public const int Most = 2;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly SemaphoreSlim free = new(Most);

    /// <summary>Takes a slot; null if all are taken. Disposing it frees it.</summary>
    /// <param name="cancellationToken">Ends with the request.</param>
    public Slot? TryTake(CancellationToken cancellationToken) =>
        free.Wait(0, CancellationToken.None) ? new Slot(free, clock, cancellationToken) : null;

    /// <inheritdoc />
    public void Dispose() => free.Dispose();

    /// <summary>The right to write one workbook.</summary>
    internal sealed class Slot : IDisposable
    {
        private readonly CancellationTokenSource time;
        private readonly CancellationTokenSource end;
        private SemaphoreSlim? free;

        public Slot(SemaphoreSlim free, TimeProvider clock, CancellationToken cancellationToken)
        {
            this.free = free;
            time = new CancellationTokenSource(Longest, clock);
            end = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        }

        /// <summary>Ends with the request, or when it has taken too long.</summary>
        public CancellationToken Token => end.Token;

        /// <inheritdoc />
        public void Dispose()
        {
            if (Interlocked.Exchange(ref free, null) is { } taken)
            {
                end.Dispose();
                time.Dispose();
                taken.Release();
            }
        }
    }
}
