using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Polls.Api.Http;

/// <summary>Proxies whose forwarded headers are trusted. Bound from the section <c>Proxy</c>.</summary>
public sealed record ProxyOptions
{
    /// <summary>
    /// Addresses and networks (<c>10.0.0.0/8</c>), separated by commas or spaces. Only from these the last entry of
    /// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c>, which the proxy itself wrote, is used. Empty: from no
    /// proxy.
    /// </summary>
    [CustomValidation(typeof(ProxyOptions), nameof(Check))]
    public string Trusted { get; set; } = "";

    internal IEnumerable<IPNetwork> Networks => Entries.Select(entry => Parse(entry)!.Value);

    private IEnumerable<string> Entries =>
        Trusted.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Accepts addresses and networks.</summary>
    public static ValidationResult? Check(string trusted)
    {
        var bad = new ProxyOptions { Trusted = trusted }.Entries.Where(entry => Parse(entry) is null).ToList();
        return bad.Count == 0 ? ValidationResult.Success : new ValidationResult(
            "Proxy:Trusted must list addresses or networks such as 10.0.0.0/8, parted by commas; this is none: "
                + $"{string.Join(", ", bad)}.");
    }

    private static IPNetwork? Parse(string entry) =>
        IPNetwork.TryParse(entry, out var network) ? network
        : IPAddress.TryParse(entry, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}

/// <summary>Configures the framework's forwarded-headers middleware by <see cref="ProxyOptions"/>.</summary>
internal static class TrustedProxies
{
    public static void AddTrustedProxies(this IServiceCollection services)
    {
        services.AddOptions<ProxyOptions>().BindConfiguration("Proxy").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ProxyOptions>>((headers, proxies) =>
        {
            headers.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            headers.ForwardLimit = 1;
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var network in proxies.Value.Networks)
            {
                headers.KnownIPNetworks.Add(network);
            }
        });
    }
}
