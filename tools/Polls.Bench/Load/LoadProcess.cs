using System.Collections.Concurrent;
using System.Text.Json;

namespace Polls.Bench.Load;

/// <summary>The load client as a process of its own: commands come on the standard input, answers go to the standard output.</summary>
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

            // Whoever started this has gone.
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

            // Between commands people stay: pings are answered, and what comes is read.
            engine.Turn(10);
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
