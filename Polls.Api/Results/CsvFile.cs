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
    private readonly MemoryStream file = new();
    private readonly CsvWriter csv;
    private readonly int width;

    /// <summary>Starts the file with its header.</summary>
    public CsvFile(params string[] header)
    {
        csv = CsvWriter.Create(file, CsvWriterOptions.Default with { WriteByteOrderMark = true }, leaveOpen: true);
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

    /// <summary>The bytes of the file, which is then complete.</summary>
    public byte[] ToArray()
    {
        csv.Dispose();
        return file.ToArray();
    }

    /// <inheritdoc />
    public void Dispose() => csv.Dispose();

    private static string Guarded(string text) => FormulaStart().Replace(text, "$1'");

    // A sign that starts a formula, at the start of the text or of what another separator makes a cell. (A comma does
    // not: a text with commas is in quotes.) Spreadsheets read full-width and small signs as the plain ones.
    [GeneratedRegex("""((?:^|[;\t\r\n])[\s"]*)(?=[=+\-@＝＋－＠﹦﹢﹣﹫])""")]
    private static partial Regex FormulaStart();
}
