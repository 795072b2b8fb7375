using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polls.Api.Http;

namespace Polls.Tests.Servers;

/// <summary>
/// An instance of the product inside the test process: the whole program with its own settings, without the time to
/// start a process.
/// </summary>
internal class InProcessInstance(params (string Name, string Value)[] settings) : WebApplicationFactory<RoomLinks>
{
    private CapturedConsole? console;

    /// <summary>The address on loopback, if the instance listens.</summary>
    public Uri Address => ClientOptions.BaseAddress;

    /// <summary>The log so far.</summary>
    public string Log => console?.Output ?? "";

    /// <summary>An instance that listens on a free port of loopback.</summary>
    public static async Task<InProcessInstance> StartAsync(params (string Name, string Value)[] settings)
    {
        var instance = new InProcessInstance(settings);
        await instance.ListenAsync();
        return instance;
    }

    public async Task ListenAsync()
    {
        console = new CapturedConsole();
        UseKestrel(0);
        await Task.Run(StartServer);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Production");
        foreach (var (name, value) in settings)
        {
            builder.UseSetting(name, value);
        }

        // Without this, the program would handle the signals of the test run.
        builder.ConfigureTestServices(services => services.AddSingleton<IHostLifetime, Endless>());
    }

    private sealed class Endless : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
