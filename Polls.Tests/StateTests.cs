using System.Collections;
using System.Reflection;
using Microsoft.Extensions.Caching.Memory;
using Polls.Api.Hubs;
using Polls.Core.Votes;

namespace Polls.Tests;

/// <summary>
/// All state of an instance is intentional: every growing collection is listed in docs/state.md, with the consequence
/// of losing it.
/// </summary>
public sealed class StateTests
{
    private static readonly Type[] Keepers = [.. new[] { typeof(VoteQueue), typeof(RoomHub) }
        .SelectMany(type => type.Assembly.GetTypes())
        .Where(type => type is { IsClass: true } && type.FullName?.Contains('<', StringComparison.Ordinal) == false && Fields(type).Any(field => CanKeep(field.FieldType)))
        .Select(Outermost).Where(type => type.Namespace?.Contains("Migrations", StringComparison.Ordinal) != true).Distinct()];

    [Fact]
    public void All_state_of_an_instance_is_listed_with_the_consequence_of_its_loss()
    {
        var page = Repository.Read("docs/state.md");
        Keepers.ShouldContain(typeof(VoteQueue).Assembly.GetType("Polls.Core.Votes.VoteWriter"), "the search finds known state");
        Keepers.Select(type => type.Name.Split('`')[0]).Where(name => !page.Contains(name, StringComparison.Ordinal)).Order().ShouldBeEmpty();
    }

    private static FieldInfo[] Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);

    // Collections that can change after construction; requests, responses and rows live no longer than their call.
    private static bool CanKeep(Type type) =>
        type.Name.StartsWith("Channel`", StringComparison.Ordinal) || type == typeof(MemoryCache)
        || (typeof(IEnumerable).IsAssignableFrom(type) && type.Namespace is "System.Collections.Generic" or "System.Collections.Concurrent"
            && type is { IsInterface: false, IsClass: true } && !type.Name.StartsWith("List`", StringComparison.Ordinal));

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
