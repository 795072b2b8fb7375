using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polls.Api.Backplane;
using Polls.Api.Presence;
using Polls.Api.Redis;
using Polls.Api.Sessions;
using Polls.Api.Setup;
using Polls.Tests.Servers;

namespace Polls.Tests.Redis;

public sealed class RedisRegistrationTests
{
    [Fact]
    public async Task Without_a_connection_string_everything_is_in_process()
    {
        using var app = App(new());
        await app.StartAsync();

        app.Services.GetRequiredService<IBackplane>().ShouldBeOfType<InProcessBackplane>();
        app.Services.GetRequiredService<ISessions>().ShouldBeOfType<InProcessSessions>();
        app.Services.GetRequiredService<IPresence>().ShouldBeOfType<InProcessPresence>();
        app.Services.GetService<RedisConnection>().ShouldBeNull();
    }

    [Fact]
    public async Task With_a_connection_string_everything_goes_over_redis()
    {
        await using var redis = await RedisServer.UpAsync();
        using var app = App(new() { ["ConnectionStrings:Redis"] = redis.ConnectionString, ["Instance:Id"] = "here" });
        await app.StartAsync();
        var backplane = app.Services.GetRequiredService<IBackplane>();
        await Until.TrueAsync(() => backplane.State == BackplaneState.Connected, "Redis is connected");

        app.Services.GetRequiredService<ISessions>().ShouldBeOfType<RedisSessions>();
        app.Services.GetRequiredService<IPresence>().ShouldBeOfType<RedisPresence>();
        (await redis.CliAsync("CLIENT", "LIST")).ShouldContain("name=polls-here");
        await app.StopAsync();
    }

    [Theory]
    [InlineData("ConnectionStrings:Redis", "host:6379,usr=polls,password=hush", "ConnectionStrings:Redis cannot be read")]
    [InlineData("Redis:OperationTimeout", "00:05:00", "Redis:OperationTimeout must be between")]
    [InlineData("Redis:SilenceLimit", "00:00:01", "Redis:SilenceLimit must be longer")]
    [InlineData("Redis:CaFile", "/etc/hostname", "Redis:CaFile must be a PEM file with the certificate of an authority; '/etc/hostname' is not one.")]
    [InlineData("Redis:CaFile", "/etc/ssl/certs/ca-certificates.crt", "Redis:CaFile requires TLS: set ssl=true in ConnectionStrings:Redis")]
    [InlineData("Instance:Id", "not an id", "Instance:Id must be")]
    public async Task A_bad_setting_stops_the_start_and_says_what_to_set(string setting, string value, string message)
    {
        using var app = App(new() { ["ConnectionStrings:Redis"] = "localhost:1", [setting] = value });

        var failure = await Should.ThrowAsync<OptionsValidationException>(() => app.StartAsync());

        failure.Message.ShouldContain(message);
        failure.Message.ShouldNotContain("hush");
    }

    private static IHost App(Dictionary<string, string?> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddOwnMetrics();
        builder.Services.AddSignalR();
        builder.AddPollsRedis();
        return builder.Build();
    }
}
