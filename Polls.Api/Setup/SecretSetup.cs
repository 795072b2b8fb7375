using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Polls.Api.Setup;

/// <summary>Where settings stand in files, one each, as orchestrators hand out secrets; section <c>Secrets</c>.</summary>
public sealed record SecretOptions
{
    /// <summary>
    /// A folder such as <c>/run/secrets</c>. Each file in it is a setting: its name is the one that the environment variable would
    /// have, its text the value. Files win over the environment. Absent: there is none.
    /// </summary>
    [CustomValidation(typeof(SecretOptions), nameof(Check))]
    public string? Directory { get; set; }

    /// <summary>Accepts a folder that is there, or none.</summary>
    public static ValidationResult? Check(string? directory) =>
        string.IsNullOrEmpty(directory) || System.IO.Directory.Exists(directory)
            ? ValidationResult.Success
            : new ValidationResult($"Secrets:Directory must be a folder with a file for each secret, such as /run/secrets, or absent; '{directory}' is none.");
}

/// <summary>Secrets come from the environment or from files, and are nobody else's.</summary>
internal static class SecretSetup
{
    // What stands in our own examples, and in everybody's.
    private static readonly string[] Examples =
        ["only-for-trying", "REPLACE-ME", "...", "…", "changeme", "password", "secret", "polls", "postgres", "redis"];

    /// <summary>Reads the folder of secrets; before anything reads its settings.</summary>
    public static void AddSecretFiles(this IHostApplicationBuilder builder)
    {
        var failure = "";
        if (builder.Configuration[$"Secrets:{nameof(SecretOptions.Directory)}"] is { Length: > 0 } directory && Directory.Exists(directory))
        {
            try
            {
                builder.Configuration.AddKeyPerFile(Path.GetFullPath(directory), optional: false, reloadOnChange: false);
            }
            catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
            {
                failure = exception.Message;
            }
        }

        builder.Services.AddOptions<SecretOptions>().BindConfiguration("Secrets").ValidateDataAnnotations()
            .Validate(_ => failure.Length == 0, $"Secrets:Directory: {failure}")
            .ValidateOnStart();
    }

    /// <summary>Whether it is no secret.</summary>
    public static bool IsExample(string secret) => Examples.Contains(secret, StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses, in production, a secret that everybody knows, or that everybody on the host can read.</summary>
    /// <param name="options">The options that it is among.</param>
    /// <param name="setting">What it stands in, as in <c>ConnectionStrings:Polls</c>.</param>
    /// <param name="secret">The secret itself; null when there is none.</param>
    public static OptionsBuilder<TOptions> ValidateSecret<TOptions>(
        this OptionsBuilder<TOptions> options, string setting, Func<TOptions, string?> secret)
        where TOptions : class => options
        .Validate<IHostEnvironment>(
            (values, environment) => !environment.IsProduction() || secret(values) is not { } given || !IsExample(given),
            $"{setting} has a password of an example, which everybody knows: set one of your own, such as from openssl rand -hex 24.")
        .Validate<IHostEnvironment>(
            (values, environment) => !environment.IsProduction() || secret(values) is not { Length: > 0 } given || !IsOnCommandLine(setting, given),
            $"{setting} must not stand on the command line, which everybody on the host can read: set it in the environment, or in a file below Secrets:Directory.");

    private static bool IsOnCommandLine(string setting, string secret)
    {
        var arguments = Environment.GetCommandLineArgs();
        return arguments.Any(argument => argument.Contains(setting, StringComparison.OrdinalIgnoreCase))
            && arguments.Any(argument => argument.Contains(secret, StringComparison.Ordinal));
    }
}
