using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace Polls.Tests.Servers;

/// <summary>
/// The standard output and error of a program that runs inside the test process. Belongs to the flow of calls that
/// creates it, including the threads and tasks that they start, so that tests can run in parallel.
/// </summary>
internal sealed class CapturedConsole
{
    private static readonly AsyncLocal<CapturedConsole?> Current = new();
    private readonly StringBuilder output = new();
    private readonly StringBuilder error = new();

    public CapturedConsole() => Current.Value = this;

    public string Output => Read(output);

    public string Error => Read(error);

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "Before the first program asks for the streams.")]
    internal static void Begin()
    {
        Console.SetOut(new Switch(Console.Out, console => console.output));
        Console.SetError(new Switch(Console.Error, console => console.error));
    }

    private static string Read(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }

    /// <summary>Writes to the captured text of the current flow; without one, to the process's own stream.</summary>
    private sealed class Switch(TextWriter own, Func<CapturedConsole, StringBuilder> stream) : TextWriter
    {
        public override Encoding Encoding => own.Encoding;

        public override void Write(char value) => Write([value]);

        public override void Write(string? value) => Write(value.AsSpan());

        public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

        public override void Write(ReadOnlySpan<char> buffer)
        {
            if (Current.Value is not { } console)
            {
                own.Write(buffer);
                return;
            }

            var text = stream(console);
            lock (text)
            {
                text.Append(buffer);
            }
        }

        public override void Flush() => own.Flush();
    }
}
