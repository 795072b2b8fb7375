using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace Polls.Api.Connections;

/// <summary>
/// Takes SignalR's boilerplate off the errors that clients see: what a hub said in a <c>HubException</c> stays,
/// what any other exception said is not for clients.
/// </summary>
internal static partial class HubErrors
{
    private const string Internal = "internal: The call failed on the server.";

    public static HubMessage Reword(HubMessage message) => message switch
    {
        CompletionMessage { Error: { } error } completion =>
            new CompletionMessage(completion.InvocationId!, Reword(error), result: null, hasResult: false) { Headers = completion.Headers },
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
            return "request.unknownMethod: There is no such method.";
        if (error.EndsWith("because user is unauthorized", StringComparison.Ordinal))
            return "auth.forbidden: This token does not allow that.";
        return error.StartsWith("The client attempted to invoke the ", StringComparison.Ordinal)
            ? "request.malformed: The method is not to be called this way."
            : Internal;
    }

    // No limit in time for either: on a machine without cores a match is interrupted for longer than any, and an answer that cannot be
    // written cuts the client off. What they read is bounded by the longest record.
    [GeneratedRegex("^[a-z][A-Za-z0-9]*(\\.[a-z][A-Za-z0-9]*)*: ", RegexOptions.CultureInvariant)]
    private static partial Regex Coded();

    // Only directly after one of SignalR's own sentences, so that a method's name cannot pass for one.
    [GeneratedRegex(
        "^(?:An unexpected error occurred invoking '.*' on the server|Failed to invoke '.*' due to an error on the server"
        + "|An error occurred on the server while streaming results|Connection closed with an error)\\. [A-Za-z0-9]*HubException: (?<said>.*)$",
        RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex HubException();
}
