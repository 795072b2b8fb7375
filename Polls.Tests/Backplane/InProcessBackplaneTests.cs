using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polls.Api.Backplane;
using Polls.Api.Http;
using Polls.Api.Redis;
using Polls.Api.Setup;
using Polls.Tests.Servers;

namespace Polls.Tests.Backplane;

/// <summary>A single instance that communicates only with itself.</summary>
public sealed class InProcessBackplaneTests : BackplaneContract, IDisposable
{
    private readonly TestMetrics metrics = new();
    private readonly IHost host;

    public InProcessBackplaneTests()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(metrics.Registry).AddOwnMetrics();
        builder.Services.AddSignalR().AddJsonProtocol(options => Json.Configure(options.PayloadSerializerOptions));
        builder.AddPollsRedis();
        host = builder.Build();
    }

    [Fact]
    public void It_reports_the_state_InProcess() =>
        host.Services.GetRequiredService<IBackplane>().State.ShouldBe(BackplaneState.InProcess);

    public void Dispose()
    {
        host.Dispose();
        metrics.Dispose();
    }

    protected override Task<(IHubContext<RoomBackplane, IRoomBackplaneClient> Rooms, RoomGroups Listeners)> InstanceAsync() =>
        Task.FromResult((
            host.Services.GetRequiredService<IHubContext<RoomBackplane, IRoomBackplaneClient>>(),
            host.Services.GetRequiredService<RoomGroups>()));
}
