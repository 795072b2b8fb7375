using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Hubs;

/// <summary>Calls to clients whose results are awaited by this instance.</summary>
internal sealed class ClientResults(TimeSpan limit, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, PendingResult> pending = new(StringComparer.Ordinal);

    /// <summary>
    /// Registers the call, runs <paramref name="call"/>, and waits for the result: at most the limit, less when
    /// the caller cancels, the connection ends, or <paramref name="call"/> throws.
    /// </summary>
    public async Task<T> AwaitAsync<T>(
        string invocationId, string connectionId, Func<Task> call, CancellationToken aborted, CancellationToken cancellationToken)
    {
        var result = new PendingResult<T>(connectionId);
        pending[invocationId] = result;
        try
        {
            await using var end = aborted.Register(() => result.Fail(Disconnected(connectionId)));
            await call();
            return await result.Task.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException timeout)
        {
            throw new IOException($"Connection '{connectionId}' did not answer within {limit}.", timeout);
        }
        finally
        {
            pending.TryRemove(invocationId, out _);
        }
    }

    public bool TryGetReturnType(string invocationId, [NotNullWhen(true)] out Type? type)
    {
        type = pending.GetValueOrDefault(invocationId)?.Type;
        return type is not null;
    }

    /// <summary>Takes a client's answer; one to a call that this connection was not asked is ignored.</summary>
    public void Complete(string connectionId, CompletionMessage completion)
    {
        if (Find(completion.InvocationId) is { } result && result.ConnectionId == connectionId) result.Complete(completion);
    }

    /// <summary>Takes an answer that another instance vouches for.</summary>
    public void Complete(CompletionMessage completion) => Find(completion.InvocationId)?.Complete(completion);

    /// <summary>Ends everything that was asked of a connection that has gone.</summary>
    public void Disconnect(string connectionId)
    {
        if (pending.IsEmpty) return;
        foreach (var (_, result) in pending)
        {
            if (result.ConnectionId == connectionId) result.Fail(Disconnected(connectionId));
        }
    }

    private static IOException Disconnected(string connectionId) => new($"Connection '{connectionId}' disconnected.");

    private PendingResult? Find(string? invocationId) =>
        invocationId is null ? null : pending.GetValueOrDefault(invocationId);

    private abstract class PendingResult(string connectionId)
    {
        public string ConnectionId { get; } = connectionId;

        public abstract Type Type { get; }

        public abstract void Complete(CompletionMessage completion);

        public abstract void Fail(Exception exception);
    }

    private sealed class PendingResult<T>(string connectionId) : PendingResult(connectionId)
    {
        private readonly TaskCompletionSource<T> source = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override Type Type => typeof(T);

        public Task<T> Task => source.Task;

        public override void Complete(CompletionMessage completion)
        {
            if (completion.Error is { } error) Fail(new IOException(error));
            else if (!completion.HasResult) Fail(new IOException("The client gave no result."));
            else if (completion.Result is T result) source.TrySetResult(result);
            else if (completion.Result is null && default(T) is null) source.TrySetResult(default!);
            else Fail(new IOException($"Error trying to deserialize result to {typeof(T).Name}."));
        }

        public override void Fail(Exception exception) => source.TrySetException(exception);
    }
}
