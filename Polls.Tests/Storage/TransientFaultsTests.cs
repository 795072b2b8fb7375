using Npgsql;
using Polls.Core;
using Polls.Core.Storage;

namespace Polls.Tests.Storage;

[Collection(nameof(SharedPostgres))]
public sealed class TransientFaultsTests(SharedPostgres postgres)
{
    public static TheoryData<Exception, bool> Faults => new()
    {
        { new NpgsqlException("The connection is broken."), true },
        { new TimeoutException(), true },
        { new InvalidOperationException("Wrapped by EF Core.", new NpgsqlException("The connection is broken.")), true },
        { new PostgresException("", "", "", PostgresErrorCodes.AdminShutdown), true },
        // What the driver throws instead of an NpgsqlException when the connection breaks under a command.
        { Of<NullReferenceException>("Npgsql"), true },
        { Of<InvalidOperationException>("Npgsql"), true },
        { Of<NullReferenceException>("Polls.Core"), false },
        { new InvalidOperationException(), false },
        { new PostgresException("", "", "", PostgresErrorCodes.SyntaxError), false },
    };

    [Theory, MemberData(nameof(Faults))]
    public void OnlyAFailureOfTheConnectionIsTransient(Exception fault, bool isTransient) =>
        TransientFaults.IsTransient(fault).ShouldBe(isTransient);

    [Fact]
    public async Task ACommandIsRetriedWhenTheDriverFailsOverItsBrokenConnection()
    {
        await using var core = postgres.Core();
        var attempts = 0;

        var outcome = await core.Databases.InTransactionAsync<int>(
            (_, _) => ++attempts == 1 ? throw Of<NullReferenceException>("Npgsql") : Task.FromResult<Outcome<int>>(attempts), default);

        outcome.ShouldSucceed().ShouldBe(2);
    }

    /// <summary>As the assembly of this name throws it.</summary>
    private static T Of<T>(string assembly)
        where T : Exception, new() => new() { Source = assembly };
}
