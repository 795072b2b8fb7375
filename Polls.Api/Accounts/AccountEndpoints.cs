using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Accounts;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Registers, signs in, refreshes tokens and changes accounts. The paths are those of Identity's API endpoints;
/// docs/decisions/0007-accounts.md says why these endpoints are our own.
/// </summary>
public static class AccountEndpoints
{
    /// <summary>Maps <c>/api/accounts</c>.</summary>
    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/api/accounts").WithTags("Accounts")
            .ForAnyone("callers have no access token yet; the endpoint checks the refresh token itself")
            .LimitedByAddress(RateClass.SignIn);
        open.MapPost("/register", RegisterAsync)
            .WithName("register").WithSummary("Creates an account. The response contains its tokens.");
        open.MapPost("/login", LoginAsync)
            .WithName("signIn").WithSummary("Signs in. The response contains the tokens.");
        open.MapPost("/refresh", RefreshAsync)
            .WithName("refreshTokens").WithSummary("Issues new tokens for a refresh token.");
        routes.MapGet("/api/accounts/settings", Settings).WithTags("Accounts").WithName("readAccountSettings")
            .WithSummary("Who may register and create rooms.")
            .ForAnyone("the sign-in form shows it").LimitedByAddress(RateClass.FindRoom);

        var mine = routes.MapGroup("/api/accounts").WithTags("Accounts").OnlyForAccounts().Limited(RateClass.Account);
        mine.MapPost("/logout-everywhere", LogOutEverywhereAsync).WithName("signOutEverywhere")
            .WithSummary("Revokes all tokens of the account, on all devices.");
        mine.MapPost("/invitations", InviteAsync)
            .WithName("inviteToRegister").WithSummary("Creates a link with which one person can register.");
        mine.MapGet("/manage/info", InfoAsync).WithName("readAccount").WithSummary("The account.");
        mine.MapPost("/manage/info", ChangePasswordAsync).WithName("changePassword")
            .WithSummary("Changes the password and revokes all earlier tokens. The response contains new ones.");
        mine.MapPost("/manage/2fa", TwoFactor.ChangeAsync).WithName("changeTwoFactor")
            .WithSummary("Reads, sets up, turns on and off the second factor.");
        return routes;
    }

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> RegisterAsync(
        Registration body, UserManager<AccountRow> accounts, AccountInvitations invitations, AccountTokens tokens,
        IOptions<AccountOptions> options, TimeProvider clock, HttpContext http, CancellationToken cancellationToken)
    {
        var invited = options.Value.MayRegister == "invited";
        if (options.Value.MayRegister == "nobody")
        {
            return AccountProblems.RegistrationClosed.ToProblem(http);
        }

        if (invited && !await invitations.IsGoodAsync(body.Invitation, cancellationToken))
        {
            return Refusals.InvitationNotGood.ToProblem(http);
        }

        if (AccountEmail.Clean(body.Email) is not { } email)
        {
            return AccountProblems.BadEmail.ToProblem(http);
        }

        var account = new AccountRow { Id = Guid.CreateVersion7(clock.GetUtcNow()), Email = email };
        if (await accounts.CreateAsync(account, body.Password ?? "") is { Succeeded: false } result)
        {
            return result.ToRefusal().ToProblem(http);
        }

        if (invited && !await invitations.TakeAsync(body.Invitation, cancellationToken))
        {
            // The same invitation was used by a concurrent request.
            await accounts.DeleteAsync(account);
            return Refusals.InvitationNotGood.ToProblem(http);
        }

        return TypedResults.Ok(tokens.Issue(account));
    }

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> LoginAsync(
        Credentials body, SignIn signIn, AccountTokens tokens, HttpContext http, CancellationToken cancellationToken) =>
        (await signIn.CheckAsync(body, cancellationToken)).Succeeded(out var account, out var refusal)
            ? TypedResults.Ok(tokens.Issue(account))
            : refusal.ToProblem(http);

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> RefreshAsync(
        RefreshTokens body, UserManager<AccountRow> accounts, AccountTokens tokens, HttpContext http) =>
        tokens.ReadRefresh(body.RefreshToken) is { } caller
        && await accounts.FindByIdAsync(caller.Id.ToString()) is { } account && account.SecurityStamp == caller.Stamp
            ? TypedResults.Ok(tokens.Issue(account))
            : AccountAccess.Required.ToProblem(http);

    private static Ok<AccountSettings> Settings(IOptions<AccountOptions> options) =>
        TypedResults.Ok(new AccountSettings(options.Value.MayCreateRooms, options.Value.MayRegister));

    private static async Task<Results<NoContent, ProblemHttpResult>> LogOutEverywhereAsync(
        AccountCaller caller, UserManager<AccountRow> accounts, HttpContext http) =>
        await accounts.FindByIdAsync(caller.Id.ToString()) is not { } account ? AccountAccess.Required.ToProblem(http)
        : await accounts.UpdateSecurityStampAsync(account) is { Succeeded: false } result
            ? result.ToRefusal().ToProblem(http)
        : TypedResults.NoContent();

    private static async Task<Results<Ok<InvitationLink>, ProblemHttpResult>> InviteAsync(
        AccountCaller caller, AccountInvitations invitations, IOptions<AccountOptions> options, RoomLinks links,
        HttpContext http, CancellationToken cancellationToken)
    {
        if (options.Value.MayRegister == "nobody")
        {
            return AccountProblems.RegistrationClosed.ToProblem(http);
        }

        return links.Home(http).Succeeded(out var home, out var refusal)
            && (await invitations.MakeAsync(caller.Id, cancellationToken)).Succeeded(out var made, out refusal)
                ? TypedResults.Ok(InvitationLink.ToRegister(home, made))
                : refusal.ToProblem(http);
    }

    private static async Task<Results<Ok<AccountInfo>, ProblemHttpResult>> InfoAsync(
        AccountCaller caller, UserManager<AccountRow> accounts, HttpContext http) =>
        await accounts.FindByIdAsync(caller.Id.ToString()) is { } account
            ? TypedResults.Ok(new AccountInfo(account.Id, account.Email, account.TwoFactorEnabled))
            : AccountAccess.Required.ToProblem(http);

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> ChangePasswordAsync(
        PasswordChange body, AccountCaller caller, UserManager<AccountRow> accounts, SignIn signIn,
        AccountTokens tokens, HttpContext http, CancellationToken cancellationToken)
    {
        if (await accounts.FindByIdAsync(caller.Id.ToString()) is not { } account)
        {
            return AccountAccess.Required.ToProblem(http);
        }

        var refusal = await signIn.AttemptAsync(
            account,
            async () =>
                await accounts.ChangePasswordAsync(
                    account, body.OldPassword ?? "", body.NewPassword ?? "") is { Succeeded: false } result
                    ? result.ToRefusal()
                    : null,
            cancellationToken);
        return refusal is null ? TypedResults.Ok(tokens.Issue(account)) : refusal.ToProblem(http);
    }
}

