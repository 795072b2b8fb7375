using Npgsql;
using Polls.AppHost.Processes;
using Polls.Core.Storage;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Storage;

/// <summary>
/// A real PostgreSQL with TLS, and what each mode of the connection string requires of its certificate.
/// </summary>
[Collection(nameof(SharedPostgres))]
public sealed class PostgresTlsTests(SharedPostgres postgres, PostgresTls tls) : IClassFixture<PostgresTls>
{
    [Theory]
    [InlineData("Require", null, null, true)]
    [InlineData("VerifyCA", "own", null, true)]
    [InlineData("VerifyFull", "own", null, true)]
    [InlineData("VerifyCA", "own", "localhost", true)]
    [InlineData("VerifyFull", "own", "localhost", false)]
    [InlineData("VerifyCA", "stranger", null, false)]
    [InlineData("VerifyCA", null, null, false)]
    [InlineData("VerifyFull", null, null, false)]
    public async Task Each_mode_requires_what_its_name_says(string mode, string? issuer, string? host, bool isTaken)
    {
        var file = issuer switch { null => null, "own" => tls.Authority, _ => tls.Stranger };
        await using var source = NpgsqlDataSource.Create(Options(mode, file, host).Build());
        if (isTaken)
        {
            await using var command = source.CreateCommand("SELECT ssl AND version IN ('TLSv1.2', 'TLSv1.3') FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
            (await command.ExecuteScalarAsync()).ShouldBe(true);
        }
        else
        {
            (await Should.ThrowAsync<Exception>(async () => await source.OpenConnectionAsync())).ToString().ShouldContain("certificate");
        }
    }

    [Fact]
    public async Task An_instance_with_VerifyFull_has_no_connection_without_TLS()
    {
        var database = await postgres.EmptyDatabaseAsync();
        await using var instance = await postgres.InstanceAsync(("ConnectionStrings:Polls", $"{database};SSL Mode=VerifyFull;Root Certificate={tls.Authority}"));
        using var api = new TestApi(instance.Address);
        var room = await api.CreateRoomAsync(TestApi.Draft());
        var poll = (await api.StateAsync(room.Code, room.HostToken)).Polls[0].Id;
        await api.DoAsync(room, poll, "open");
        await api.VoteAsync(room.Code, poll, (await api.JoinAsync(room.Code)).Token, 1, 0);
        var name = new NpgsqlConnectionStringBuilder(database).Database;
        (await postgres.Cluster.Postgres.ExecuteAsync(
            $"SELECT count(*) > 1, bool_and(ssl) FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE datname = '{name}'", role: "postgres")).Trim().ShouldBe("t|t");
    }

    private DatabaseOptions Options(string mode, string? file, string? host)
    {
        var connection = new NpgsqlConnectionStringBuilder(postgres.Cluster.Postgres.ConnectionString)
        {
            SslMode = Enum.Parse<SslMode>(mode), RootCertificate = file, Pooling = false, GssEncryptionMode = GssEncryptionMode.Disable,
        };
        connection.Host = host ?? connection.Host;
        return new DatabaseOptions { ConnectionString = connection.ConnectionString, MinPoolSize = 0 };
    }
}

/// <summary>TLS on the shared PostgreSQL as long as these tests run.</summary>
public sealed class PostgresTls(SharedPostgres postgres) : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();

    /// <summary>The certificate of the authority that signed the server's.</summary>
    internal string Authority { get; private set; } = "";

    /// <summary>The certificate of another authority.</summary>
    internal string Stranger { get; private set; } = "";

    public async Task InitializeAsync()
    {
        (Authority, var certificate, var key) = certificates.Server("postgres-authority", "127.0.0.1");
        (Stranger, _, _) = certificates.Server("stranger", "127.0.0.1");
        // The default location, as files of PostgreSQL's own user that nobody else can read.
        var files = postgres.Cluster.Postgres.FilesDirectory;
        foreach (var (from, to) in new[] { (certificate, "server.crt"), (key, "server.key") })
        {
            File.Copy(from, Path.Combine(files, to), overwrite: true);
            File.SetUnixFileMode(Path.Combine(files, to), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            (await Tool.RunAsync("chown", [$"--reference={files}", Path.Combine(files, to)])).OrThrow("chown");
        }

        await postgres.Cluster.Postgres.SetAsync("ssl", "on");
    }

    public async Task DisposeAsync()
    {
        await postgres.Cluster.Postgres.SetAsync("ssl", "off");
        certificates.Dispose();
    }
}
