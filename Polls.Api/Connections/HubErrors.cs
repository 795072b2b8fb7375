using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Connections;

/// <summary>
/// Removes SignalR's boilerplate from errors that clients see. Keeps the message of a <c>HubException</c>; hides the
/// message of any other exception.
/// </summary>
internal static partial class HubErrors
{
    private const string Internal = "internal: The server could not complete the call.";

    public static HubMessage Reword(HubMessage message) => message switch
    {
        CompletionMessage { Error: { } error } completion =>
            new CompletionMessage(completion.InvocationId!, Reword(error), result: null, hasResult: false)
            {
                Headers = completion.Headers
            },
        CloseMessage { Error: { } error } close => new CloseMessage(Reword(error), close.AllowReconnect),
        _ => message,
    };

    internal static string Reword(string error)
    {
        if (Coded().IsMatch(error)) return error;
        if (HubException().Match(error) is { Success: true } match)
        {
            var said = match.Groups["said"].Value;
            return Coded().IsMatch(said) ? said : $"internal: {said}";
        }

        if (error.StartsWith("Unknown hub method '", StringComparison.Ordinal))
            return "request.unknownMethod: This method does not exist.";
        if (error.EndsWith("because user is unauthorized", StringComparison.Ordinal))
            return "auth.forbidden: This token does not allow this call.";
        return error.StartsWith("The client attempted to invoke the ", StringComparison.Ordinal)
            ? "request.malformed: The method does not support this kind of call."
            : Internal;
    }

    // Neither expression has a time-out. On a busy machine, a match can be interrupted for longer than any time-out,
    // and the missing answer would disconnect the client. The record limit bounds the input.
    [GeneratedRegex("^[a-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*)*: ", RegexOptions.CultureInvariant)]
    private static partial Regex Coded();

    // Match only directly after one of SignalR's own sentences, so that a method name cannot imitate one.
    [GeneratedRegex(
        "^(?:An unexpected error occurred invoking '.*' on the server"
        + "|Failed to invoke '.*' due to an error on the server"
        + "|An error occurred on the server while streaming results|Connection closed with an error)"
        + "\\. [A-Za-z0-9]*HubException: (?<said>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex HubException();
}
