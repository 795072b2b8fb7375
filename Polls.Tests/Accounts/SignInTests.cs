using System.Net;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Polls.Api.Accounts;
using Polls.Tests.Clients;
using Polls.Tests.Journeys;

namespace Polls.Tests.Accounts;

/// <summary>Registering and signing in, and the protection against impostors.</summary>
[Collection(nameof(TwoInstances))]
public sealed class SignInTests(TwoInstances cluster)
{
    private static readonly (HttpStatusCode, string?) Failed = (HttpStatusCode.Unauthorized, "account.signInFailed");

    [Fact]
    public async Task A_host_registers_signs_in_elsewhere_refreshes_and_changes_the_password()
    {
        var email = TestApi.NewEmail();
        var registered = await cluster.A.RegisterAsync(email);
        registered.ExpiresIn.ShouldBe(3600);
        (await InfoAsync(cluster.B, registered)).Email.ShouldBe(email);

        var signedIn = await cluster.B.SignInAsync(email.ToUpperInvariant());
        var refreshed = await cluster.A.SendAsync<AccessTokenResponse>(
            HttpMethod.Post, "/api/accounts/refresh", null, new { refreshToken = signedIn.RefreshToken });
        (await InfoAsync(cluster.B, refreshed)).Email.ShouldBe(email);

        var changed = await cluster.A.SendAsync<AccessTokenResponse>(
            HttpMethod.Post, "/api/accounts/manage/info", refreshed.AccessToken, new { oldPassword = TestApi.Password, newPassword = "another horse battery" });
        (await LogInAsync(email, TestApi.Password)).ShouldBe(Failed);
        await InfoAsync(cluster.B, await cluster.B.SignInAsync(email, "another horse battery"));
        await InfoAsync(cluster.B, changed);
        foreach (var old in (AccessTokenResponse[])[registered, signedIn, refreshed])
        {
            await RevokedAsync(old);
        }
    }

    [Fact]
    public async Task Signing_out_everywhere_makes_every_token_worthless_at_once_on_every_instance()
    {
        var email = TestApi.NewEmail();
        AccessTokenResponse[] tokens = [await cluster.A.RegisterAsync(email), await cluster.B.SignInAsync(email)];
        using (var answer = await cluster.A.SendAsync(HttpMethod.Post, "/api/accounts/logout-everywhere", tokens[0].AccessToken, null))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }

        foreach (var token in tokens)
        {
            await RevokedAsync(token);
        }

