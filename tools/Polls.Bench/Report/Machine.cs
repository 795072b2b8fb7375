using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Polls.Bench.Targets;

namespace Polls.Bench.Report;

/// <summary>Describes the machine and the versions and settings of the programs.</summary>
internal static class Machine
{
    public static async Task<Dictionary<string, string>> DescribeAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>
        {
            ["processor"] = $"{Environment.ProcessorCount} × {Field("/proc/cpuinfo", "model name")}",
            ["memory"] = Field("/proc/meminfo", "MemTotal"),
            ["system"] = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}",
            ["load at the start (1, 5, 15 minutes)"] = string.Join(
                ' ', (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ').Take(3)),
            [".NET"] = Environment.Version.ToString(),
            ["PostgreSQL"] = await FirstLineAsync("psql", "--version", cancellationToken) + ", settings as installed",
            ["Redis"] = await FirstLineAsync("redis-server", "--version", cancellationToken),
            ["nginx"] = await FirstLineAsync("nginx", "-v", cancellationToken),
            ["Node.js"] = await FirstLineAsync("node", "--version", cancellationToken),
            ["packages of (a)"] = PackagesOfNodePeer(),
            ["setup"] = "load client, servers, PostgreSQL and Redis on one machine, over loopback",
            ["settings"] = "Polls: as shipped, Limits__Enabled=false, with Redis; (a): one process, defaults; (b): "
                + "defaults of the Web SDK (server GC), no backplane; (d): GC as Polls",
        };
        return found;
    }

    private static string Field(string path, string name) =>
        File.ReadLines(path)
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            ?? "unknown";

    private static string PackagesOfNodePeer()
    {
        var folder = Path.Combine(Path.GetDirectoryName(Programs.NodePeer)!, "node_modules");
        string[] names = ["express", "socket.io", "@socket.io/redis-adapter", "redis", "pg"];
        return string.Join(", ", names.Select(name =>
        {
            using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, name, "package.json")));
            return $"{name} {package.RootElement.GetProperty("version").GetString()}";
        }));
    }

    private static async Task<string> FirstLineAsync(
        string program, string argument, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, [argument])
        {
            RedirectStandardOutput = true, RedirectStandardError = true
        };
        // Debian installs servers there.
        start.Environment["PATH"] += ":/usr/sbin";
        try
        {
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return string.Create(
                CultureInfo.InvariantCulture, $"{(output.Length > 0 ? output : error).Split('\n')[0].Trim()}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "not found";
        }
    }
}
