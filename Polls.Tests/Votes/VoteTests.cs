using Polls.Tests.Storage;

namespace Polls.Tests.Votes;

/// <summary>Two instances on one database, each with one writer: votes cast together form one batch.</summary>
public abstract class VoteTests(SharedPostgres postgres) : IAsyncLifetime
{
    private protected readonly TestCore core = postgres.Core(TestCore.OneWriter);
    private protected readonly TestCore other = postgres.Core(TestCore.OneWriter);

    private protected SharedPostgres Postgres => postgres;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await core.DisposeAsync();
        await other.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
