using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Polls.Prove.Faults;
using Polls.Tests.Servers;

namespace Polls.Tests.Prove;

/// <summary>The suite's own network link between an instance and a store.</summary>
public sealed class FaultyLinkTests : IAsyncLifetime
{
    private readonly TcpListener echo = new(IPAddress.Loopback, 0);
    private FaultyLink link = null!;

    public Task InitializeAsync()
    {
        echo.Start();
        _ = EchoAsync();
        link = new FaultyLink(() => ((IPEndPoint)echo.LocalEndpoint).Port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await link.DisposeAsync();
        echo.Dispose();
    }

    [Fact]
    public async Task Passes_bytes_on_in_order_and_with_the_configured_delay()
    {
        using var client = await ConnectAsync();
        await ShouldEchoAsync(client, 1, 2, 3);

        link.Delay = TimeSpan.FromMilliseconds(60);
        var started = Stopwatch.GetTimestamp();
        await ShouldEchoAsync(client, 4, 5);
        Stopwatch.GetElapsedTime(started).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(110));
    }

    [Fact]
    public async Task Holds_back_all_data_while_stalled_and_delivers_it_afterwards()
    {
        using var client = await ConnectAsync();
        await ShouldEchoAsync(client, 1);
        link.Stall();
        await client.GetStream().WriteAsync(new byte[] { 2 });
        var answer = new byte[1];
        var reading = client.GetStream().ReadExactlyAsync(answer).AsTask();
        (await Task.WhenAny(reading, Task.Delay(200))).ShouldNotBe(reading);

        link.Repair();
        await reading.WaitAsync(TimeSpan.FromSeconds(30));
        answer.ShouldBe([2]);
    }

    [Fact]
    public async Task Breaks_every_connection_while_cut()
    {
        using var client = await ConnectAsync();
        await ShouldEchoAsync(client, 1);
        link.Cut();
        await Until.TrueAsync(() => IsBrokenAsync(client), "the connection is closed");
        await Until.TrueAsync(IsRefusedAsync, "a new one is closed too");

        link.Repair();
        using var last = await ConnectAsync();
        await ShouldEchoAsync(last, 7);
    }

    private async Task<TcpClient> ConnectAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, link.Port);
        return client;
    }

    private async Task<bool> IsRefusedAsync()
    {
        try
        {
            using var client = await ConnectAsync();
            return await IsBrokenAsync(client);
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static async Task ShouldEchoAsync(TcpClient client, params byte[] bytes)
    {
        await client.GetStream().WriteAsync(bytes);
        var answer = new byte[bytes.Length];
        await client.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        answer.ShouldBe(bytes);
    }

    private static async Task<bool> IsBrokenAsync(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync(new byte[1]);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private async Task EchoAsync()
    {
        while (true)
        {
            var client = await echo.AcceptTcpClientAsync();
            _ = client.GetStream().CopyToAsync(client.GetStream());
        }
    }
}
