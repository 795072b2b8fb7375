using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Polls.Api.Hubs;
using Polls.Api.Limits;
using Polls.Api.Tokens;
using Polls.Core.RoomPolls;

namespace Polls.Tests.Endpoints;

/// <summary>No endpoint without a rule for who may call it, and how often.</summary>
[Collection(nameof(EndpointInstances))]
public sealed class EndpointRulesTests(EndpointInstances cluster)
{
    [Fact]
    public void Every_endpoint_says_who_may_call_it_and_how_often()
    {
        var endpoints = cluster.Program.Endpoints();
        EndpointRules.Violations(endpoints).ShouldBeEmpty();
        // The table is the real one: it contains known endpoints.
        string[] known =
        [
            "POST /api/rooms/", "PUT /api/rooms/{code}/polls/{pollId}/vote/", "GET /api/rooms/{code}/results.csv", "GET /health/ready",
            "* /hubs/room", "* /hubs/room/negotiate", "GET /", "HEAD /assets/{name}", "GET /openapi/{documentName}.json",
        ];
        known.ShouldBeSubsetOf(endpoints.Select(endpoint => endpoint.ToString()));
    }

    [Fact]
    public void An_endpoint_without_rules_is_found()
    {
        EndpointRules.Violations(Made(_ => { })).ShouldBe(
        [
            "GET /new/{code} does not say who may call it: OnlyFor(roles), OnlyForAccounts() or ForAnyone(why)",
            "GET /new/{code} does not say how often it may be called: Limited(class), LimitedByAddress(class) or Unlimited(why)",
        ]);
        EndpointRules.Violations(Made(endpoint => endpoint.RequireAuthorization().Limited(RateClass.Read))).ShouldBe(["GET /new/{code} takes any token: OnlyFor(roles) or OnlyForAccounts()"]);
        EndpointRules.Violations(Made(endpoint => endpoint.AllowAnonymous().Limited(RateClass.Read))).Count().ShouldBe(2, "no reason is given");
        EndpointRules.Violations(Made(endpoint => endpoint.OnlyFor(Role.Host).ForAnyone("why not").Unlimited("why not")))
            .ShouldBe(["GET /new/{code} is both for anyone and for some"]);
        EndpointRules.Violations(Made(endpoint => endpoint.OnlyFor(Role.Host).Limited(RateClass.Host))).ShouldBeEmpty();
    }

    [Fact]
    public void Every_method_of_the_hub_has_a_rule()
    {
        var methods = typeof(RoomHub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => method.GetBaseDefinition() == method).Select(method => method.Name).ToList();
        HubRoles.Of.Keys.ShouldBe(methods, ignoreOrder: true, "HubRoles says who may call them");
        methods.ForEach(method => Should.NotThrow(() => HubRateLimits.ClassOf(method)));
        Should.Throw<InvalidOperationException>(() => HubRateLimits.ClassOf("Made up"));
    }

    private static IReadOnlyList<ApiEndpoint> Made(Action<RouteHandlerBuilder> rules)
    {
        IEndpointRouteBuilder routes = WebApplication.CreateSlimBuilder().Build();
        rules(routes.MapGet("/new/{code}", () => "new"));
        return ApiEndpoint.Of(routes.DataSources.SelectMany(source => source.Endpoints));
    }
}
