using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Polls.Core;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>
/// Hashes passwords in the normalization form NFC (RFC 8265, section 4.2), because keyboards send the same letter as
/// one character or as two. A hash of another form is accepted and then replaced.
/// </summary>
internal sealed class Passwords(IOptions<PasswordHasherOptions> options) : PasswordHasher<AccountRow>(options)
{
    public override string HashPassword(AccountRow user, string password) =>
        base.HashPassword(user, TextRules.Normalized(password));

    public override PasswordVerificationResult VerifyHashedPassword(
        AccountRow user, string hashedPassword, string providedPassword)
    {
        var normalized = TextRules.Normalized(providedPassword);
        var result = base.VerifyHashedPassword(user, hashedPassword, normalized);
        if (result != PasswordVerificationResult.Failed)
        {
            return result;
        }

        string[] others = [providedPassword, TextRules.Normalized(providedPassword, NormalizationForm.FormD)];
        return others.Distinct(StringComparer.Ordinal).Any(other => other != normalized
                && base.VerifyHashedPassword(user, hashedPassword, other) != PasswordVerificationResult.Failed)
            ? PasswordVerificationResult.SuccessRehashNeeded
            : PasswordVerificationResult.Failed;
    }
}
