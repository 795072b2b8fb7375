using System.Text;

namespace Polls.AppHost.Processes;

/// <summary>The log file of one part; <see cref="Tail"/> returns only lines written since <see cref="Mark"/>.</summary>
internal sealed class LogFile(string path)
{
    private const long MaxLength = 16 * 1024 * 1024;
    private const int TailBytes = 16 * 1024;
    private const int TailLines = 25;
    private long _mark;

    public string Path => path;

    /// <summary>Marks a new start. A log that is too long is first renamed to <c>.old</c>.</summary>
    public void Mark()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var length = File.Exists(path) ? new FileInfo(path).Length : 0;
        if (length > MaxLength)
        {
            File.Move(path, path + ".old", overwrite: true);
            length = 0;
        }

        _mark = length;
    }

    /// <summary>The last lines since the last mark.</summary>
    public string Tail()
    {
        try
        {
            using var stream = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Position = Math.Max(Math.Min(_mark, stream.Length), stream.Length - TailBytes);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            var lines = reader.ReadToEnd().TrimEnd().Split('\n');
            return string.Join('\n', lines.TakeLast(TailLines));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
