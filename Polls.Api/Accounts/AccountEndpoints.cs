using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Polls.Api.Http;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core;
using Polls.Core.Accounts;
using Polls.Core.Rooms;
using Polls.Core.Sessions;
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
            .ForAnyone("callers may have no valid access token; the endpoint checks the refresh token itself")
            .LimitedByAddress(RateClass.SignIn);
        open.MapPost("/register", RegisterAsync)
            .WithName("register").WithSummary("Creates an account. The response contains its tokens.");
        open.MapPost("/login", LoginAsync)
            .WithName("signIn").WithSummary("Signs in. The response contains the tokens.");
        open.MapPost("/refresh", RefreshAsync)
            .WithName("refreshTokens").WithSummary("Issues new tokens for a refresh token, which works once.");
        open.MapPost("/logout", LogOutAsync)
            .WithName("signOut").WithSummary("Ends the session of a refresh token: all its tokens are revoked.");
        routes.MapGet("/api/accounts/settings", Settings).WithTags("Accounts").WithName("readAccountSettings")
            .WithSummary("Who may register and create rooms.")
            .ForAnyone("the sign-in form shows it").LimitedByAddress(RateClass.FindRoom);

        var mine = routes.MapGroup("/api/accounts").WithTags("Accounts").OnlyForAccounts().Limited(RateClass.Account);
        mine.MapGet("/sessions", SessionsAsync).WithName("listSessions")
            .WithSummary("Where the account is signed in, the latest use first.");
        mine.MapDelete("/sessions/{sessionId}", EndSessionAsync).WithName("endSession")
            .WithSummary("Ends a session: its tokens are revoked.");
        mine.MapPost("/logout-everywhere", LogOutEverywhereAsync).WithName("signOutEverywhere")
            .WithSummary("Revokes all tokens of the account, on all devices.");
        mine.MapPost("/invitations", InviteAsync)
            .WithName("inviteToRegister").WithSummary("Creates a link with which one person can register.");
        mine.MapGet("/manage/info", InfoAsync).WithName("readAccount").WithSummary("The account.");
        mine.MapPost("/manage/info", ChangePasswordAsync).WithName("changePassword")
            .WithSummary("Changes the password and revokes all earlier tokens. The response contains new ones.");
        mine.MapPost("/manage/2fa", TwoFactor.ChangeAsync).WithName("changeTwoFactor")
            .WithSummary("Reads, sets up, turns on and off the second factor.");
        mine.MapPost("/delete", DeleteAsync).WithName("deleteAccount")
            .WithSummary("Deletes the account and, if wanted, all its rooms, permanently.");
        return routes;
    }

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> RegisterAsync(
        Registration body, UserManager<AccountRow> accounts, AccountInvitations invitations, AccountTokens tokens,
        PasswordWork hashing, IOptions<AccountOptions> options, TimeProvider clock, HttpContext http,
        CancellationToken cancellationToken)
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
        var created = await hashing.RunAsync<AccountRow>(
            async () => await accounts.CreateAsync(account, body.Password ?? "") is { Succeeded: false } result
                ? result.ToRefusal()
                : account,
            cancellationToken);
        if (created.Refusal is { } refusal)
        {
            return refusal.ToProblem(http);
        }

        if (invited && !await invitations.TakeAsync(body.Invitation, cancellationToken))
        {
            // The same invitation was used by a concurrent request.
            await accounts.DeleteAsync(account);
            return Refusals.InvitationNotGood.ToProblem(http);
        }

        return await StartSessionAsync(account, tokens, http, cancellationToken);
    }

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> LoginAsync(
        Credentials body, SignIn signIn, AccountTokens tokens, HttpContext http, CancellationToken cancellationToken) =>
        (await signIn.CheckAsync(body, cancellationToken)).Succeeded(out var account, out var refusal)
            ? await StartSessionAsync(account, tokens, http, cancellationToken)
            : refusal.ToProblem(http);

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> StartSessionAsync(
        AccountRow account, AccountTokens tokens, HttpContext http, CancellationToken cancellationToken) =>
        (await tokens.StartSessionAsync(account, http, cancellationToken)).Succeeded(out var issued, out var refusal)
            ? TypedResults.Ok(issued)
            : refusal.ToProblem(http);

    private static async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> RefreshAsync(
        RefreshTokens body, AccountTokens tokens, HttpContext http, CancellationToken cancellationToken) =>
        (await tokens.RenewAsync(body.RefreshToken, cancellationToken)).Succeeded(out var fresh, out var refusal)
            ? TypedResults.Ok(fresh)
            : refusal.ToProblem(http);

    private static Ok<AccountSettings> Settings(IOptions<AccountOptions> options) =>
        TypedResults.Ok(new AccountSettings(options.Value.MayCreateRooms, options.Value.MayRegister));

    private static async Task<NoContent> LogOutAsync(
        RefreshTokens body, AccountTokens tokens, CancellationToken cancellationToken)
    {
        await tokens.EndSessionAsync(body.RefreshToken, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<NoContent> LogOutEverywhereAsync(
        AccountCaller caller, AccountSessions sessions, CancellationToken cancellationToken)
    {
        await sessions.EndAllAsync(caller.Id, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<SessionList>> SessionsAsync(
        AccountCaller caller, AccountSessions sessions, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SessionList(caller.Session, await sessions.ListAsync(caller.Id, cancellationToken)));

    private static async Task<Results<NoContent, ProblemHttpResult>> EndSessionAsync(
        Guid sessionId, AccountCaller caller, AccountSessions sessions, HttpContext http,
        CancellationToken cancellationToken) =>
        await sessions.EndAsync(caller.Id, sessionId, cancellationToken)
            ? TypedResults.NoContent()
            : AccountProblems.SessionNotFound.ToProblem(http);

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
        PasswordChange body, AccountCaller caller, UserManager<AccountRow> accounts,
        IPasswordValidator<AccountRow> rules, SignIn signIn, AccountTokens tokens, HttpContext http,
        CancellationToken cancellationToken)
    {
        if (await accounts.FindByIdAsync(caller.Id.ToString()) is not { } account)
        {
            return AccountAccess.Required.ToProblem(http);
        }

        // First, because it needs no secret: a weak password must not use up a code.
        if (await rules.ValidateAsync(accounts, account, body.NewPassword) is { Succeeded: false } weak)
        {
            return weak.ToRefusal().ToProblem(http);
        }

        var refusal = await signIn.CheckAsync(
            account,
            new(body.OldPassword, body.TwoFactorCode, body.TwoFactorRecoveryCode),
            async () =>
                await accounts.ChangePasswordAsync(
                    account, body.OldPassword ?? "", body.NewPassword ?? "") is { Succeeded: false } result
                    ? result.ToRefusal()
                    : null,
            cancellationToken);
        return refusal is null
            ? await StartSessionAsync(account, tokens, http, cancellationToken)
            : refusal.ToProblem(http);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        AccountDeletion body, AccountCaller caller, UserManager<AccountRow> accounts, SignIn signIn, OwnedRooms rooms,
        AccountSessions sessions, HttpContext http, CancellationToken cancellationToken)
    {
        if (await accounts.FindByIdAsync(caller.Id.ToString()) is not { } account)
        {
            return AccountAccess.Required.ToProblem(http);
        }

        if (await signIn.CheckAsync(
            account,
            new(body.Password, body.TwoFactorCode, body.TwoFactorRecoveryCode),
            () => Task.FromResult<Refusal?>(null),
            cancellationToken) is { } refusal)
        {
            return refusal.ToProblem(http);
        }

        // The account comes last: if this is interrupted, it can be repeated.
        if (body.DeleteRooms
            && (await rooms.DeleteAllAsync(account.Id, cancellationToken)).Refusal is { } notDeleted)
        {
            return notDeleted.ToProblem(http);
        }

        // Disconnects its hosts, as long as it is known which rooms they are in. From here on the owner has no token to
        // repeat the request with.
        await sessions.EndAllAsync(account.Id, CancellationToken.None);
        await accounts.DeleteAsync(account);
        return TypedResults.NoContent();
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

/// <summary>
/// A new password, together with the present one and, if the account has a second factor, a code.
/// </summary>
public sealed record PasswordChange(
    string? OldPassword, string? NewPassword, string? TwoFactorCode, string? TwoFactorRecoveryCode);

/// <summary>The wish to delete the account, with its password and, if it has a second factor, a code.</summary>
/// <param name="Password">The password.</param>
/// <param name="TwoFactorCode">A code of the app.</param>
/// <param name="TwoFactorRecoveryCode">A recovery code, instead of the code.</param>
/// <param name="DeleteRooms">
/// Whether its rooms are deleted too; otherwise they stay, without an owner, as long as other rooms.
/// </param>
public sealed record AccountDeletion(
    string? Password, string? TwoFactorCode, string? TwoFactorRecoveryCode, bool DeleteRooms);

/// <summary>Where an account is signed in.</summary>
/// <param name="Current">The session of the request's token.</param>
/// <param name="Sessions">All sessions, the latest use first.</param>
public sealed record SessionList(Guid Current, IReadOnlyList<AccountSession> Sessions);

/// <summary>An invitation link. The part after the # is never sent to a server.</summary>
public sealed record InvitationLink(Guid Id, string Invitation, Uri Link, DateTimeOffset ExpiresAt)
{
    internal static InvitationLink ToRegister(Uri home, Invitation made) =>
        new(made.Id, made.Secret, new Uri(home, $"host#register={made.Secret}"), made.ExpiresAt);

    internal static InvitationLink ToHost(Uri home, Invitation made) =>
        new(made.Id, made.Secret, new Uri(home, $"host#cohost={made.Secret}"), made.ExpiresAt);
}
