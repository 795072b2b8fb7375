using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Polls.Api.Setup;
using Polls.AppHost;
using Polls.AppHost.Processes;

namespace Polls.Tests.Setup;

/// <summary>SIGTERM can arrive at any time, even before the start is complete.</summary>
public sealed class StoppedWhileStartingTests
{
    [Fact]
    public async Task It_exits_as_if_it_had_started()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHostedService<AskedToStop>();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        await app.RunUntilStoppedAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_start_that_fails_without_a_signal_is_a_failure()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddHostedService<Failing>();
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        await Should.ThrowAsync<OperationCanceledException>(() => app.RunUntilStoppedAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task A_real_instance_that_waits_for_PostgreSQL_stops_at_once()
    {
        using var reserved = PortReservation.Free();
        var start = new ProcessStartInfo("dotnet", [ApiAssembly.Find()]) { RedirectStandardOutput = true };
        start.Environment["ConnectionStrings__Polls"] = $"Host=127.0.0.1;Port={reserved.Port};Username=nobody;Database=none";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        using var instance = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            string? line;
            do
            {
                line = await instance.StandardOutput.ReadLineAsync(limit.Token);
            }
            while (line?.Contains("Waiting for PostgreSQL", StringComparison.Ordinal) == false);
            line.ShouldNotBeNull("it waits");
            ProcessIdentity.Of(instance.Id)!.Value.Signal(PosixSignalNumber.Terminate);
            var rest = await instance.StandardOutput.ReadToEndAsync(limit.Token);
            await instance.WaitForExitAsync(limit.Token);
            instance.ExitCode.ShouldBe(143, "the exit code names the signal, and there is no work to finish");
            rest.ShouldNotContain("Exception");
        }
        finally
        {
            instance.Kill();
        }
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
