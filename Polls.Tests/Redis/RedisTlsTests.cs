using System.Globalization;
using System.Text.RegularExpressions;
using Polls.Api.Backplane;
using Polls.AppHost.Processes;
using Polls.Tests.Backplane;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

/// <summary>A real Redis with TLS and a password.</summary>
public sealed class RedisTlsTests(RedisTls redis) : IClassFixture<RedisTls>
{
    [Fact]
    public async Task With_the_authoritys_file_all_connections_use_TLS_and_the_password()
    {
        await using var one = await RedisInstance.StartAsync(redis.Address, "tls", redis.Authority);
        await one.ConnectedAsync();
        await HearsItselfAsync(one);
        (await one.Presence.ReportAsync([new(Guid.NewGuid(), 2)], default)).ShouldBe([2]);

        // It has connections to the TLS port only.
        var clients = (await redis.CliAsync("CLIENT", "LIST")).Split('\n').Where(line => line.Contains("name=polls-tls", StringComparison.Ordinal)).ToList();
        clients.Count.ShouldBe(2, "one for calls and one for subscriptions");
        clients.ShouldAllBe(line => line.Contains($"laddr={redis.Endpoint} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_a_valid_certificate_gets_neither_password_nor_calls()
    {
        await Task.WhenAll(
            RefusedAsync("no file", redis.Address, null),
            RefusedAsync("another authority", redis.Address, redis.Stranger),
            RefusedAsync("another name", $"{redis.Address},sslHost=redis.example", redis.Authority),
            RefusedAsync("no TLS", $"{redis.Endpoint},password={redis.Password}", null));

        async Task RefusedAsync(string wrong, string address, string? file)
        {
            await using var one = await RedisInstance.StartAsync(address, "untrusting", file);
            await Until.TrueAsync(() => one.Connection.LastError is not null, "a first attempt failed");
            one.Connection.State.ShouldBe(BackplaneState.Disconnected, wrong);
            one.Connection.LastError!.ShouldStartWith("no connection (", Case.Sensitive, wrong);
            (await one.TellAsync(Guid.NewGuid(), 1)).ShouldBeFalse(wrong);
            (await redis.CliAsync("CLIENT", "LIST")).ShouldNotContain("name=polls-untrusting", Case.Sensitive, wrong);
        }
    }

    [Fact]
    public async Task The_documented_rights_of_a_user_are_sufficient_and_necessary()
    {
        var rule = Regex.Match(Repository.Read("docs/security.md"), "(?m)^ACL (SETUSER polls on >PASSWORD .+)$").Groups[1].Value.Replace("PASSWORD", "own", StringComparison.Ordinal);
        rule.ShouldNotBeEmpty();
        await redis.CliAsync(["ACL", .. rule.Split(' ')]);
        await using var one = await RedisInstance.StartAsync($"{redis.Endpoint},ssl=true,user=polls,password=own", "acl", redis.Authority);
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
        await using var one = await RedisInstance.StartAsync($"{redis.Endpoint},ssl=true,password=other", "mistaken", redis.Authority);
        await Until.TrueAsync(() => one.Connection.LastError == "authentication failed", "the reason is known");
    }

    private static async Task HearsItselfAsync(RedisInstance one)
    {
        var room = Guid.NewGuid();
        var (heard, _) = await BackplaneContract.ListenAsync(one.Listeners, room);
        (await one.TellAsync(room, 7)).ShouldBeTrue();
        await Until.TrueAsync(() => heard.Contains(7), "it receives its own message");
    }
}

/// <summary>A Redis that accepts TLS on a second port.</summary>
public sealed class RedisTls : IAsyncLifetime
{
    private readonly TestCertificates certificates = new();
    private readonly PortReservation port = PortReservation.Free();
    private RedisServer redis = null!;

    /// <summary>The certificate of the authority that signed the server's.</summary>
    internal string Authority { get; private set; } = "";

    /// <summary>The certificate of another authority.</summary>
    internal string Stranger { get; private set; } = "";

    /// <summary>The address of the TLS port, without options.</summary>
    internal string Endpoint => $"127.0.0.1:{port.Port}";

    /// <summary>The connection string with TLS and the password.</summary>
    internal string Address => $"{Endpoint},ssl=true,password={Password}";

    internal string Password => redis.Password;

    public async Task InitializeAsync()
    {
        redis = await RedisServer.UpAsync();
        (Stranger, _, _) = certificates.Server("stranger", "127.0.0.1");
        (Authority, var certificate, var key) = certificates.Server("redis-authority", "127.0.0.1");
        await CliAsync(
            "CONFIG", "SET", "tls-cert-file", certificate, "tls-key-file", key, "tls-ca-cert-file", Authority, "tls-auth-clients", "no",
            "tls-port", port.Port.ToString(CultureInfo.InvariantCulture));
    }

    internal Task<string> CliAsync(params string[] command) => redis.CliAsync(command);

    public async Task DisposeAsync()
    {
        await redis.DisposeAsync();
        port.Dispose();
        certificates.Dispose();
    }
}
