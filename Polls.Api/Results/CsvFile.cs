using System.Text.RegularExpressions;
using CsvHelper;
using Polls.Core.Tallies;

namespace Polls.Api.Results;

/// <summary>
/// A CSV file by RFC 4180 in UTF-8, with the mark that spreadsheets need to read UTF-8. No cell of it starts a formula,
/// also where a spreadsheet separates cells by semicolons or tabs: then a cell can start inside a text.
/// </summary>
internal sealed partial class CsvFile : IDisposable
{
    private const int SliceBytes = 32 * 1024;

    // What is written and not yet sent: CsvHelper writes synchronously, and a slow client must not hold a thread.
    private readonly MemoryStream slice = new();
    private readonly Stream to;
    private readonly CsvWriter csv;
    private readonly int width;

    /// <summary>Starts the file with its header.</summary>
    public CsvFile(Stream to, params string[] header)
    {
        this.to = to;
        csv = CsvWriter.Create(slice, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
        width = header.Length;
        csv.WriteHeader([.. header.Select(Guarded)]);
    }

    /// <summary>
    /// Writes a row: texts guarded, numbers with a point, times in UTC. Missing cells at the end are empty.
    /// </summary>
    public void Add(params object?[] cells)
    {
        foreach (var cell in cells.Concat(new object?[width - cells.Length]))
        {
            object? value = cell switch
            {
                string text => Guarded(text),
                DateTimeOffset time => time.UtcDateTime,
                Percentage share => share.ToString(),
                _ => cell,
            };
            csv.WriteField(value);
        }

        csv.EndRecord();
    }

    /// <summary>Sends what has been written, if it is worth it.</summary>
    public ValueTask SendAsync(CancellationToken cancellationToken) =>
        slice.Length < SliceBytes ? ValueTask.CompletedTask : SendAllAsync(cancellationToken);

    /// <summary>Sends the rest. The file is then complete.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        await csv.DisposeAsync();
        await SendAllAsync(cancellationToken);
    }

    private async ValueTask SendAllAsync(CancellationToken cancellationToken)
    {
        await to.WriteAsync(slice.GetBuffer().AsMemory(0, (int)slice.Length), cancellationToken);
        slice.SetLength(0);
    }

    /// <inheritdoc />
    public void Dispose() => csv.Dispose();

    private static string Guarded(string text) => FormulaStart().Replace(text, "$1'");

    // A sign that starts a formula, at the start of the text or of what another separator makes a cell. (A comma does
    // not: a text with commas is in quotes.) Spreadsheets read full-width and small signs as the plain ones.
    [GeneratedRegex("""((?:^|[;\t\r\n])[\s"]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫])""")]
    private static partial Regex FormulaStart();
}
