using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Polls.Tests.Results;

/// <summary>Reads a workbook as its format says, without the library that wrote it.</summary>
internal static class Workbook
{
    private static readonly XNamespace Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static readonly XNamespace Relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>The sheets in order; a cell is a text, a number or null. There must be no formula.</summary>
    public static List<(string Name, List<object?[]> Rows)> Read(byte[] file)
    {
        using var zip = new ZipArchive(new MemoryStream(file));
        var paths = Load(zip, "xl/_rels/workbook.xml.rels").Root!.Elements().ToDictionary(link => link.Attribute("Id")!.Value, link => link.Attribute("Target")!.Value);
        return [.. Load(zip, "xl/workbook.xml").Descendants(Main + "sheet").Select(sheet =>
        {
            var page = Load(zip, paths[sheet.Attribute(Relation + "id")!.Value].TrimStart('/'));
            page.Descendants(Main + "f").ShouldBeEmpty();
            return (sheet.Attribute("name")!.Value, page.Descendants(Main + "row").Select(row => row.Elements(Main + "c").Select(Cell).ToArray()).ToList());
        })];
    }

    /// <summary>The time of a cell.</summary>
    public static DateTimeOffset Time(object? cell) => new(DateTime.FromOADate((double)cell!), TimeSpan.Zero);

    private static object? Cell(XElement cell) => cell.Attribute("t")?.Value switch
    {
        "inlineStr" => Regex.Replace(
            string.Concat(cell.Descendants(Main + "t").Select(text => text.Value)), "_x([0-9A-Fa-f]{4})_",
            match => $"{(char)int.Parse(match.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)}"),
        null or "n" => cell.Element(Main + "v") is { } number ? double.Parse(number.Value, CultureInfo.InvariantCulture) : null,
        var other => throw new InvalidOperationException($"A cell of type {other}."),
    };

    private static XDocument Load(ZipArchive zip, string path)
    {
        using var part = zip.GetEntry(path)!.Open();
        return XDocument.Load(part, LoadOptions.PreserveWhitespace);
    }
}
