using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Polls.Api.Http;
using Polls.Core.Accounts;
using Polls.Core.Sessions;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// <c>dotnet Polls.Api.dll accounts …</c>: what operators do for people who cannot do it themselves,
/// since no mail is sent.
/// </summary>
internal static class AccountsCommand
{
    private const string Usage =
        """
        accounts invite          prints a secret with which one person can register
        accounts reset EMAIL     prints a new password, turns the second factor off and signs the account out everywhere
        accounts delete EMAIL    deletes the account; its rooms stay, without an owner
        """;

    /// <summary>Runs the command and returns the exit code, 0 on success.</summary>
    public static async Task<int> RunAsync(WebApplication app, string[] args)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        switch (args)
        {
            case ["accounts", "invite"]:
                return await InviteAsync(services, app.Lifetime.ApplicationStopping);
            case ["accounts", "reset", var email]:
                return await WithAsync(services, email, async (accounts, account) =>
                {
                    var result = await ResetAsync(accounts, account);
                    await EndSessionsAsync(services, account);
                    return result;
                });
            case ["accounts", "delete", var email]:
                return await WithAsync(services, email, async (accounts, account) =>
                {
                    await EndSessionsAsync(services, account);
                    return await accounts.DeleteAsync(account);
                });
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }

    private static async Task<int> InviteAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (!(await services.GetRequiredService<AccountInvitations>().MakeAsync(by: null, cancellationToken))
            .Succeeded(out var made, out var refusal))
        {
            await Console.Error.WriteLineAsync(refusal.Detail);
            return 1;
        }

        var home = services.GetRequiredService<IOptions<PublicOptions>>().Value.BaseUrl is { } given
            ? RoomLinks.Base(given)
            : null;
        Console.WriteLine(home is null ? made.Secret : InvitationLink.ToRegister(home, made).Link);
        return 0;
    }

    private static async Task<int> WithAsync(
        IServiceProvider services, string email, Func<UserManager<AccountRow>, AccountRow, Task<IdentityResult>> work)
    {
        var accounts = services.GetRequiredService<UserManager<AccountRow>>();
        if (AccountEmail.Clean(email) is not { } name || await accounts.FindByNameAsync(name) is not { } account)
        {
            await Console.Error.WriteLineAsync("There is no such account.");
            return 1;
        }

        if (await work(accounts, account) is { Succeeded: false } result)
        {
            await Console.Error.WriteLineAsync(result.ToRefusal().Detail);
            return 1;
        }

        return 0;
    }

    // The new stamp alone would leave desks that are open connected until something changes in their rooms.
    private static Task EndSessionsAsync(IServiceProvider services, AccountRow account) =>
        services.GetRequiredService<AccountSessions>().EndAllAsync(account.Id, CancellationToken.None);

    private static async Task<IdentityResult> ResetAsync(UserManager<AccountRow> accounts, AccountRow account)
    {
        var password = Secret.Draw();
        (account.AuthenticatorKey, account.RecoveryCodes, account.TwoFactorEnabled) = (null, [], false);
        account.PasswordHash = accounts.PasswordHasher.HashPassword(account, password);
        // The new stamp is part of the same change.
        var result = await accounts.UpdateSecurityStampAsync(account);
        if (result.Succeeded)
        {
            Console.WriteLine(password);
        }

        return result;
    }
}
