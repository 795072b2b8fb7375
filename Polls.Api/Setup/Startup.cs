using Microsoft.Extensions.Options;

namespace Polls.Api.Setup;

/// <summary>Checks the configuration and runs the application.</summary>
internal static class Startup
{
    /// <summary>
    /// Validates all options. On errors, writes what to set to the standard error stream, one line each, and returns
    /// false. So a wrongly configured version neither waits for the database nor migrates it.
    /// </summary>
    public static async Task<bool> IsConfiguredAsync(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return true;
        }
        catch (Exception exception) when (Messages(exception) is { Count: > 0 } complaints)
        {
            foreach (var complaint in complaints)
            {
                await Console.Error.WriteLineAsync($"Configuration: {complaint}");
            }

            return false;
        }
    }

    /// <summary>
    /// Runs until stopped and returns exit code 0. A stop during the start is not a failure, although the framework
    /// throws.
    /// </summary>
    public static async Task<int> RunUntilStoppedAsync(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }

        return 0;
    }

    private static List<string> Messages(Exception exception) => exception switch
    {
        AggregateException many => [.. many.InnerExceptions.SelectMany(Messages)],
        OptionsValidationException invalid => [.. invalid.Failures.Select(MessageOf)],
        // The configuration binder's message for a value of the wrong type; it names the key.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } unreadable =>
            [unreadable.Message],
        _ => [],
    };

    // "DataAnnotation validation failed for 'X' members: 'Y' with the error: 'Z'." Only Z is written.
    private static string MessageOf(string failure)
    {
        const string mark = "with the error: '";
        var start = failure.IndexOf(mark, StringComparison.Ordinal);
        return start < 0 ? failure : failure[(start + mark.Length)..].TrimEnd('.', '\'') + ".";
    }
}
