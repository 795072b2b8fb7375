using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Polls.Api.Secrets;

/// <summary>Settings in files, as orchestrators mount secrets. Bound from the section <c>Secrets</c>.</summary>
public sealed record SecretOptions
{
    /// <summary>
    /// A folder such as <c>/run/secrets</c>. Each file is a setting: the file name is that of the environment variable,
    /// the content is the value. Files override the environment. Default: no folder.
    /// </summary>
    [CustomValidation(typeof(SecretOptions), nameof(Check))]
    public string? Directory { get; set; }

    /// <summary>Accepts an existing folder, or null.</summary>
    public static ValidationResult? Check(string? directory) =>
        string.IsNullOrEmpty(directory) || System.IO.Directory.Exists(directory)
            ? ValidationResult.Success
            : new ValidationResult(
                "Secrets:Directory must be a folder with a file for each secret, such as /run/secrets, or absent; "
                    + $"'{directory}' is not one.");
}

/// <summary>Reads secrets from files. Refuses well-known secrets and files that other users can read.</summary>
internal static class SecretSetup
{
    // Values from our examples and common defaults.
    private static readonly string[] Examples =
        ["only-for-trying", "REPLACE-ME", "...", "…", "changeme", "password", "secret", "polls", "postgres", "redis"];

    /// <summary>Adds the folder of secrets to the configuration. Call it before settings are read.</summary>
    public static void AddSecretFiles(this IHostApplicationBuilder builder)
    {
        var failure = "";
        if (builder.Configuration[$"Secrets:{nameof(SecretOptions.Directory)}"] is { Length: > 0 } directory
            && Directory.Exists(directory))
        {
            try
            {
                builder.Configuration.AddKeyPerFile(
                    Path.GetFullPath(directory), optional: false, reloadOnChange: false);
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

    /// <summary>Whether the value is well known.</summary>
    public static bool IsExample(string secret) => Examples.Contains(secret, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// In production, refuses a well-known secret and a secret in a file that all users of the host can read.
    /// </summary>
    /// <param name="options">The options that contain the secret.</param>
    /// <param name="setting">The name of the setting, such as <c>ConnectionStrings:Polls</c>.</param>
    /// <param name="secret">The secret, or null.</param>
    public static OptionsBuilder<TOptions> ValidateSecret<TOptions>(
        this OptionsBuilder<TOptions> options, string setting, Func<TOptions, string?> secret)
        where TOptions : class => options
        .Validate<IHostEnvironment>(
            (values, environment) =>
                !environment.IsProduction() || secret(values) is not { } given || !IsExample(given),
            $"{setting} has a well-known password from an example: set your own, "
                + "such as the output of openssl rand -hex 24.")
        .Validate<IHostEnvironment>(
            (values, environment) =>
                !environment.IsProduction()
                || secret(values) is not { Length: > 0 } given
                || !IsOnCommandLine(setting, given),
            $"{setting} must not be on the command line, which all users of the host can read: "
                + "set it in the environment, or in a file below Secrets:Directory.");

    private static bool IsOnCommandLine(string setting, string secret)
    {
        var arguments = Environment.GetCommandLineArgs();
        return arguments.Any(argument => argument.Contains(setting, StringComparison.OrdinalIgnoreCase))
            && arguments.Any(argument => argument.Contains(secret, StringComparison.Ordinal));
    }
}
