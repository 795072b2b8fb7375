using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Endpoints;

/// <summary>One endpoint, as in the route table.</summary>
/// <param name="Method">The method; <c>*</c> if the endpoint handles several methods itself, like the hub.</param>
/// <param name="Pattern">For example <c>/api/rooms/{code}</c>.</param>
/// <param name="Metadata">Its endpoint metadata.</param>
internal sealed record ApiEndpoint(string Method, string Pattern, EndpointMetadataCollection Metadata)
{
    /// <summary>The roles that may call it; empty if it is open to anyone, or the hub.</summary>
    public IReadOnlyList<Role> Roles => Metadata.GetMetadata<RoomRoles>()?.Roles ?? [];

    /// <summary>Whether it is about accounts; room tokens are not valid there.</summary>
    public bool IsOfAccounts => Pattern.StartsWith("/api/accounts/", StringComparison.Ordinal);

    /// <summary>Requires a signed-in account.</summary>
    public bool IsForAccounts => Metadata.GetMetadata<AccountRule>() is { Required: true };

    /// <summary>The type that it reads from the body; null if it reads none.</summary>
    public Type? Body => Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType;

    public bool IsHub => Pattern.StartsWith("/hubs/", StringComparison.Ordinal);

    /// <summary>Whether the API description should include it.</summary>
    public bool IsDescribed => !IsHub && Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not { ExcludeFromDescription: true };

    public static IReadOnlyList<ApiEndpoint> Of(IEnumerable<Endpoint> endpoints) =>
    [
        .. endpoints.Select(endpoint => endpoint as RouteEndpoint ?? throw new InvalidOperationException($"{endpoint} has no pattern: add it to this test."))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"])
                .Select(method => new ApiEndpoint(method, endpoint.RoutePattern.RawText!, endpoint.Metadata))),
    ];

    /// <summary>The path with its parameters filled in; an unknown parameter is an error in the test.</summary>
    public string Path(Func<string, string> parameter) => string.Join('/', Pattern.Split('/').Select(part =>
        part.StartsWith('{') ? parameter(part.Trim('{', '}')) : part));

    public override string ToString() => $"{Method} {Pattern}";
}
