using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polls.Api.Http;
using Polls.Api.Web;

namespace Polls.Tests.Web;

/// <summary>The language that a browser gets, of those in the build: here English, Portuguese and Arabic.</summary>
public sealed class LanguageTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("polls-pages-").FullName;
    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private WebApplication app = null!;

    public async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.Combine(folder, "pages"));
        foreach (var language in new[] { "pt", "en", "ar" })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "pages", $"phone.{language}.html"), language);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new WebFiles(folder));
        builder.Services.AddSingleton<RoomLinks>();
        builder.Services.AddSingleton<SharedPages>();
        app = builder.Build();
        app.MapWebPages();
        await app.StartAsync();
        http.BaseAddress = new Uri(app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(null, "en")]
    [InlineData("pt", "pt")]
    [InlineData("pt-BR", "pt")]
    [InlineData("PT-br,pt;q=0.9,en;q=0.8", "pt")]
    [InlineData("ar-EG", "ar")]
    [InlineData("en;q=0.2, ar;q=0.9, pt;q=0.4", "ar")]
    [InlineData("en;q=0.2, ar;q=0, pt;q=0.4", "pt")]
    [InlineData("nl, pt;q=0.5", "pt")]
    [InlineData("nl, ja;q=0.5", "en")]
    [InlineData("de", "en")]
    [InlineData("*", "en")]
    [InlineData("nl, *;q=0.5", "en")]
    [InlineData("ptx", "en")]
    [InlineData("not a language!", "en")]
    public async Task A_browser_gets_its_preferred_available_language(string? accepts, string language) =>
        (await GetAsync("/", accepts)).ShouldBe(language);

    [Theory]
    [InlineData("/?lang=ar", "ar")]
    [InlineData("/r/123456?lang=ar", "ar")]
    [InlineData("/?lang=ar-EG", "ar")]
    [InlineData("/?lang=AR", "ar")]
    [InlineData("/?lang=nl", "pt")]
    [InlineData("/?lang=", "pt")]
    [InlineData("/?lang=../en", "pt")]
    public async Task The_address_may_ask_for_a_language(string address, string language) =>
        (await GetAsync(address, "pt")).ShouldBe(language);

    [Fact]
    public async Task Each_language_is_a_page_of_its_own_for_caches()
    {
        using var english = await http.GetAsync(new Uri("/?lang=en", UriKind.Relative));
        using var arabic = await http.GetAsync(new Uri("/?lang=ar", UriKind.Relative));
        english.Headers.ETag.ShouldNotBe(arabic.Headers.ETag);
    }

    private async Task<string> GetAsync(string address, string? accepts)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (accepts is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", accepts);
        }

        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }
}
