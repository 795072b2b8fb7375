using System.Collections.Concurrent;
using System.Text.Json;

namespace Polls.Bench.Load;

/// <summary>
/// Runs the load client as a separate process: reads commands from standard input, writes answers to standard output.
/// </summary>
internal static class LoadProcess
{
    public static int Run()
    {
        var engine = new Engine();
        var commands = new ConcurrentQueue<string>();
        var ended = false;
        var reader = new Thread(() =>
        {
            while (Console.ReadLine() is { } line)
            {
                commands.Enqueue(line);
            }

            // The parent process has exited.
            Volatile.Write(ref ended, true);
        })
        { IsBackground = true };
        reader.Start();
        while (!Volatile.Read(ref ended))
        {
            if (commands.TryDequeue(out var line))
            {
                Console.WriteLine(JsonSerializer.Serialize(Do(engine, JsonSerializer.Deserialize<LoadCommand>(line)!)));
            }

            // People stay connected between commands: answer pings and read messages.
            engine.RunOnce(10);
        }

        return 0;
    }

    private static LoadAnswer Do(Engine engine, LoadCommand command) => command.Do switch
    {
        "connect" => engine.Connect(command),
        "closed" => engine.Closed(command),
        "open" => engine.Open(command),
        "spread" => engine.Spread(command),
        "quiet" => engine.Quiet(command),
        "leave" => engine.Leave(),
        "receipts" => engine.Receipts(command),
        _ => throw new ArgumentException($"Unknown command '{command.Do}'.", nameof(command)),
    };
}
