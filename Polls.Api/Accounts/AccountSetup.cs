using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Polls.Api.Tokens;
using Polls.Core.Accounts;
using Polls.Core.Sessions;
using Polls.Core.Storage;

namespace Polls.Api.Accounts;

/// <summary>Registers accounts: ASP.NET Core Identity on the product's own tables, and their tokens.</summary>
internal static class AccountSetup
{
    public static void AddAccounts(this IServiceCollection services)
    {
        services.AddOptions<AccountOptions>()
            .BindConfiguration(AccountOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddAuthentication().AddBearerToken(AccountCaller.Scheme);
        services.AddSingleton<AccountTokens>();
        services.AddSingleton<AccountSessions>();
        services.AddSingleton<PasswordWork>();
        services.AddSingleton<AccountInvitations>();
        services.AddSingleton<Attempts>();
        services.AddSingleton<DecoyPassword>();
        services.AddScoped<SignIn>();

        // Registered first, so that Identity does not add its own hasher and its rules, which require digits and signs.
        services.AddScoped<IPasswordHasher<AccountRow>, Passwords>();
        services.AddScoped<IPasswordValidator<AccountRow>, PasswordRules>();
        services.AddIdentityCore<AccountRow>(options => options.User.AllowedUserNameCharacters = "")
            .AddUserStore<AccountStore>()
            .AddTokenProvider<OneTimeCodes>(Microsoft.AspNetCore.Identity.TokenOptions.DefaultAuthenticatorProvider);
        services.AddOptions<PasswordHasherOptions>()
            .Configure<IOptions<AccountOptions>>((hasher, accounts) =>
                hasher.IterationCount = accounts.Value.PasswordIterations);
    }
}
