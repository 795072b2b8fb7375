using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Caching.Memory;
using Polls.Api.Http;

namespace Polls.Api.Web;

/// <summary>
/// The phone's pages with the tags that depend on their address. Messengers show a picture beside a shared link and
/// need absolute addresses. The tags say nothing about the room: a messenger's server has no right to its title.
/// </summary>
public sealed partial class SharedPages(WebFiles files, RoomLinks links) : IDisposable
{
    /// <summary>Anyone can ask for any number of addresses.</summary>
    private const int MostAddresses = 256;

    private readonly MemoryCache pages = new(new MemoryCacheOptions { SizeLimit = MostAddresses });

    /// <summary>The page of this name for the address of the request, or null.</summary>
    public WebFile? Find(string name, HttpContext http)
    {
        if (files.Find(name) is not { } page || !links.Home(http).Succeeded(out var home, out _))
        {
            return files.Find(name);
        }

        var code = Code().Match(http.Request.Path.Value ?? "");
        var address = code.Success ? RoomLinks.Join(home, code.Value) : home;
        return pages.GetOrCreate((name, address), entry =>
        {
            entry.Size = 1;
            return WithTags(page, home, address);
        });
    }

    /// <inheritdoc/>
    public void Dispose() => pages.Dispose();

    private WebFile WithTags(WebFile page, Uri home, Uri address)
    {
        var tags = Tag("og:url", address) + (files.Preview is { } image ? Tag("og:image", new Uri(home, image)) : "");
        return page.With(Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(page.Plain).Replace("</head>", $"{tags}</head>", StringComparison.Ordinal)));
    }

    private static string Tag(string name, Uri content) =>
        $"<meta property=\"{name}\" content=\"{WebUtility.HtmlEncode(content.AbsoluteUri)}\">\n";

    [GeneratedRegex(@"(?<![0-9])[0-9]{6}(?![0-9])")]
    private static partial Regex Code();
}
