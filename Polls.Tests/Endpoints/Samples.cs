using System.Net.Http.Headers;
using Polls.Api.Accounts;
using Polls.Api.Entries;
using Polls.Api.RoomPolls;
using Polls.Api.Rooms;
using Polls.Api.Seats;
using Polls.Api.Votes;
using Polls.Core.RoomPolls;
using Polls.Core.Rooms;

namespace Polls.Tests.Endpoints;

/// <summary>A valid request for every endpoint, so that only the change made by a test is wrong.</summary>
internal static class Samples
{
    private const string Draft =
        """{"question":"Q","kind":"multipleChoice","options":["a","b","c"],"settings":{"maxChoices":2,"resultsVisibility":"live","allowChange":true,"durationSeconds":600}}""";

    /// <summary>A valid JSON body; null if none is read.</summary>
    public static string? Body(Type? type, TestRoom testRoom) => type?.Name switch
    {
        null => null,
        nameof(NewRoom) => $$"""{"title":"A room","polls":[{{Draft}}],"assurance":"device"}""",
        nameof(Revocation) => """{"attempt":"0199a000-0000-7000-8000-000000000000"}""",
        nameof(NewParticipant) => $$"""{"nickname":"Ann","seat":"{{testRoom.Seat}}"}""",
        nameof(NewSeats) => """{"count":2}""",
        nameof(Registration) => """{"email":"somebody@polls.example","password":"none of your business"}""",
        nameof(Credentials) => """{"email":"nobody@polls.example","password":"none of your business","twoFactorCode":"123456"}""",
        nameof(RefreshTokens) => """{"refreshToken":"none"}""",
        nameof(PasswordChange) => """{"oldPassword":"none of your business","newPassword":"nor of mine, either"}""",
        nameof(AccountDeletion) => """{"password":"none of your business","twoFactorCode":"123456","deleteRooms":true}""",
        nameof(TwoFactorChange) => """{"enable":true,"twoFactorCode":"123456","resetSharedKey":false,"resetRecoveryCodes":false}""",
        nameof(AcceptedInvitation) => """{"invitation":"none"}""",
        nameof(PollDraft) => Draft,
        nameof(PollOrder) => $$"""{"polls":["{{testRoom.Open}}","{{testRoom.Draft}}","{{testRoom.Words}}"]}""",
        nameof(OpenPoll) => """{"durationSeconds":600}""",
        nameof(Cohort) => """{"joinedFrom":"2026-01-01T00:00:00Z","joinedUntil":"2026-01-02T00:00:00Z","neverConnected":false}""",
        nameof(MergeTarget) => """{"into":2}""",
        nameof(EntryAction) => """{"action":"hide","entries":[1,2]}""",
        nameof(VoteRequest) => """{"choices":[1],"revision":7}""",
        var other => throw new InvalidOperationException($"Add here a valid {other}."),
    };

    /// <summary>A valid request with all query parameters.</summary>
    public static HttpRequestMessage Request(ApiEndpoint endpoint, TestRoom testRoom, Guid poll, string? token)
    {
        // Other polls have no entries.
        poll = endpoint.Pattern.Contains("/entries", StringComparison.Ordinal) ? testRoom.Words : poll;
        var request = new HttpRequestMessage(
            endpoint.Method == "*" ? HttpMethod.Post : new HttpMethod(endpoint.Method), $"{endpoint.Path(name => testRoom.Parameter(name, poll))}?revision=9");
        if (Body(endpoint.Body, testRoom) is { } body)
        {
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return request;
    }
}
