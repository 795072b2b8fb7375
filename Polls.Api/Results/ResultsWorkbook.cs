using System.Globalization;
using System.Text.RegularExpressions;
using Polls.Core.Kinds;
using Polls.Core.Tallies;
using SpreadCheetah;
using SpreadCheetah.Styling;
using SpreadCheetah.Worksheets;

namespace Polls.Api.Results;

/// <summary>
/// Results as a workbook: a summary, then a sheet per poll with a row per vote. It is written row by row, so the memory
/// that it takes does not grow with the number of votes. Texts are cells of text, which no program runs as formulas.
/// </summary>
internal sealed partial class ResultsWorkbook
{
    /// <summary>The content type of workbooks.</summary>
    public const string ContentType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    // What Excel can read.
    private const int MostRows = 1_048_576;
    private const int MostText = 32_767;
    private const int MostName = 31;

    private static readonly string[] OfVote = ["participant", "nickname", "revision", "castAt", "answer"];

    private readonly Spreadsheet book;
    private readonly StyleId bold;
    private readonly StyleId percent;
    private readonly List<string> names = [];
    private string name = "";
    private string[] header = [];

    private ResultsWorkbook(Spreadsheet book)
    {
        this.book = book;
        bold = book.AddStyle(new Style { Font = new Font { Bold = true } });
        percent = book.AddStyle(new Style { Format = NumberFormat.Standard(StandardNumberFormat.Percent) });
    }

    /// <summary>Writes the workbook.</summary>
    /// <param name="to">Where to. Some of it is written synchronously.</param>
    /// <param name="source">What to write.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public static async Task WriteAsync(Stream to, ExportSource source, CancellationToken cancellationToken)
    {
        var polls = source.Polls;
        var options = new SpreadCheetahOptions
        {
            DefaultDateTimeFormat = NumberFormat.Custom("yyyy-mm-dd hh:mm:ss"), PreserveStringWhitespace = true,
        };
        await using var book = await Spreadsheet.CreateNewAsync(to, options, cancellationToken);
        var workbook = new ResultsWorkbook(book);
        var summary = new SummaryTable(polls);
        await workbook.StartSheetAsync("Summary", summary.Header, cancellationToken);
        foreach (var poll in polls)
        {
            foreach (var row in summary.Rows(poll with { Counted = await source.EntriesAsync(poll) }))
            {
                await workbook.AddAsync(row, cancellationToken);
            }
        }

        foreach (var poll in polls)
        {
            var kind = PollKinds.Get(poll.Poll.Kind);
            await workbook.StartSheetAsync(
                $"{poll.Poll.Position + 1} {poll.Poll.Question}", [.. OfVote, .. kind.Columns(poll.Texts)],
                cancellationToken);
            await foreach (var vote in source.VotesOf(poll).WithCancellation(cancellationToken))
            {
                await workbook.AddAsync(
                    [
                        vote.ParticipantId.ToString(), vote.Nickname, vote.Revision, vote.CastAt,
                        vote.Readable(kind, poll.Texts),
                        .. kind.InColumns(poll.Texts, vote),
                    ],
                    cancellationToken);
            }
        }

        await book.FinishAsync(cancellationToken);
    }

    private async Task StartSheetAsync(string title, string[] columns, CancellationToken cancellationToken)
    {
        (name, header) = (title, columns);
        await book.StartWorksheetAsync(SheetName(title), new WorksheetOptions { FrozenRows = 1 }, cancellationToken);
        await book.AddHeaderRowAsync(Array.ConvertAll(columns, Text), bold, cancellationToken);
    }

    /// <summary>Adds a row, on a further sheet of the same name if this one is full.</summary>
    private async Task AddAsync(object?[] cells, CancellationToken cancellationToken)
    {
        if (book.NextRowNumber > MostRows)
        {
            await StartSheetAsync(name, header, cancellationToken);
        }

        await book.AddRowAsync(Array.ConvertAll(cells, CellOf), cancellationToken);
    }

    private Cell CellOf(object? value) => value switch
    {
        null => default,
        int number => new Cell(number),
        decimal number => new Cell(number),
        // Times have no zone in a workbook: they are UTC, as in the CSV.
        DateTimeOffset time => new Cell(time.UtcDateTime),
        Percentage { Bound: "" } share => new Cell(share.Value / 100m, percent),
        _ => new Cell(Text(value.ToString()!)),
    };

    /// <summary>A text as a cell can have it: without what XML forbids, and not too long.</summary>
    internal static string Text(string text)
    {
        var clean = Escape().Replace(Forbidden().Replace(LineEnd().Replace(text, "\n"), "\uFFFD"), "_x005F_");
        return clean.Length <= MostText ? clean
            : clean[..(char.IsHighSurrogate(clean[MostText - 1]) ? MostText - 1 : MostText)];
    }

    /// <summary>A name for a sheet that no other one has, in any letter case.</summary>
    private string SheetName(string title)
    {
        var clean = NotInNames().Replace(Forbidden().Replace(title, " "), " ");
        var sheet = Cut(clean, MostName);
        for (var i = 2; names.Contains(sheet, StringComparer.OrdinalIgnoreCase); i++)
        {
            var ending = string.Create(CultureInfo.InvariantCulture, $" ({i})");
            sheet = Cut(clean, MostName - ending.Length) + ending;
        }

        names.Add(sheet);
        return sheet;
    }

    /// <summary>As many whole characters as fit, without an apostrophe at the end.</summary>
    private static string Cut(string text, int most)
    {
        var length = 0;
        while (length < text.Length
            && StringInfo.GetNextTextElementLength(text, length) is var next && length + next <= most)
        {
            length += next;
        }

        return text[..length].TrimEnd(' ', '\'');
    }

    // Control characters, noncharacters and halves of surrogate pairs.
    [GeneratedRegex(
        """[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])"""
            + """|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]""")]
    private static partial Regex Forbidden();

    [GeneratedRegex("""\r\n?""")]
    private static partial Regex LineEnd();

    // Spreadsheets read _x0041_ as A.
    [GeneratedRegex("""_(?=x[0-9A-Fa-f]{4}_)""")]
    private static partial Regex Escape();

    [GeneratedRegex("""[\[\]:*?/\\\t\r\n\x7F]""")]
    private static partial Regex NotInNames();
}
