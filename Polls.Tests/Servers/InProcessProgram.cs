using Polls.Api.Http;
using Polls.AppHost.Processes;

namespace Polls.Tests.Servers;

/// <summary>
/// Runs the product inside the test process, from its entry point to its exit code: the same code as in a process of
/// its own, without the time to start one.
/// </summary>
internal static class InProcessProgram
{
    /// <summary>The command <c>migrate</c>.</summary>
    public static Task<ToolResult> MigrateAsync(params (string Name, string Value)[] settings) => RunAsync(["migrate"], settings);

    /// <summary>Runs until the program exits. Settings are passed as arguments, such as <c>--Votes:Writers=99</c>.</summary>
    public static async Task<ToolResult> RunAsync(string[] command, params (string Name, string Value)[] settings)
    {
        var console = new CapturedConsole();
        string[] arguments =
        [
            .. command, "--applicationName=Polls.Api", $"--contentRoot={Repository.PathOf("Polls.Api")}",
            .. settings.Select(setting => $"--{setting.Name}={setting.Value}"),
        ];
        // On its own thread, which waits until the program has ended.
        var exitCode = await Task.Factory.StartNew(
            () => (int)typeof(RoomLinks).Assembly.EntryPoint!.Invoke(null, [arguments])!,
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Until.Limit);
        return new(exitCode, console.Output, console.Error);
    }
}
