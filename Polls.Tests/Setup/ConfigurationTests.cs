using Polls.Api.Http;
using Polls.Api.Setup;
using Polls.Tests.Servers;

namespace Polls.Tests.Setup;

/// <summary>
/// An invalid value stops the start before anything is awaited or migrated, and the message says what to set.
/// <see cref="SecretTests"/> has a process that exits for such a reason.
/// </summary>
public sealed class ConfigurationTests
{
    [Theory]
    [InlineData("Votes:Writers", "99", "Votes:Writers must be between 1 and 16.")]
    [InlineData("Tokens:LifetimeDays", "0", "Tokens:LifetimeDays must be between 1 and 365.")]
    [InlineData("Accounts:MayCreateRooms", "me", "Accounts:MayCreateRooms must be anyone or accounts.")]
    [InlineData("Accounts:MayRegister", "everyone", "Accounts:MayRegister must be anyone, invited or nobody.")]
    [InlineData("Accounts:AccessTokenMinutes", "0", "Accounts:AccessTokenMinutes must be between 1 and 1440.")]
    [InlineData("Accounts:RefreshTokenDays", "1000", "Accounts:RefreshTokenDays must be between 1 and 365.")]
    [InlineData("Accounts:PasswordIterations", "9999", "Accounts:PasswordIterations must be between 10000 and 10000000.")]
    [InlineData("Public:BaseUrl", "polls", "Public:BaseUrl must be an absolute address such as https://polls.example, or absent.")]
    [InlineData("FanOut:MaxIntervalMilliseconds", "40", "FanOut:MinIntervalMilliseconds must not be above FanOut:MaxIntervalMilliseconds.")]
    [InlineData("Instance:Id", "a b", "Instance:Id must be 1 to 64 letters")]
    [InlineData("Database:MinPoolSize", "many", "Database:MinPoolSize")]
    [InlineData("Management:Url", "9464", "Management:Url must be an address such as http://127.0.0.1:9464 or http://*:9464, or absent.")]
    [InlineData("Management:Url", "http://127.0.0.1:5000", "Management:Url must use a port that no public address uses.")]
    [InlineData("Connections:Max", "0", "Connections:Max must be between 1 and 1000000.")]
    [InlineData("Cors:Origins", "https://a.example, b.example", "Cors:Origins must list origins such as https://slides.example, separated by commas, each beginning with http:// or https:// and without a path or *; this is not one: b.example.")]
    [InlineData("Tracing:SampleRatio", "1.5", "Tracing:SampleRatio must be between 0 and 1, such as 0.01 for one request in a hundred.")]
    [InlineData("Tracing:SampleRatio", "NaN", "Tracing:SampleRatio must be between 0 and 1")]
    [InlineData("ConnectionStrings:Polls", "", "Set ConnectionStrings:Polls")]
    [InlineData("ConnectionStrings:Redis", "ssl=perhaps", "ConnectionStrings:Redis cannot be read")]
    public async Task A_wrong_value_stops_the_start_and_says_what_to_set(string setting, string value, string complaint)
    {
        // No server listens there, so waiting for it would never succeed.
        var refused = await InProcessProgram.RunAsync([], ("ConnectionStrings:Polls", "Host=127.0.0.1;Port=1;Database=polls;Username=polls"), (setting, value));
        refused.ExitCode.ShouldBe(1);
        refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldHaveSingleItem().ShouldContain(complaint);
    }

    [Theory]
    [InlineData("https://polls.example", "https://polls.example/r/123456")]
    [InlineData("https://polls.example/", "https://polls.example/r/123456")]
    [InlineData("http://hall.example:8080/votes", "http://hall.example:8080/votes/r/123456")]
    public void Links_stay_below_the_path_that_a_proxy_serves(string baseUrl, string link) =>
        RoomLinks.Join(RoomLinks.Base(baseUrl)!, "123456").AbsoluteUri.ShouldBe(link);

    [Theory]
    [InlineData("http://")]
    [InlineData("ftp://polls.example")]
    [InlineData("https://polls.example?x=1")]
    [InlineData("//polls.example")]
    public void An_invalid_page_address_is_refused(string baseUrl) => PublicOptions.Check(baseUrl).ShouldNotBeNull();

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("https://*.example")]
    [InlineData("https://*")]
    [InlineData("ws://slides.example")]
    [InlineData("file:///slides")]
    [InlineData("https://slides.example/deck")]
    [InlineData("https://slides.example?x=1")]
    [InlineData("https://slides.example#x")]
    [InlineData("https://me@slides.example")]
    [InlineData("//slides.example")]
    public void An_invalid_origin_is_refused(string origin) => CrossOriginOptions.Check($"https://other.example,{origin}").ShouldNotBeNull().ErrorMessage!.ShouldEndWith($": {origin}.");

    [Theory]
    [InlineData("")]
    [InlineData("https://slides.example")]
    [InlineData("https://slides.example/ http://127.0.0.1:5173")]
    [InlineData("https://[::1]:8443,https://bücher.example")]
    public void One_or_several_origins_are_accepted(string origins) => CrossOriginOptions.Check(origins).ShouldBeNull();
}
