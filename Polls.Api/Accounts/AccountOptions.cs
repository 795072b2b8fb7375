using System.ComponentModel.DataAnnotations;

namespace Polls.Api.Accounts;

/// <summary>
/// Accounts: who may create rooms and register, and how long tokens live. Bound from the section <c>Accounts</c>.
/// </summary>
public sealed record AccountOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Accounts";

    /// <summary>Who may create rooms: <c>anyone</c>, or <c>accounts</c> only.</summary>
    [AllowedValues("anyone", "accounts", ErrorMessage = "Accounts:MayCreateRooms must be anyone or accounts.")]
    public string MayCreateRooms { get; set; } = "anyone";

    /// <summary>Who may register: <c>anyone</c>, only <c>invited</c> people, or <c>nobody</c>.</summary>
    [AllowedValues(
        "anyone", "invited", "nobody", ErrorMessage = "Accounts:MayRegister must be anyone, invited or nobody.")]
    public string MayRegister { get; set; } = "anyone";

    /// <summary>Minutes until an access token expires.</summary>
    [Range(1, 1440, ErrorMessage = "Accounts:AccessTokenMinutes must be between {1} and {2}.")]
    public int AccessTokenMinutes { get; set; } = 60;

    /// <summary>Days until a refresh token expires; refreshing gives a new one.</summary>
    [Range(1, 365, ErrorMessage = "Accounts:RefreshTokenDays must be between {1} and {2}.")]
    public int RefreshTokenDays { get; set; } = 14;

    /// <summary>
    /// Iterations of the password hash (PBKDF2 with HMAC-SHA-512). The default is OWASP's advice. Lower it for tests
    /// only, which sign in hundreds of times.
    /// </summary>
    [Range(10_000, 10_000_000, ErrorMessage = "Accounts:PasswordIterations must be between {1} and {2}.")]
    public int PasswordIterations { get; set; } = 210_000;

    internal bool OnlyAccountsCreateRooms => MayCreateRooms == "accounts";
}
