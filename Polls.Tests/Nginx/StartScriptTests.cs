using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Polls.AppHost.Processes;
using Polls.Tests.AppHost;
using Polls.Tests.Servers;

namespace Polls.Tests.Nginx;

/// <summary><c>nginx/start</c> alone, with instances that only return their name.</summary>
public sealed class StartScriptTests : IAsyncLifetime
{
    private readonly Scratch scratch = new();
    private readonly PortReservation port = PortReservation.Free();
    private readonly HttpClient http = new();
    private readonly WebApplication[] instances = [Instance("one"), Instance("two")];
    private Process? nginx;

    public Task InitializeAsync() => Task.WhenAll(instances.Select(instance => instance.StartAsync()));

    [Fact]
    public async Task A_list_with_CRLF_and_a_relative_folder_work()
    {
        await File.WriteAllTextAsync(scratch.DataFile("instances"), $"{Authority(0)}\r\n{Authority(1)}\r\n");
        Start(("POLLS_RUN_DIR", "run"), ("POLLS_INSTANCES_FILE", "instances"));
        await Until.TrueAsync(async () => await ServedByAsync() is ["one", "two"], "both instances answer");
    }

    [Fact]
    public async Task A_name_that_cannot_be_resolved_for_a_while_keeps_its_instances()
    {
        // Shadows the real command in PATH: resolves the names that the test chooses.
        var names = scratch.DataFile("names");
        await File.WriteAllTextAsync(names, "first second");
        await File.WriteAllLinesAsync(scratch.DataFile("getent"), ["#!/bin/sh", $"grep -q \"$2\" '{names}' && echo \"127.0.0.1 STREAM $2\""]);
        File.SetUnixFileMode(scratch.DataFile("getent"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Start(
            ("PATH", $"{scratch.Data}:{Environment.GetEnvironmentVariable("PATH")}"), ("POLLS_RUN_DIR", scratch.DataFile("run")),
            ("POLLS_INSTANCES", $"first:{Port(0)} second:{Port(1)}"));
        await Until.TrueAsync(async () => await ServedByAsync() is ["one", "two"], "both names are resolved");

        var looked = File.GetLastWriteTimeUtc(scratch.DataFile("run/names/first:" + Port(0)));
        await File.WriteAllTextAsync(names, "first");
        // Twice, so that the second lookup began after the name was removed.
        for (var time = 0; time < 2; time++)
        {
            var before = looked;
            await Until.TrueAsync(() => (looked = File.GetLastWriteTimeUtc(scratch.DataFile("run/names/first:" + Port(0)))) > before, "the names are resolved again");
        }

        (await ServedByAsync()).ShouldBe(["one", "two"]);
        (await File.ReadAllLinesAsync(scratch.DataFile("run/instances.conf"))).Length.ShouldBe(2);
    }

    public async Task DisposeAsync()
    {
        if (nginx is not null)
        {
            // Not INT: a background shell ignores it, such as one started by a test run in the background.
            ProcessIdentity.Of(nginx.Id)?.Signal(PosixSignalNumber.Terminate);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await nginx.WaitForExitAsync(limit.Token);
            nginx.Dispose();
        }

        foreach (var instance in instances)
        {
            await instance.DisposeAsync();
        }

        http.Dispose();
        port.Dispose();
        scratch.Dispose();
    }

    private static WebApplication Instance(string name)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapFallback(() => name);
        return app;
    }

    private void Start(params ReadOnlySpan<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("sh", [Repository.PathOf("nginx", "start")])
        {
            WorkingDirectory = scratch.Data, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["POLLS_ADDRESS"] = "127.0.0.1";
        start.Environment["POLLS_PORT"] = port.Port.ToString(CultureInfo.InvariantCulture);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        nginx = Process.Start(start)!;
        // The output is not needed, but a full pipe would block the process.
        nginx.BeginOutputReadLine();
        nginx.BeginErrorReadLine();
    }

    private string Port(int instance) => new Uri(instances[instance].Urls.Single()).Port.ToString(CultureInfo.InvariantCulture);

    private string Authority(int instance) => new Uri(instances[instance].Urls.Single()).Authority;

    /// <summary>The instances that answer: requests for <c>/health</c> alternate between instances.</summary>
    private async Task<string[]> ServedByAsync()
    {
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => http.GetStringAsync(new Uri($"http://127.0.0.1:{port.Port}/health"))));
            return [.. answers.Distinct().Order()];
        }
        catch (HttpRequestException)
        {
            return [];
        }
    }
}