        await InfoAsync(cluster.A, await cluster.A.SignInAsync(email));
    }

    [Fact]
    public async Task Changing_the_security_stamp_in_the_database_revokes_the_tokens()
    {
        var email = TestApi.NewEmail();
        var tokens = await cluster.A.RegisterAsync(email);
        await cluster.Cluster.Postgres.ExecuteAsync($"UPDATE accounts SET security_stamp = 'another' WHERE email = '{email}'");
        await RevokedAsync(tokens);
    }

    [Fact]
    public async Task After_ten_wrong_passwords_at_once_the_right_one_gets_the_same_refusal_until_the_lockout_ends()
    {
        var email = TestApi.NewEmail();
        await cluster.A.RegisterAsync(email);
        (await Task.WhenAll(Enumerable.Range(0, 12).Select(i => LogInAsync(email, $"wrong password {i}", i % 2 == 0 ? cluster.A : cluster.B))))
            .ShouldAllBe(answer => answer.Equals(Failed));
        (await cluster.CountAsync($"SELECT attempts FROM accounts WHERE email = '{email}'")).ShouldBe(10, "the other attempts were not even checked");
        (await LogInAsync(email, TestApi.Password)).ShouldBe(Failed);

        await cluster.Cluster.Postgres.ExecuteAsync($"UPDATE accounts SET attempted_at = attempted_at - interval '15 minutes' WHERE email = '{email}'");
        await cluster.B.SignInAsync(email);
        (await cluster.CountAsync($"SELECT attempts FROM accounts WHERE email = '{email}'")).ShouldBe(0);
    }

    [Fact]
    public async Task The_second_factor_is_required_and_each_code_is_valid_once()
    {
        var email = TestApi.NewEmail();
        var first = await cluster.A.RegisterAsync(email);
        var (app, state) = await AuthenticatorApp.SetUpAsync(cluster.A, first.AccessToken);
        (state.IsTwoFactorEnabled, state.SharedKey, state.RecoveryCodesLeft).ShouldBe((true, null, 10));
        await RevokedAsync(first);
        await InfoAsync(cluster.B, state.Tokens!);

        (await LogInAsync(email, TestApi.Password)).ShouldBe((HttpStatusCode.Unauthorized, "account.codeRequired"));
        var code = app.Next();
        await SignInAsync(new { email, password = TestApi.Password, twoFactorCode = code });
        (await LogInAsync(new { email, password = TestApi.Password, twoFactorCode = code })).ShouldBe(Failed, "the code was used");
        (await LogInAsync(new { email, password = TestApi.Password, twoFactorCode = app.Old() })).ShouldBe(Failed);
        (await LogInAsync(new { email, password = "wrong password", twoFactorCode = app.Next() })).ShouldBe(Failed);

        var recovery = state.RecoveryCodes![0];
        var recovered = await SignInAsync(new { email, password = TestApi.Password, twoFactorRecoveryCode = recovery });
        (await LogInAsync(new { email, password = TestApi.Password, twoFactorRecoveryCode = recovery })).ShouldBe(Failed, "the code was used");
        (await cluster.CountAsync($"SELECT count(*) FROM accounts WHERE '{recovery}' = ANY (recovery_codes) OR authenticator_key LIKE '%{state.SharedKey ?? "none"}%'")).ShouldBe(0);

        // Disabling it needs a code too.
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/manage/2fa", recovered.AccessToken, new { enable = false }))
            .ShouldBe((HttpStatusCode.Unauthorized, "account.codeRequired"));
        var off = await AuthenticatorApp.ChangeAsync(cluster.A, recovered.AccessToken, new { enable = false, twoFactorRecoveryCode = state.RecoveryCodes[1] });
        (off.IsTwoFactorEnabled, off.RecoveryCodesLeft).ShouldBe((false, 0));
        await cluster.B.SignInAsync(email);
    }

    [Fact]
    public async Task Attempts_at_the_second_factor_are_limited_for_somebody_who_knows_the_password()
    {
        var email = TestApi.NewEmail();
        var (app, _) = await AuthenticatorApp.SetUpAsync(cluster.A, (await cluster.A.RegisterAsync(email)).AccessToken);
        for (var attempt = 0; attempt < 10; attempt++)
        {
            (await LogInAsync(new { email, password = TestApi.Password, twoFactorCode = app.Old() })).ShouldBe(Failed);
            // Providing the password again does not reset the attempts.
            await LogInAsync(email, TestApi.Password);
        }

        (await LogInAsync(new { email, password = TestApi.Password, twoFactorCode = app.Next() })).ShouldBe(Failed);
    }

    [Theory]
    [InlineData("short", "account.badPassword")]
    [InlineData("password12", "account.badPassword")]
    [InlineData("Password1!", "account.badPassword")]
    [InlineData("1234567890", "account.badPassword")]
    [InlineData("aaaaaaaaaaaaaaa", "account.badPassword")]
    [InlineData("taken@polls.example", "account.badPassword")]
    [InlineData("", "account.badPassword")]
    public async Task Common_passwords_are_refused(string password, string code) =>
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/register", null, new { email = "taken@polls.example", password }))
            .ShouldBe((HttpStatusCode.BadRequest, code));

    [Theory]
    [InlineData("nobody")]
    [InlineData("@polls.example")]
    [InlineData("host@")]
    [InlineData("a@b@c")]
    [InlineData("a b@polls.example")]
    [InlineData("a\0b@polls.example")]
    [InlineData("")]
    public async Task An_invalid_e_mail_address_is_not_an_account_name(string email)
    {
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/register", null, new { email, password = TestApi.Password }))
            .ShouldBe((HttpStatusCode.BadRequest, "account.badEmail"));
        (await LogInAsync(email, TestApi.Password)).ShouldBe(Failed);
    }

    [Fact]
    public async Task A_name_is_taken_once_whatever_its_case_also_by_many_at_once()
    {
        var email = TestApi.NewEmail();
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => (i % 2 == 0 ? cluster.A : cluster.B).RefusalAsync(
            HttpMethod.Post, "/api/accounts/register", null, new { email = i == 3 ? email.ToUpperInvariant() : email, password = TestApi.Password })));
        answers.Count(answer => answer.Status == HttpStatusCode.OK).ShouldBe(1);
        answers.Count(answer => answer == (HttpStatusCode.Conflict, "account.emailTaken")).ShouldBe(3);
    }

    [Fact]
    public async Task A_wrong_old_password_and_a_weak_new_one_change_nothing()
    {
        var tokens = await cluster.A.RegisterAsync();
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/manage/info", tokens.AccessToken,
            new { oldPassword = "wrong password", newPassword = "another horse battery" })).ShouldBe(Failed);
        (await cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/manage/info", tokens.AccessToken,
            new { oldPassword = TestApi.Password, newPassword = "short" })).ShouldBe((HttpStatusCode.BadRequest, "account.badPassword"));
        await InfoAsync(cluster.A, tokens);
    }

    [Fact]
    public async Task Neither_passwords_nor_tokens_are_in_the_log()
    {
        var email = TestApi.NewEmail();
        const string password = "a-password-of-this-test-only";
        var tokens = await cluster.A.SendAsync<AccessTokenResponse>(HttpMethod.Post, "/api/accounts/register", null, new { email, password });
        await LogInAsync(email, password + "-wrong");
        await SignInAsync(new { email, password });
        await cluster.A.SendAsync<AccessTokenResponse>(HttpMethod.Post, "/api/accounts/refresh", null, new { refreshToken = tokens.RefreshToken });
        var logs = string.Concat(Directory.EnumerateFiles(cluster.Cluster.DataDirectory, "*.log", SearchOption.AllDirectories).Select(Read));
        logs.ShouldContain("PostgreSQL is ready", customMessage: "these are the logs");
        foreach (var secret in (string[])[password, tokens.AccessToken, tokens.RefreshToken, email])
        {
            logs.ShouldNotContain(secret);
        }

        static string Read(string log)
        {
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            return reader.ReadToEnd();
        }
    }

    private static Task<AccountInfo> InfoAsync(TestApi api, AccessTokenResponse tokens) =>
        api.SendAsync<AccountInfo>(HttpMethod.Get, "/api/accounts/manage/info", tokens.AccessToken);

    private async Task RevokedAsync(AccessTokenResponse tokens)
    {
        (await cluster.B.RefusalAsync(HttpMethod.Post, "/api/accounts/refresh", null, new { refreshToken = tokens.RefreshToken }))
            .ShouldBe((HttpStatusCode.Unauthorized, "auth.required"));
        (await cluster.B.RefusalAsync(HttpMethod.Get, "/api/accounts/rooms", tokens.AccessToken)).ShouldBe((HttpStatusCode.Unauthorized, "auth.required"));
    }

    private Task<(HttpStatusCode, string?)> LogInAsync(string email, string password, TestApi? api = null) =>
        (api ?? cluster.A).RefusalAsync(HttpMethod.Post, "/api/accounts/login", null, new { email, password });

    private Task<(HttpStatusCode, string?)> LogInAsync(object credentials) =>
        cluster.A.RefusalAsync(HttpMethod.Post, "/api/accounts/login", null, credentials);

    private Task<AccessTokenResponse> SignInAsync(object credentials) =>
        cluster.A.SendAsync<AccessTokenResponse>(HttpMethod.Post, "/api/accounts/login", null, credentials);
}
