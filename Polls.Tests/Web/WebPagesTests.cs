using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Polls.Tests.Journeys;

namespace Polls.Tests.Web;

/// <summary>
/// How the pages and their files are delivered: compressed, cached as long as possible, and with a strict policy.
/// </summary>
[Collection(nameof(TwoInstances))]
public sealed partial class WebPagesTests(TwoInstances cluster) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = cluster.A.Address, Timeout = TimeSpan.FromSeconds(30) };

    public static TheoryData<string> Pages => new("/", "/r/123456", "/host", "/host/123456", "/screen/123456");

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("BR", "br")]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("deflate", null)]
    [InlineData(null, null)]
    public async Task Everything_is_sent_in_the_smallest_encoding_that_the_browser_accepts(string? takes, string? coding)
    {
        foreach (var path in await LoadedByAsync("/"))
        {
            using var plain = await GetAsync(path);
            using var answer = await GetAsync(path, ("Accept-Encoding", takes));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentEncoding.ShouldBe(coding is null ? [] : [coding]);
            (answer.Content.Headers.ContentLength < plain.Content.Headers.ContentLength).ShouldBe(coding is not null);
            answer.Headers.Vary.ShouldContain("Accept-Encoding");
            await using var body = await answer.Content.ReadAsStreamAsync();
            await using Stream unpacked = coding switch
            {
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                "gzip" => new GZipStream(body, CompressionMode.Decompress),
                _ => body,
            };
            using var reader = new StreamReader(unpacked, Encoding.UTF8);
            (await reader.ReadToEndAsync()).ShouldBe(await plain.Content.ReadAsStringAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_revalidated_each_time_and_sent_again_only_if_it_has_changed(string page)
    {
        using var first = await GetAsync(page);
        first.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        first.Headers.CacheControl!.ToString().ShouldBe("no-cache");
        first.Headers.Vary.ShouldContain("Accept-Language");

        using var again = await GetAsync(page, ("If-None-Match", first.Headers.ETag!.ToString()));
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await again.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        using var other = await GetAsync(page, ("If-None-Match", "W/\"another\""));
        other.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Files_of_a_page_can_be_cached_forever(string page)
    {
        var assets = (await LoadedByAsync(page)).Skip(1).ToList();
        assets.Select(Path.GetExtension).ShouldBe([".svg", ".css", ".js"], ignoreOrder: true);
        foreach (var asset in assets)
        {
            asset.ShouldMatch("-([0-9a-f]{12}|[0-9A-Z]{8})\\.", "the name identifies the content");
            using var answer = await GetAsync(asset);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_has_no_inline_code_and_loads_nothing_from_other_origins(string page)
    {
        var html = await http.GetStringAsync(new Uri(page, UriKind.Relative));
        Script().Matches(html).Select(script => script.Value).ShouldBe(
            ["<script id=\"texts\" type=\"application/json\">", $"<script type=\"module\" src=\"{Script().Matches(html)[^1].Groups["src"].Value}\">"]);
        html.ShouldNotContain("<style");
        html.ShouldNotMatch("\\s(on[a-z]+|style)=\"");
        // Browsers do not load these.
        AddressTag().Replace(html, "").ShouldNotContain("//", Case.Insensitive);
    }

    [Theory]
    [InlineData("/assets/phone-000000000000.js")]
    [InlineData("/assets/..%2fpages%2fphone.en.html")]
    [InlineData("/assets/")]
    [InlineData("/pages/phone.en.html")]
    [InlineData("/wwwroot/pages/phone.en.html")]
    [InlineData("/r/123456/more")]
    public async Task Other_addresses_are_not_found(string path)
    {
        using var answer = await GetAsync(path, ("Accept-Encoding", "br"));
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString().ShouldBe("notFound");
        answer.Headers.CacheControl?.ToString().ShouldNotContain("immutable");
    }

    [Fact]
    public async Task The_icon_that_browsers_ask_for_by_themselves_is_an_icon_file()
    {
        using var answer = await GetAsync("/favicon.ico", ("Accept-Encoding", "br"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("image/x-icon");
        answer.Headers.CacheControl!.ToString().ShouldBe("public, max-age=86400");
        CarriesTheRules(answer);
        var icon = await answer.Content.ReadAsByteArrayAsync();
        icon[..6].ShouldBe(new byte[] { 0, 0, 1, 0, 3, 0 }, "an icon file with three pictures");
        for (var i = 0; i < 3; i++)
        {
            var entry = icon.AsMemory(6 + (16 * i), 16);
            var (length, offset) = (BitConverter.ToInt32(entry.Span[8..]), BitConverter.ToInt32(entry.Span[12..]));
            var (width, height) = PngSize(icon.AsSpan(offset, length));
            (width, height).ShouldBe((entry.Span[0], entry.Span[1]));
        }
    }

    [Fact]
    public async Task The_icon_of_a_home_screen_is_a_picture_of_its_size_without_transparent_corners()
    {
        using var answer = await GetAsync("/apple-touch-icon.png");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("image/png");
        CarriesTheRules(answer);
        var icon = await answer.Content.ReadAsByteArrayAsync();
        PngSize(icon).ShouldBe((180, 180));
        // The first chunk of pixels, after its header of 41 bytes: no filter, then red, green, blue and alpha of the corner.
        await using var pixels = new ZLibStream(new MemoryStream(icon[41..]), CompressionMode.Decompress);
        var corner = new byte[5];
        await pixels.ReadExactlyAsync(corner);
        corner.ShouldBe(new byte[] { 0, 0x4b, 0x3f, 0xf2, 255 });
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/r/482913")]
    [InlineData("/R/482913?utm_source=mail")]
    [InlineData("/join/482913")]
    [InlineData("/r/482913/more")]
    [InlineData("/r/\"><script>")]
    public async Task A_shared_link_has_a_preview_with_an_absolute_address_of_its_picture(string shared)
    {
        using var answer = await GetAsync(shared, ("Accept", "text/html"));
        var html = await answer.Content.ReadAsStringAsync();
        Tag("og:title").ShouldBe("Join a session · Polls");
        Tag("og:description").ShouldNotBeNullOrWhiteSpace();
        Tag("twitter:card").ShouldBe("summary");
        using var image = await GetAsync(new Uri(Tag("og:image")).AbsolutePath);
        Tag("og:image").ShouldStartWith($"{http.BaseAddress}assets/");
        image.Content.Headers.ContentType!.ToString().ShouldBe("image/png");
        image.Headers.CacheControl!.ToString().ShouldBe("public, max-age=31536000, immutable");
        PngSize(await image.Content.ReadAsByteArrayAsync()).ShouldBe((256, 256));

        string Tag(string name) => Regex.Matches(html, $"<meta (?:property|name)=\"{name}\" content=\"([^\"]*)\">").ShouldHaveSingleItem().Groups[1].Value;
    }

    [Fact]
    public async Task A_preview_tells_nothing_about_the_room()
    {
        var room = await cluster.A.CreateRoomAsync("Salaries of the board");
        using var known = await GetAsync($"/r/{room.Code}");
        using var unknown = await GetAsync("/r/000000");
        var html = await known.Content.ReadAsStringAsync();
        html.ShouldNotContain("Salaries");
        html.ShouldBe(await unknown.Content.ReadAsStringAsync());
        using var again = await GetAsync($"/r/{room.Code}", ("If-None-Match", unknown.Headers.ETag!.ToString()));
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task The_hosts_pages_have_no_preview()
    {
        foreach (var page in new[] { "/host", "/host/482913", "/screen/482913" })
        {
            (await http.GetStringAsync(new Uri(page, UriKind.Relative))).ShouldNotContain("og:");
        }
    }

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("HEAD", "/r/123456", 200)]
    [InlineData("GET", "/screen/123456?lang=de", 200)]
    [InlineData("GET", "/api/rooms/{room}", 200)]
    [InlineData("GET", "/api/rooms/{room}/qr.svg", 200)]
    [InlineData("GET", "/health/ready", 200)]
    [InlineData("GET", "/assets/nothing.js", 404)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("GET", "/api/rooms/999999999", 404)]
    [InlineData("GET", "/api/rooms/{room}/state", 401)]
    [InlineData("GET", "/hubs/room", 401)]
    [InlineData("POST", "/api/rooms", 400)]
    [InlineData("POST", "/", 405)]
    [InlineData("DELETE", "/api/rooms", 405)]
    public async Task Every_response_has_the_security_headers(string method, string path, int status)
    {
        var room = await cluster.A.CreateRoomAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{room}", room.Code, StringComparison.Ordinal));
        if (method == "POST")
        {
            request.Content = new StringContent("{", Encoding.UTF8, "application/json");
        }

        using var answer = await http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(status);
        CarriesTheRules(answer);
        if (method == "HEAD")
        {
            (await answer.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task A_response_without_a_body_has_the_security_headers_too()
    {
        using var first = await GetAsync("/");
        using var again = await GetAsync("/", ("If-None-Match", first.Headers.ETag!.ToString()));
        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        CarriesTheRules(again);
    }

    public void Dispose() => http.Dispose();

    private static void CarriesTheRules(HttpResponseMessage answer)
    {
        string Header(string name) => answer.Headers.GetValues(name).ShouldHaveSingleItem();
        var policy = Header("Content-Security-Policy").Split("; ").Select(rule => rule.Split(' ', 2)).ToDictionary(rule => rule[0], rule => rule[1]);
        policy.ShouldBe(new Dictionary<string, string>
        {
            ["default-src"] = "'none'", ["script-src"] = "'self'", ["style-src"] = "'self'", ["img-src"] = "'self' data:",
            ["connect-src"] = "'self'", ["worker-src"] = "'self'", ["base-uri"] = "'none'", ["form-action"] = "'none'",
            ["frame-ancestors"] = "'none'",
        }, ignoreOrder: true);
        Header("X-Content-Type-Options").ShouldBe("nosniff");
        Header("Referrer-Policy").ShouldBe("no-referrer");
        Header("Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        Header("Cross-Origin-Resource-Policy").ShouldBe("same-origin");
        Header("Permissions-Policy").ShouldContain("camera=()");
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    /// <summary>The page itself, then the files that it references.</summary>
    private async Task<IReadOnlyList<string>> LoadedByAsync(string page)
    {
        var html = await http.GetStringAsync(new Uri(page, UriKind.Relative));
        return [page, .. Asset().Matches(html).Select(match => match.Value)];
    }

    private async Task<HttpResponseMessage> GetAsync(string path, params (string Name, string? Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await http.SendAsync(request);
    }

    private static (int Width, int Height) PngSize(ReadOnlySpan<byte> png)
    {
        png[..8].SequenceEqual<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]).ShouldBeTrue();
        return (BinaryPrimitives.ReadInt32BigEndian(png[16..]), BinaryPrimitives.ReadInt32BigEndian(png[20..]));
    }

    // An absolute address is not loaded by the page.
    [GeneratedRegex("(?<=\")/assets/[^\"]+")]
    private static partial Regex Asset();

    [GeneratedRegex("<meta property=\"og:image\" [^>]+>")]
    private static partial Regex AddressTag();

    [GeneratedRegex("<script[^>]*?(src=\"(?<src>/assets/[^\"]+)\")?>")]
    private static partial Regex Script();
}
