using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polls.Api.Connections;
using Polls.Api.Setup;

namespace Polls.Tests.Connections;

/// <summary>A real hub behind the guard and the handshake's limit on a real server.</summary>
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
            // Below the ephemeral range, where a bind could hit some client's port.
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

    /// <summary>A connection that did not say yet what it speaks.</summary>
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
        // Nobody is cut off for being slow here, only for saying too much.
        builder.Services.AddSignalR(options => options.HandshakeTimeout = TimeSpan.FromMinutes(10))
            .AddOutboxes<GuardedHub>()
            .AddHubProtocolGuard(Limit);
        var app = builder.Build();
        app.UseAuthorization();
        app.MapLimitedHub<GuardedHub>("/hub", options => options.Transports = HttpTransportType.WebSockets);
        return app;
    }
}
