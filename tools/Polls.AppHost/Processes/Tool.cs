using System.ComponentModel;
using System.Diagnostics;

namespace Polls.AppHost.Processes;

/// <summary>Runs short-lived commands such as <c>initdb</c>.</summary>
internal static class Tool
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    public static async Task<ToolResult> RunAsync(
        string file, IEnumerable<string> arguments, string input = "",
        IReadOnlyDictionary<string, string>? environment = null, CancellationToken cancellationToken = default)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        // PostgreSQL variables of the user (PGSERVICE, PGSSLMODE, ...) must not affect ours.
        foreach (var name in start.Environment.Keys
            .Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        using var process = Run(start);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await WriteAsync(process, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StartFailedException($"'{file}' did not exit within {Limit.TotalSeconds:0} s.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static async Task WriteAsync(Process process, string input, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It exited without reading all input; its exit code and output say why.
        }
    }

    private static Process Run(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new StartFailedException($"'{start.FileName}' cannot be run: {missing.Message}", missing);
        }
    }
}

/// <summary>The result of a <see cref="Tool"/>.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public ToolResult OrThrow(string what) => ExitCode == 0
        ? this
        : throw new StartFailedException($"{what} failed with exit code {ExitCode}.\n{Error}{Output}".TrimEnd());
}
