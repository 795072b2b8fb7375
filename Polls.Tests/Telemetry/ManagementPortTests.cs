using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Polls.Api.Telemetry;

namespace Polls.Tests.Telemetry;

/// <summary>The management address never replaces a public one, however the addresses are configured.</summary>
public sealed class ManagementPortTests
{
    private const string Url = "http://127.0.0.1:9464";

    [Theory]
    [InlineData("urls", "http://127.0.0.1:8080;http://[::1]:8080", "http://127.0.0.1:8080;http://[::1]:8080;" + Url)]
    [InlineData("http_ports", "8080;8081", "http://*:8080;http://*:8081;" + Url)]
    [InlineData("https_ports", "8443", "https://*:8443;" + Url)]
    [InlineData("other", "", "http://localhost:5000;" + Url)]
    public void It_is_an_additional_address(string key, string value, string expected) =>
        Configured((key, value), ("Management:Url", Url))["urls"].ShouldBe(expected);

    [Fact]
    public void It_is_an_additional_endpoint_if_Kestrel_endpoints_are_configured()
    {
        var configuration = Configured(("Kestrel:Endpoints:Public:Url", "https://*:8443"), ("urls", "http://*:80"), ("Management:Url", Url));
        configuration["urls"].ShouldBe("http://*:80");
        configuration["Kestrel:Endpoints:Management:Url"].ShouldBe(Url);
        configuration["Kestrel:Endpoints:Public:Url"].ShouldBe("https://*:8443");
    }

    [Theory]
    [InlineData("")]
    [InlineData("https://127.0.0.1:9464")]
    public void Without_a_valid_management_address_nothing_changes(string url)
    {
        var configuration = Configured(("http_ports", "8080"), ("Management:Url", url));
        configuration["urls"].ShouldBeNullOrEmpty();
        configuration["http_ports"].ShouldBe("8080");
    }

    [Theory]
    [InlineData("http://127.0.0.1:9464", 9464)]
    [InlineData("http://*:9464", 9464)]
    [InlineData("http://[::]:9464/", 9464)]
    [InlineData("http://*:80", 80)]
    [InlineData(null, null)]
    [InlineData("", null)]
    public void The_port_is_read_from_an_address(string? url, int? port)
    {
        ManagementOptions.Check(url).ShouldBeNull();
        new ManagementOptions { Url = url }.Port.ShouldBe(port);
    }

    [Theory]
    [InlineData("9464")]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://127.0.0.1:0")]
    [InlineData("http://127.0.0.1:70000")]
    [InlineData("http://127.0.0.1:9464/metrics")]
    [InlineData("https://127.0.0.1:9464")]
    [InlineData("http://unix:/tmp/polls.sock")]
    public void An_address_without_its_own_port_is_refused(string url) => ManagementOptions.Check(url).ShouldNotBeNull();

    private static ConfigurationManager Configured(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddManagementPort();
        return builder.Configuration;
    }
}
