using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;

namespace Polls.Api.Web;

/// <summary>Serves the web pages: phone, host's desk and big screen (source in <c>Polls.Web</c>).</summary>
public static class WebPages
{
    /// <summary>The language of the pages when the requested one does not exist.</summary>
    private const string DefaultLanguage = "en";

    /// <summary>The page whose links people share.</summary>
    private const string Phone = "phone";

    private static readonly PathString[] NotForPeople = ["/api", "/hubs", "/health", "/openapi", "/assets"];

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps the pages and what they load.</summary>
    public static IEndpointRouteBuilder MapWebPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/").ExcludeFromDescription()
            .ForAnyone("the pages contain no data; the data that they show requires a token")
            .Unlimited("files from memory; nginx limits them");
        foreach (var (path, page) in new[]
        {
            ("/", Phone), ("/r/{code}", Phone), ("/host", "host"), ("/host/{code}", "host"),
            ("/screen/{code}", "screen"),
        })
        {
            pages.MapMethods(path, Methods, (HttpContext http, WebFiles files, SharedPages shared) =>
                Page(http, files, shared, page));
        }

        pages.MapMethods(
            "/sw.js", Methods, (HttpContext http, WebFiles files) => Send(http, files.Find("sw.js"), "no-cache"));
        foreach (var icon in new[] { "favicon.ico", "apple-touch-icon.png" })
        {
            pages.MapMethods($"/{icon}", Methods, (HttpContext http, WebFiles files) =>
                Send(http, files.Find(icon), "public, max-age=86400"));
        }

        pages.MapMethods("/assets/{name}", Methods, (string name, HttpContext http, WebFiles files) =>
            Send(http, files.Find($"assets/{name}"), "public, max-age=31536000, immutable"));
        return routes;
    }

    /// <summary>
    /// Answers a person who has opened an address that does not exist with the page on which a code can be entered. The
    /// page fills in the code that the address contains. Programs do not ask for HTML and get a problem.
    /// </summary>
    public static IApplicationBuilder UseEntryPage(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        await next(http);
        if (http.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false, ContentType: null }
            && Methods.Contains(http.Request.Method)
            && !NotForPeople.Any(prefix => http.Request.Path.StartsWithSegments(prefix, StringComparison.Ordinal))
            && http.Request.GetTypedHeaders().Accept.Any(type => type.MediaType == "text/html"))
        {
            http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
            var services = http.RequestServices;
            await Page(
                http, services.GetRequiredService<WebFiles>(), services.GetRequiredService<SharedPages>(), Phone)
                .ExecuteAsync(http);
        }
    });

    private static Results<FileContentHttpResult, ProblemHttpResult> Page(
        HttpContext http, WebFiles files, SharedPages shared, string page)
    {
        http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptLanguage);
        var name = $"pages/{page}.{LanguageOf(http.Request, files)}.html";
        return Send(http, page == Phone ? shared.Find(name, http) : files.Find(name), "no-cache");
    }

    private static Results<FileContentHttpResult, ProblemHttpResult> Send(
        HttpContext http, WebFile? file, string caching)
    {
        if (file is null)
        {
            return Problems.NoSuchAddress();
        }

        var (content, coding) = file.For(http.Request);
        var headers = http.Response.Headers;
        headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
        headers.CacheControl = caching;
        if (coding is not null)
        {
            headers.ContentEncoding = coding;
        }

        return TypedResults.Bytes(content, file.ContentType, entityTag: file.Tag);
    }

    /// <summary>The language requested in the URL, else the browser's preferred one of those that exist.</summary>
    private static string LanguageOf(HttpRequest request, WebFiles files)
    {
        if (request.Query["lang"].ToString() is { Length: > 0 } asked && Find(asked, files) is { } chosen)
        {
            return chosen;
        }

        return request.GetTypedHeaders().AcceptLanguage
            .Where(value => value.Quality is not 0)
            .OrderByDescending(value => value.Quality ?? 1)
            .Select(value => Find(value.Value.ToString(), files))
            .FirstOrDefault(language => language is not null) ?? DefaultLanguage;
    }

    // 'pt-BR' is served by 'pt'.
    private static string? Find(string tag, WebFiles files) =>
        files.Languages.FirstOrDefault(language =>
            tag.Split('-')[0].Equals(language, StringComparison.OrdinalIgnoreCase));
}
