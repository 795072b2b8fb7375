using System.Net;
using System.Net.Sockets;
using Polls.AppHost.Processes;
using Polls.Tests.Observability;
using Polls.Tests.Servers;

namespace Polls.Tests.AppHost;

public sealed class LocalRunTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string[] FreePorts => ["--port", "0", "--data", _scratch.Data];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(PosixSignalNumber.Interrupt)]
    [InlineData(PosixSignalNumber.Terminate)]
    internal async Task A_signal_stops_everything_in_good_order(PosixSignalNumber signal)
    {
        using var host = await AppHostProcess.ReadyAsync([.. FreePorts, "--instances", "2"]);
        var processes = Scratch.ProcessesIn(_scratch.Data);
        processes.Count.ShouldBeGreaterThan(4);

        host.Signal(signal);

        (await host.ExitAsync()).ShouldBe(0);
        processes.ShouldAllBe(process => !process.IsAlive);
        (await File.ReadAllTextAsync(_scratch.DataFile("logs/postgres.log"))).ShouldContain("database system is shut down");
    }

    [Fact]
    public async Task Processes_started_by_a_background_run_handle_its_stop_signal()
    {
        using var host = await AppHostProcess.ReadyInBackgroundAsync([.. FreePorts, "--instances", "2"]);
        foreach (var part in Guard.ReadLedger(_scratch.DataFile("processes")))
        {
            var ignored = (await File.ReadAllLinesAsync($"/proc/{part.Id}/status")).Single(line => line.StartsWith("SigIgn:", StringComparison.Ordinal));
            (Convert.ToUInt64(ignored["SigIgn:".Length..].Trim(), 16) & 1 << ((int)PosixSignalNumber.Interrupt - 1)).ShouldBe(0UL, $"process {part.Id}");
        }

        var processes = Scratch.ProcessesIn(_scratch.Data);
        host.Signal(PosixSignalNumber.Terminate);
        (await host.ExitAsync()).ShouldBe(0);
        processes.ShouldAllBe(process => !process.IsAlive);
    }

    [Fact]
    public async Task A_signal_that_arrives_twice_at_once_is_one_request()
    {
        using var host = await AppHostProcess.ReadyAsync(FreePorts);
        var processes = Scratch.ProcessesIn(_scratch.Data);

        host.Signal(PosixSignalNumber.Interrupt);
        host.Signal(PosixSignalNumber.Terminate);

        (await host.ExitAsync()).ShouldBe(0);
        processes.ShouldAllBe(process => !process.IsAlive);
    }

    [Fact]
    public async Task Kill_9_of_the_program_leaves_no_process_behind_not_even_suspended_ones()
    {
        using var host = await AppHostProcess.ReadyAsync(FreePorts);
        var processes = Scratch.ProcessesIn(_scratch.Data);
        foreach (var process in processes.Skip(2))
            process.Signal(PosixSignalNumber.Stop);

        host.Signal(PosixSignalNumber.Kill);

        await Until.GoneAsync(processes);
    }

    [Fact]
    public async Task A_run_right_after_kill_9_waits_until_the_previous_run_has_ended()
    {
        using (var host = await AppHostProcess.ReadyAsync(FreePorts))
            host.Signal(PosixSignalNumber.Kill);

        using var next = await AppHostProcess.ReadyAsync(FreePorts);

        next.Signal(PosixSignalNumber.Terminate);
        (await next.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task An_instance_that_crashes_is_reported_and_started_again()
    {
        using var host = await AppHostProcess.ReadyAsync([.. FreePorts, "--redis", "off"]);
        Guard.ReadLedger(_scratch.DataFile("processes"))[^1].Signal(PosixSignalNumber.Kill);

        await host.SaysAsync("api-1 ended unexpectedly with exit code 137.");
        await host.SaysAsync("api-1 is ready again.");
        var processes = Scratch.ProcessesIn(_scratch.Data);

        host.Signal(PosixSignalNumber.Terminate);
        (await host.ExitAsync()).ShouldBe(0);
        processes.ShouldAllBe(process => !process.IsAlive);
    }

    [Fact]
    public async Task An_observed_run_prints_the_address_of_Prometheus_and_stops_it_at_the_end()
    {
        using var host = await AppHostProcess.ReadyAsync([.. FreePorts, "--redis", "off", "--observe"]);
        var address = host.Output.Split('\n').Single(line => line.StartsWith("prometheus ", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        using (var prometheus = new PrometheusClient(new Uri(address)))
        {
            await Until.TrueAsync(async () => (await prometheus.TargetsAsync()).Values.SequenceEqual(["up"]), "Prometheus sees the instance");
        }

        var processes = Scratch.ProcessesIn(_scratch.Data);
        host.Signal(PosixSignalNumber.Terminate);
        (await host.ExitAsync()).ShouldBe(0);
        processes.ShouldAllBe(process => !process.IsAlive);
    }

    [Fact]
    public async Task A_second_run_on_the_same_folder_is_refused_clearly()
    {
        using var first = await AppHostProcess.ReadyAsync(FreePorts);
        using var second = AppHostProcess.Run(FreePorts);

        (await second.ExitAsync()).ShouldBe(1);

        await second.SaysAsync("Polls is already running (process ");
        first.Signal(PosixSignalNumber.Terminate);
        (await first.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_busy_port_is_reported_clearly()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var host = AppHostProcess.Run("--port", $"{port}", "--data", _scratch.Data);

        (await host.ExitAsync()).ShouldBe(1);

        await host.SaysAsync($"Port {port} on 127.0.0.1 cannot be used: another program listens there");
    }

    [Fact]
    public async Task Invalid_options_are_reported_with_exit_code_2()
    {
        using var host = AppHostProcess.Run("--port", "eighty");

        (await host.ExitAsync()).ShouldBe(2);

        await host.SaysAsync("--port must be a number from 0 to 65535, not 'eighty'.");
    }
}
