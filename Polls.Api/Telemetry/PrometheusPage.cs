using System.Globalization;
using System.Text;

namespace Polls.Api.Telemetry;

/// <summary>
/// A page in Prometheus' text format, version 0.0.4, as it is written and then sent. Its buffer grows to what a page needs
/// and is used again for the next one.
/// </summary>
internal sealed class PrometheusPage
{
    private byte[] buffer = new byte[32 * 1024];
    private int length;

    /// <summary>What was written so far.</summary>
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>When it was written, as a timestamp.</summary>
    public long WrittenAt { get; set; }

    /// <summary>How many answers are being sent from it.</summary>
    public int Readers { get; set; }

    public void Clear() => length = 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        length += bytes.Length;
    }

    public void Write(string text) => length += Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));

    public void Write(long value)
    {
        value.TryFormat(Room(20), out var written, provider: CultureInfo.InvariantCulture);
        length += written;
    }

    public void Write(double value)
    {
        if (!double.IsFinite(value))
        {
            Write(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8);
            return;
        }

        value.TryFormat(Room(32), out var written, provider: CultureInfo.InvariantCulture);
        length += written;
    }

    /// <summary>A label's value, in its quotes.</summary>
    public void WriteLabelValue(object? value)
    {
        Write("\""u8);
        switch (value)
        {
            case string text:
                WriteEscaped(text, quotes: true);
                break;
            case bool truth:
                Write(truth ? "true"u8 : "false"u8);
                break;
            case int number:
                Write(number);
                break;
            case long number:
                Write(number);
                break;
            default:
                WriteEscaped(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "", quotes: true);
                break;
        }

        Write("\""u8);
    }

    /// <summary>Text whose line ends and backslashes are written as escapes, and quotes too where it stands in quotes.</summary>
    public void WriteEscaped(string text, bool quotes)
    {
        var special = quotes ? "\\\n\"" : "\\\n";
        if (text.AsSpan().IndexOfAny(special) < 0)
        {
            Write(text);
            return;
        }

        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        Write(quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped);
    }

    private Span<byte> Room(int size)
    {
        if (buffer.Length - length < size)
        {
            Array.Resize(ref buffer, Math.Max(buffer.Length * 2, length + size));
        }

        return buffer.AsSpan(length);
    }
}
