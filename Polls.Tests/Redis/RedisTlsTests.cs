using System.Globalization;
using System.Text.RegularExpressions;
using Polls.Api.Backplane;
using Polls.AppHost.Processes;
using Polls.Tests.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

/// <summary>A real Redis with TLS and a password.</summary>
public sealed class RedisTlsTests : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private readonly PortReservation port = PortReservation.Free();
    private RedisServer redis = null!;
    private string authority = "";

    public async Task InitializeAsync()
    {
        redis = await RedisServer.UpAsync();
        (authority, var certificate, var key) = certificates.Server("redis-authority", "127.0.0.1");
        await redis.CliAsync(
            "CONFIG", "SET", "tls-cert-file", certificate, "tls-key-file", key, "tls-ca-cert-file", authority, "tls-auth-clients", "no",
            "tls-port", port.Port.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task With_the_authoritys_file_all_connections_use_TLS_and_the_password()
    {
        await using var one = await RedisInstance.StartAsync(Address(), "tls", authority);
        await one.ConnectedAsync();
        await HearsItselfAsync(one);
        (await one.Presence.ReportAsync([new(Guid.NewGuid(), 2)], default)).ShouldBe([2]);

        // It has connections to the TLS port only.
        var clients = (await redis.CliAsync("CLIENT", "LIST")).Split('\n').Where(line => line.Contains("name=polls-tls", StringComparison.Ordinal)).ToList();
        clients.Count.ShouldBe(2, "one for calls and one for subscriptions");
        clients.ShouldAllBe(line => line.Contains($"laddr=127.0.0.1:{port.Port} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no file")]
    [InlineData("another authority")]
    [InlineData("another name")]
    [InlineData("no TLS")]
    public async Task A_server_without_a_valid_certificate_gets_neither_password_nor_calls(string wrong)
    {
        var (address, file) = wrong switch
        {
            "no file" => (Address(), null),
            "another authority" => (Address(), certificates.Server("stranger", "127.0.0.1").Authority),
            "another name" => (Address() + ",sslHost=redis.example", authority),
            _ => ($"127.0.0.1:{port.Port},password={redis.Password}", null),
        };
        await using var one = await RedisInstance.StartAsync(address, "tls", file);
        await Until.TrueAsync(() => one.Connection.LastError is not null, "a first attempt failed");
        one.Connection.State.ShouldBe(BackplaneState.Disconnected);
        one.Connection.LastError!.ShouldStartWith("no connection (");
        (await one.TellAsync(Guid.NewGuid(), 1)).ShouldBeFalse();
        (await redis.CliAsync("CLIENT", "LIST")).ShouldNotContain("name=polls-tls");
    }

    [Fact]
    public async Task The_documented_rights_of_a_user_are_sufficient_and_necessary()
    {
        var rule = Regex.Match(Repository.Read("docs/security.md"), "(?m)^ACL (SETUSER polls on >PASSWORD .+)$").Groups[1].Value.Replace("PASSWORD", "own", StringComparison.Ordinal);
        rule.ShouldNotBeEmpty();
        await redis.CliAsync(["ACL", .. rule.Split(' ')]);
        await using var one = await RedisInstance.StartAsync($"127.0.0.1:{port.Port},ssl=true,user=polls,password=own", "acl", authority);
        await one.ConnectedAsync();
        await HearsItselfAsync(one);
        var participant = Guid.NewGuid();
        (await one.Presence.ReportAsync([new(participant, 2)], default)).ShouldBe([2]);
        await one.Sessions.OpenAsync(new(participant, Guid.NewGuid(), "connection", "acl", "Ann", null, DateTimeOffset.UtcNow), default);
        (await one.Sessions.FindAsync(participant, default)).ShouldNotBeNull();
        one.Connection.State.ShouldBe(BackplaneState.Connected);

        foreach (var command in new[] { "FLUSHALL", "CONFIG SET maxmemory 1", "SHUTDOWN NOSAVE", "ACL LIST", "GET other", "PUBLISH other 1" })
        {
            (await redis.CliAsync(["--user", "polls", "--pass", "own", .. command.Split(' ')])).ShouldContain("NOPERM", Case.Sensitive, command);
        }
    }

    [Fact]
    public async Task A_wrong_password_over_TLS_is_named_as_the_reason()
    {
        await using var one = await RedisInstance.StartAsync($"127.0.0.1:{port.Port},ssl=true,password=other", "tls", authority);
        await Until.TrueAsync(() => one.Connection.LastError == "authentication failed", "the reason is known");
    }

    public async Task DisposeAsync()
    {
        await redis.DisposeAsync();
        port.Dispose();
        certificates.Dispose();
    }

    private static async Task HearsItselfAsync(RedisInstance one)
    {
        var room = Guid.NewGuid();
        var (heard, _) = await BackplaneContract.ListenAsync(one.Listeners, room);
        (await one.TellAsync(room, 7)).ShouldBeTrue();
        await Until.TrueAsync(() => heard.Contains(7), "it receives its own message");
    }

    private string Address() => $"127.0.0.1:{port.Port},ssl=true,password={redis.Password}";
}
