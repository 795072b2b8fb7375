using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polls.Api.Setup;

namespace Polls.Tests.Setup;

/// <summary>SIGTERM may come at any moment, also before everything has started.</summary>
public sealed class StoppedWhileStartingTests
{
    [Fact]
    public async Task It_ends_as_if_it_had_started()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHostedService<AskedToStop>();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        await app.RunUntilStoppedAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_start_that_fails_by_itself_is_a_failure()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHostedService<Failing>();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        await Should.ThrowAsync<OperationCanceledException>(() => app.RunUntilStoppedAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    private sealed class AskedToStop(IHostApplicationLifetime application) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            application.StopApplication();
            cancellationToken.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Failing : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new OperationCanceledException("of its own");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
