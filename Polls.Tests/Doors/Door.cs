using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Doors;

/// <summary>One way in, as the route table has it.</summary>
/// <param name="Method">The method; <c>*</c> where the endpoint looks at it itself, as the hub's does.</param>
/// <param name="Pattern">Such as <c>/api/rooms/{code}</c>.</param>
/// <param name="Metadata">All that is said about it.</param>
internal sealed record Door(string Method, string Pattern, EndpointMetadataCollection Metadata)
{
    /// <summary>Who may; nobody in particular when it is open, or the hub's.</summary>
    public IReadOnlyList<Role> Roles => Metadata.GetMetadata<RoomRoles>()?.Roles ?? [];

    /// <summary>Whether it is about accounts; tokens of rooms are worth nothing there.</summary>
    public bool IsOfAccounts => Pattern.StartsWith("/api/accounts/", StringComparison.Ordinal);

    /// <summary>Only for people who are signed in.</summary>
    public bool IsForAccounts => Metadata.GetMetadata<AccountRule>() is { Required: true };

    /// <summary>What it reads from the body; null when it reads none.</summary>
    public Type? Body => Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    public bool IsHub => Pattern.StartsWith("/hubs/", StringComparison.Ordinal);

    /// <summary>Whether the API's description should tell of it.</summary>
    public bool IsDescribed => !IsHub && Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true };

    public static IReadOnlyList<Door> Of(IEnumerable<Endpoint> endpoints) =>
    [
        .. endpoints.Select(endpoint => endpoint as RouteEndpoint ?? throw new InvalidOperationException($"{endpoint} has no pattern: teach this test what it is."))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"])
                .Select(method => new Door(method, endpoint.RoutePattern.RawText!, endpoint.Metadata))),
    ];

    /// <summary>The address with its parameters filled in; one that nobody knows what to do with is a mistake of the test.</summary>
    public string Path(Func<string, string> parameter) => string.Join('/', Pattern.Split('/').Select(part =>
        part.StartsWith('{') ? parameter(part.Trim('{', '}')) : part));

    public override string ToString() => $"{Method} {Pattern}";
}
