using Microsoft.AspNetCore.Identity;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Length, and nothing that is tried first (NIST SP 800-63B): no rules on digits and signs, which make people write the same
/// words with an exclamation mark.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<AccountRow>
{
    public const int Least = 10;
    public const int Most = 256;

    /// <summary>What stands at the top of every list of stolen passwords, as far as it is long enough; compared without digits and signs around it.</summary>
    private static readonly string[] Common =
    [
        "password", "passwort", "motdepasse", "contrasena", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "iloveyou", "letmein",
        "welcome", "administrator", "changeme", "superman", "football", "baseball", "princess", "sunshine", "passwordpassword", "trustno",
    ];

    public Task<IdentityResult> ValidateAsync(UserManager<AccountRow> manager, AccountRow user, string? password) =>
        Task.FromResult(Complaint(user, password ?? "") is { } complaint
            ? IdentityResult.Failed(new IdentityError { Code = "BadPassword", Description = complaint })
            : IdentityResult.Success);

    private static string? Complaint(AccountRow user, string password)
    {
        var plain = password.ToUpperInvariant();
        var core = plain.Trim([.. "0123456789!?.,;:-_#*+$%&/ @"]);
        var name = user.Email.Split('@')[0].ToUpperInvariant();
        return password.Length is < Least or > Most ? $"A password has {Least} to {Most} characters."
            : plain.Distinct().Count() < 4 || core.Length == 0 && plain.Distinct().Count() < 11 && IsRun(plain)
                || Common.Contains(core, StringComparer.OrdinalIgnoreCase) ? "Too many people use this password."
            : plain.Contains(user.Email, StringComparison.OrdinalIgnoreCase) || (name.Length > 3 && core == name) ? "A password is not one's own name."
            : null;
    }

    // 1234567890, 0987654321 and the like: each digit beside the one before.
    private static bool IsRun(string text) => text.Zip(text[1..]).All(pair => Math.Abs(pair.First - pair.Second) is 0 or 1 or 9);
}
