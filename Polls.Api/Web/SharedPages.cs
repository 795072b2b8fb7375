using System.Net;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Polls.Api.Http;

namespace Polls.Api.Web;

/// <summary>
/// The phone's pages with the address of the picture that messengers show beside a shared link, which must be absolute.
/// The tags say nothing about the room: a messenger's server has no right to its title.
/// </summary>
public sealed class SharedPages(WebFiles files, RoomLinks links) : IDisposable
{
    /// <summary>Without a configured address, clients choose the host that they ask for.</summary>
    private const int MostAddresses = 256;

    private readonly MemoryCache pages = new(new MemoryCacheOptions { SizeLimit = MostAddresses });

    /// <summary>The page of this name for the address of the request, or null.</summary>
    public WebFile? Find(string name, HttpContext http)
    {
        if (files.Find(name) is not { } page || files.Preview is not { } image
            || !links.Home(http).Succeeded(out var home, out _))
        {
            return files.Find(name);
        }

        return pages.GetOrCreate((name, home), entry =>
        {
            entry.Size = 1;
            var address = WebUtility.HtmlEncode(new Uri(home, image).AbsoluteUri);
            return page.With(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(page.Plain).Replace(
                "</head>", $"<meta property=\"og:image\" content=\"{address}\">\n</head>", StringComparison.Ordinal)));
        });
    }

    /// <inheritdoc/>
    public void Dispose() => pages.Dispose();
}
