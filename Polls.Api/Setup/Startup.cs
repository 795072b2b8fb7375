using Microsoft.Extensions.Options;

namespace Polls.Api.Setup;

/// <summary>What has to be right before an instance touches anything.</summary>
internal static class Startup
{
    /// <summary>
    /// Checks all configuration. When something is wrong, says what to set, one line each, on the standard error, and
    /// returns false: a new version that is set up wrongly neither waits for a database nor migrates it.
    /// </summary>
    public static async Task<bool> IsConfiguredAsync(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            return true;
        }
        catch (Exception exception) when (Complaints(exception) is { Count: > 0 } complaints)
        {
            foreach (var complaint in complaints)
            {
                await Console.Error.WriteLineAsync($"Configuration: {complaint}");
            }

            return false;
        }
    }

    /// <summary>Runs until asked to stop. That may be while it still starts, and is no failure then, though the framework reports one.</summary>
    public static async Task RunUntilStoppedAsync(this WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    private static List<string> Complaints(Exception exception) => exception switch
    {
        AggregateException many => [.. many.InnerExceptions.SelectMany(Complaints)],
        OptionsValidationException invalid => [.. invalid.Failures.Select(OwnWords)],
        // What the binder says of a value of the wrong type: it names the key.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } unreadable => [unreadable.Message],
        _ => [],
    };

    // "DataAnnotation validation failed for 'X' members: 'Y' with the error: 'Z'." Only Z is for people.
    private static string OwnWords(string failure)
    {
        const string mark = "with the error: '";
        var start = failure.IndexOf(mark, StringComparison.Ordinal);
        return start < 0 ? failure : failure[(start + mark.Length)..].TrimEnd('.', '\'') + ".";
    }
}
