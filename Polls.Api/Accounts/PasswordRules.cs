using Microsoft.AspNetCore.Identity;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Requires a minimum length and rejects common passwords (NIST SP 800-63B). Does not require digits and signs: people
/// then write the same words with an exclamation mark.
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<AccountRow>
{
    public const int Least = 10;
    public const int Most = 256;

    /// <summary>
    /// The most common stolen passwords that are long enough; compared without digits and signs around them.
    /// </summary>
    private static readonly string[] Common =
    [
        "password", "passwort", "motdepasse", "contrasena", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl",
        "iloveyou", "letmein", "welcome", "administrator", "changeme", "superman", "football", "baseball", "princess",
        "sunshine", "passwordpassword", "trustno",
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
            : plain.Contains(user.Email, StringComparison.OrdinalIgnoreCase) || (name.Length > 3 && core == name)
                ? "A password is not one's own name."
            : null;
    }

    // Rejects sequences such as 1234567890 and 0987654321.
    private static bool IsRun(string text) =>
        text.Zip(text[1..]).All(pair => Math.Abs(pair.First - pair.Second) is 0 or 1 or 9);
}
