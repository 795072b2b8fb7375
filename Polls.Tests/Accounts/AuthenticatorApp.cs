using Polls.Api.Accounts;
using Polls.Tests.Clients;
using Polls.Tests.Servers;

namespace Polls.Tests.Accounts;

/// <summary>The authenticator app on a host's phone: generates codes of the shared key, each only once.</summary>
internal sealed class AuthenticatorApp(string key)
{
    // By then a request has arrived, on a busy machine too.
    private const int SecondsOnTheWay = 12;
    private long step;

    /// <summary>
    /// The code of the next time step that the server accepts: one early and one late code are accepted too. Codes that
    /// are about to expire are left out; if no other is left, waits for the next.
    /// </summary>
    public string Next()
    {
        step = Math.Max(step + 1, ((DateTimeOffset.UtcNow.ToUnixTimeSeconds() + SecondsOnTheWay) / 30) - 1);
        SpinWait.SpinUntil(() => step <= (DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30) + 1, Until.Limit).ShouldBeTrue();
        return OneTimeCodes.Code(key, step);
    }

    /// <summary>An expired code.</summary>
    public string Old() => OneTimeCodes.Code(key, step - 1000);

    /// <summary>Enables two-factor authentication; the response has the recovery codes and new tokens.</summary>
    public static async Task<(AuthenticatorApp App, TwoFactorState State)> SetUpAsync(TestApi api, string token)
    {
        var before = await ChangeAsync(api, token, new { });
        before.IsTwoFactorEnabled.ShouldBeFalse();
        var app = new AuthenticatorApp(before.SharedKey!);
        return (app, await ChangeAsync(api, token, new { enable = true, twoFactorCode = app.Next() }));
    }

    public static Task<TwoFactorState> ChangeAsync(TestApi api, string token, object change) =>
        api.SendAsync<TwoFactorState>(HttpMethod.Post, "/api/accounts/manage/2fa", token, change);
}
