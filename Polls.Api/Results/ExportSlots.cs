using Polls.Core.Rooms;

namespace Polls.Api.Results;

/// <summary>
/// Bounds how many exports an instance writes at the same time, one of each room, and how long each may take: it keeps
/// a database connection for as long as the client takes to read it.
/// </summary>
internal sealed class ExportSlots(TimeProvider clock)
{
    /// <summary>How many at the same time.</summary>
    public const int Most = 4;

    private readonly HashSet<Guid> rooms = [];

    /// <summary>Takes a slot; null if all are taken, or the room has one. Disposing it frees it.</summary>
    /// <param name="roomId">The room.</param>
    /// <param name="cancellationToken">Ends with the request.</param>
    public Slot? TryTake(Guid roomId, CancellationToken cancellationToken)
    {
        lock (rooms)
        {
            return rooms.Count < Most && rooms.Add(roomId) ? new Slot(this, roomId, clock, cancellationToken) : null;
        }
    }

    /// <summary>The right to write one export.</summary>
    internal sealed class Slot : IDisposable
    {
        private readonly CancellationTokenSource time;
        private readonly CancellationTokenSource end;
        private readonly Guid roomId;
        private ExportSlots? slots;

        public Slot(ExportSlots slots, Guid roomId, TimeProvider clock, CancellationToken cancellationToken)
        {
            (this.slots, this.roomId) = (slots, roomId);
            time = new CancellationTokenSource(ResultsReader.Longest, clock);
            end = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        }

        /// <summary>Ends with the request, or when it has taken too long.</summary>
        public CancellationToken Token => end.Token;

        /// <inheritdoc />
        public void Dispose()
        {
            if (Interlocked.Exchange(ref slots, null) is { } taken)
            {
                end.Dispose();
                time.Dispose();
                lock (taken.rooms)
                {
                    taken.rooms.Remove(roomId);
                }
            }
        }
    }
}
