using Polls.AppHost;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Telemetry;

/// <summary>Two instances that sample every trace and log more than usual.</summary>
public sealed class TracedInstances : TwoInstances, IAsyncLifetime
{
    private ClusterOptions options = new();

    internal OtlpCollector Collector { get; private set; } = null!;

    private protected override ClusterOptions Options => options;

    async Task IAsyncLifetime.InitializeAsync()
    {
        Collector = await OtlpCollector.StartAsync();
        options = new ClusterOptions
        {
            Throwaway = true,
            Instances = 2,
            ApiEnvironment = new Dictionary<string, string>(Collector.Environment(sampleRatio: 1))
            {
                // Loopback reports client addresses.
                ["Proxy__Trusted"] = "127.0.0.1",
                // The log format of the image, which is not for reading.
                ["Logging__Console__FormatterName"] = "",
                ["Logging__LogLevel__Default"] = "Information",
                ["Logging__LogLevel__Microsoft"] = "Information",
                ["Logging__LogLevel__Npgsql"] = "Information",
            },
        };
        await InitializeAsync();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        await Collector.DisposeAsync();
    }

    /// <summary>The host's token for the newest room.</summary>
    internal string HostToken { get; private set; } = "";

    /// <summary>A room with an open poll, a voter on the first instance and a screen on the second.</summary>
    internal async Task<(string Code, Guid Poll, RoomClient Voter, RoomClient Screen)> MeetAsync(string? nickname = null)
    {
        var (room, poll) = await OpenRoomAsync();
        HostToken = room.HostToken;
        var joined = await A.JoinAsync(room.Code, nickname);
        return (room.Code, poll, await RoomClient.ConnectAsync(A.Address, joined.Token),
            await RoomClient.ConnectAsync(B.Address, await A.ScreenTokenAsync(room)));
    }
}

/// <summary>Tests that share the traced instances.</summary>
[CollectionDefinition(nameof(TracedInstances))]
public sealed class TracedInstancesCollection : ICollectionFixture<TracedInstances>;
