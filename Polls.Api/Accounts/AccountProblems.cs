using Microsoft.AspNetCore.Identity;
using Polls.Core;

namespace Polls.Api.Accounts;

/// <summary>Refusals of account requests, with stable codes.</summary>
internal static class AccountProblems
{
    /// <summary>The same answer for a wrong name, password or code and for a locked account.</summary>
    public static Refusal SignInFailed { get; } = new(
        "account.signInFailed", "The name, password or code is wrong. After too many failed attempts, wait 15 minutes.",
        RefusalKind.Unauthenticated);

    /// <summary>The password was right.</summary>
    public static Refusal CodeRequired { get; } = new(
        "account.codeRequired", "This account also requires a code from its authenticator app.",
        RefusalKind.Unauthenticated);

    public static Refusal BadEmail { get; } = Refusals.Invalid("account.badEmail", "This is not an e-mail address.");

    public static Refusal EmailTaken { get; } = new(
        "account.emailTaken", "An account with this name already exists.", RefusalKind.Conflict);

    public static Refusal RegistrationClosed { get; } = new(
        "account.registrationClosed", "Registration is closed.", RefusalKind.Forbidden);

    public static Refusal BadChange { get; } = Refusals.Invalid(
        "account.badChange", "The request contains no change, or changes that exclude each other.");

    public static Refusal SessionNotFound { get; } = new(
        "account.sessionNotFound", "This account has no such session. It may have ended.", RefusalKind.NotFound);

    public static Refusal Busy { get; } = new(
        "busy", "Too many people sign in at once. Send the same request again shortly.", RefusalKind.Unavailable,
        TimeSpan.FromSeconds(5));

    private static Refusal ChangedMeanwhile { get; } = new(
        "account.changedMeanwhile", "The account was changed by another request. Reload it and try again.",
        RefusalKind.Conflict);

    /// <summary>The first error of an Identity result, as a refusal.</summary>
    public static Refusal ToRefusal(this IdentityResult result) => result.Errors.First() switch
    {
        { Code: nameof(IdentityErrorDescriber.DuplicateUserName) } => EmailTaken,
        { Code: nameof(IdentityErrorDescriber.ConcurrencyFailure) } => ChangedMeanwhile,
        { Code: nameof(IdentityErrorDescriber.InvalidUserName) } => BadEmail,
        { Code: nameof(IdentityErrorDescriber.PasswordMismatch) } => SignInFailed,
        { Code: "BadPassword" } error => Refusals.Invalid("account.badPassword", error.Description),
        var error =>
            throw new InvalidOperationException($"Identity refused with {error.Code}, which has no stable code."),
    };
}
