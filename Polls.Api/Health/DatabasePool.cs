using System.Diagnostics.Metrics;

namespace Polls.Api.Health;

/// <summary>Reads the state of the connection pools from Npgsql's meter.</summary>
public sealed class DatabasePool : IDisposable
{
    // Not observable: it is told each change when it happens.
    private const string Waiting = "db.client.connection.npgsql.pending_requests";
    private readonly MeterListener listener = new();
    private readonly Lock sync = new();
    private int idle;
    private int busy;
    private int max;
    private int waiting;

    /// <summary>Starts listening.</summary>
    public DatabasePool()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == "Npgsql"
                && instrument.Name is "db.client.connection.count" or "db.client.connection.max" or Waiting)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<int>(Take);
        listener.Start();
    }

    /// <summary>The current state.</summary>
    public PoolFigures Read()
    {
        lock (sync)
        {
            (idle, busy, max) = (0, 0, 0);
            listener.RecordObservableInstruments();
            return new PoolFigures(busy, idle, Math.Max(0, Volatile.Read(ref waiting)), max);
        }
    }

    /// <inheritdoc />
    public void Dispose() => listener.Dispose();

    private void Take(Instrument instrument, int value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        switch (instrument.Name)
        {
            case Waiting:
                Interlocked.Add(ref waiting, value);
                return;
            case "db.client.connection.max":
                max += value;
                return;
        }

        foreach (var tag in tags)
        {
            if (tag.Key == "db.client.connection.state")
            {
                idle += tag.Value is "idle" ? value : 0;
                busy += tag.Value is "used" ? value : 0;
            }
        }
    }
}

/// <summary>
/// Connections from this instance to PostgreSQL: busy, idle, requests that wait for one, and the maximum.
/// </summary>
public sealed record PoolFigures(int Busy, int Idle, int Waiting, int Max);
