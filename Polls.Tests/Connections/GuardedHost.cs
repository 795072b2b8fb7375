using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polls.Api.Connections;
using Polls.Api.Setup;

namespace Polls.Tests.Connections;

/// <summary>A real server with a real hub behind the protocol guard and the handshake limit.</summary>
public sealed class GuardedHost : IAsyncDisposable
{
    public const int Limit = 4_096;
    private readonly WebApplication app;

    private GuardedHost(WebApplication app, int port) => (this.app, Port) = (app, port);

    public int Port { get; }

    private Uri Hub => new($"ws://127.0.0.1:{Port}/hub");

    public static async Task<GuardedHost> StartAsync()
    {
        for (var attempt = 0; ; attempt++)
        {
            // Below the ephemeral port range; otherwise the port could belong to a client connection.
            var port = Random.Shared.Next(21_000, 32_000);
            var app = Build(port);
            try
            {
                await app.StartAsync();
                return new GuardedHost(app, port);
            }
            catch (IOException) when (attempt < 20)
            {
                await app.DisposeAsync();
            }
        }
    }

    public Task<RawHubClient> ConnectAsync() => RawHubClient.ConnectAsync(Hub);

    /// <summary>A connection before its handshake.</summary>
    public Task<RawHubClient> OpenAsync() => RawHubClient.OpenAsync(Hub);

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private static WebApplication Build(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddAuthentication("none").AddCookie("none");
        builder.Services.AddAuthorization();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddOwnMetrics();
        // Connections are aborted only for sending too much, not for being slow.
        builder.Services.AddSignalR(options => options.HandshakeTimeout = TimeSpan.FromMinutes(10))
            .AddOutboxes<GuardedHub>()
            .AddHubProtocolGuard(Limit);
        var app = builder.Build();
        app.UseAuthorization();
        app.MapLimitedHub<GuardedHub>("/hub", options => options.Transports = HttpTransportType.WebSockets);
        return app;
    }
}
