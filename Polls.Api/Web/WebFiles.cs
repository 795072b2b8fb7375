using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Polls.Api.Web;

/// <summary>
/// The output of the build of <c>Polls.Web</c> with its compressed forms, in memory: less than a megabyte, read once,
/// so that serving many phones needs neither disk access nor compression.
/// </summary>
public sealed class WebFiles
{
    private static readonly Dictionary<string, string> ContentTypes = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8", [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml", [".png"] = "image/png", [".ico"] = "image/x-icon",
    };

    private readonly FrozenDictionary<string, WebFile> files;

    /// <summary>Reads the folder <c>wwwroot</c> next to the program; without it there are no pages.</summary>
    public WebFiles()
        : this(Path.Combine(AppContext.BaseDirectory, "wwwroot"))
    {
    }

    internal WebFiles(string folder)
    {
        files = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(path => ContentTypes.ContainsKey(Path.GetExtension(path)))
                .ToFrozenDictionary(
                    path => Path.GetRelativePath(folder, path).Replace('\\', '/'), Read, StringComparer.Ordinal)
            : FrozenDictionary<string, WebFile>.Empty;
        Languages = [.. files.Keys.Where(path => path.StartsWith("pages/phone.", StringComparison.Ordinal))
            .Select(path => path.Split('.')[1])];
        Preview = files.Keys.FirstOrDefault(path => path.StartsWith("assets/preview-", StringComparison.Ordinal));
    }

    /// <summary>The languages that the pages were built in.</summary>
    public IReadOnlyList<string> Languages { get; }

    /// <summary>The path of the picture that messengers show beside a link.</summary>
    public string? Preview { get; }

    /// <summary>A file by its path in the folder, such as <c>assets/phone-1a2b.js</c>, or null.</summary>
    public WebFile? Find(string path) => files.GetValueOrDefault(path);

    private static WebFile Read(string path)
    {
        var plain = File.ReadAllBytes(path);
        return new WebFile(
            ContentTypes[Path.GetExtension(path)], WebFile.TagOf(plain), plain, ReadIfThere(path + ".br"),
            ReadIfThere(path + ".gz"));
    }

    private static byte[]? ReadIfThere(string path) => File.Exists(path) ? File.ReadAllBytes(path) : null;
}

/// <summary>A file and its compressed forms. The entity tag is weak because all forms share it.</summary>
public sealed record WebFile(string ContentType, EntityTagHeaderValue Tag, byte[] Plain, byte[]? Brotli, byte[]? Gzip)
{
    /// <summary>
    /// The smallest form that the client accepts and its content coding; null for the uncompressed form.
    /// </summary>
    public (byte[] Content, string? Coding) For(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        bool Takes(string coding) =>
            accepted.Any(value =>
                value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0);
        return Brotli is not null && Takes("br") ? (Brotli, "br")
            : Gzip is not null && Takes("gzip") ? (Gzip, "gzip")
            : (Plain, null);
    }

    /// <summary>
    /// The file with another content. A client waits for it: the best quality of Brotli, 11, would save a further
    /// eighth of a page with a few kilobytes, but takes many milliseconds.
    /// </summary>
    public WebFile With(byte[] plain)
    {
        const int BrotliQuality = 5;
        const int BrotliWindow = 18;
        var brotli = new byte[BrotliEncoder.GetMaxCompressedLength(plain.Length)];
        var isCompressed = BrotliEncoder.TryCompress(plain, brotli, out var length, BrotliQuality, BrotliWindow);
        using var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.SmallestSize))
        {
            stream.Write(plain);
        }

        return new WebFile(ContentType, TagOf(plain), plain, isCompressed ? brotli[..length] : null, gzip.ToArray());
    }

    internal static EntityTagHeaderValue TagOf(byte[] content) =>
        new($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\"", isWeak: true);
}
