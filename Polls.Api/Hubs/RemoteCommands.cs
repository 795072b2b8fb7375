using System.Collections.Concurrent;

namespace Polls.Api.Hubs;

/// <summary>Commands sent to other instances that whoever holds the connection acknowledges.</summary>
internal sealed class RemoteCommands(TimeSpan limit, TimeProvider time)
{
    private readonly ConcurrentDictionary<ulong, TaskCompletionSource> pending = [];
    private ulong last;

    /// <summary>Sends the command under a fresh number; false when nobody acknowledged it within the limit.</summary>
    /// <exception cref="IOException">The backplane did not take it.</exception>
    public async Task<bool> SendAsync(Func<ulong, ValueTask<bool>> publish, CancellationToken cancellationToken)
    {
        var command = Interlocked.Increment(ref last);
        var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        pending[command] = acknowledged;
        try
        {
            if (!await publish(command))
            {
                // Cancelled while it was on its way, it may not have been taken for that reason alone.
                cancellationToken.ThrowIfCancellationRequested();
                throw new IOException("The connection is not on this instance, and other instances cannot be reached at present.");
            }

            await acknowledged.Task.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            pending.TryRemove(command, out _);
        }
    }

    public void Acknowledge(ulong command)
    {
        if (pending.TryGetValue(command, out var acknowledged)) acknowledged.TrySetResult();
    }
}
