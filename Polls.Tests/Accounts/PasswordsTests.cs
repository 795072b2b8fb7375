using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Polls.Api.Accounts;
using Polls.Core.Storage;

namespace Polls.Tests.Accounts;

/// <summary>A password is the same on every keyboard, and names of accounts differ visibly.</summary>
public sealed class PasswordsTests
{
    private const string Composed = "crème brûlée für Zoë";
    private static readonly string Decomposed = Composed.Normalize(NormalizationForm.FormD);
    private static readonly IOptions<PasswordHasherOptions> Cheap = Options.Create(new PasswordHasherOptions { IterationCount = 1_000 });
    private static readonly Passwords Hasher = new(Cheap);
    private static readonly AccountRow Account = new();

    [Fact]
    public void A_password_of_letters_and_marks_is_the_one_of_whole_letters()
    {
        Decomposed.ShouldNotBe(Composed);
        foreach (var chosen in (string[])[Composed, Decomposed])
        {
            var hash = Hasher.HashPassword(Account, chosen);
            Hasher.VerifyHashedPassword(Account, hash, Composed).ShouldBe(PasswordVerificationResult.Success);
            Hasher.VerifyHashedPassword(Account, hash, Decomposed).ShouldBe(PasswordVerificationResult.Success);
            Hasher.VerifyHashedPassword(Account, hash, "creme brulee fur Zoe").ShouldBe(PasswordVerificationResult.Failed);
        }
    }

    [Fact]
    public void A_hash_of_another_form_is_accepted_from_every_keyboard_and_is_to_be_replaced()
    {
        var older = new PasswordHasher<AccountRow>(Cheap).HashPassword(Account, Decomposed);
        Hasher.VerifyHashedPassword(Account, older, Decomposed).ShouldBe(PasswordVerificationResult.SuccessRehashNeeded);
        Hasher.VerifyHashedPassword(Account, older, Composed).ShouldBe(PasswordVerificationResult.SuccessRehashNeeded);
        Hasher.VerifyHashedPassword(Account, older, "another password").ShouldBe(PasswordVerificationResult.Failed);
    }

    [Fact]
    public void A_password_that_is_no_text_is_hashed_and_compared_all_the_same()
    {
        foreach (var broken in (string[])["ten letters \uD83D", "ten letters \uFFFE"])
        {
            var hash = Hasher.HashPassword(Account, broken);
            Hasher.VerifyHashedPassword(Account, hash, broken).ShouldBe(PasswordVerificationResult.Success);
            Hasher.VerifyHashedPassword(Account, hash, "ten letters").ShouldBe(PasswordVerificationResult.Failed);
        }
    }

    [Theory]
    [InlineData("ann@example.org", "ann@example.org")]
    [InlineData(" Ann@Example.org ", "Ann@Example.org")]
    [InlineData("ａｎｎ＠example.org", "ann@example.org")]
    [InlineData("zoe\u0308@example.org", "zoë@example.org")]
    [InlineData("an\u200Bn@example.org", null)]
    [InlineData("ann\u00AD@example.org", null)]
    [InlineData("\u3164@example.org", null)]
    [InlineData("ann@exa\u200Dmple.org", null)]
    [InlineData("ann@exam\u2800ple.org", null)]
    [InlineData("ann@\u0600example.org", null)]
    [InlineData("an n@example.org", null)]
    [InlineData("ann\uFFFE@example.org", null)]
    [InlineData("ann@example@org", null)]
    public void An_address_has_one_form_and_no_invisible_character(string typed, string? stored) =>
        AccountEmail.Clean(typed).ShouldBe(stored);
}