/// <summary>A request to register.</summary>
/// <param name="Email">The name to sign in with. No mail is sent to it.</param>
/// <param name="Password">At least ten characters.</param>
/// <param name="Invitation">Required if only invited people may register.</param>
public sealed record Registration(string? Email, string? Password, string? Invitation);

/// <summary>A refresh token.</summary>
public sealed record RefreshTokens(string? RefreshToken);

/// <summary>Who may create rooms and register.</summary>
public sealed record AccountSettings(string MayCreateRooms, string MayRegister);

/// <summary>An account.</summary>
public sealed record AccountInfo(Guid AccountId, string Email, bool IsTwoFactorEnabled);

/// <summary>A new password, together with the present one.</summary>
public sealed record PasswordChange(string? OldPassword, string? NewPassword);

/// <summary>An invitation link. The part after the # is never sent to a server.</summary>
public sealed record InvitationLink(Guid Id, string Invitation, Uri Link, DateTimeOffset ExpiresAt)
{
    internal static InvitationLink ToRegister(Uri home, Invitation made) =>
        new(made.Id, made.Secret, new Uri(home, $"host#register={made.Secret}"), made.ExpiresAt);

    internal static InvitationLink ToHost(Uri home, Invitation made) =>
        new(made.Id, made.Secret, new Uri(home, $"host#cohost={made.Secret}"), made.ExpiresAt);
}
