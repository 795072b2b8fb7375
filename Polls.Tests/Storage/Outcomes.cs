using Polls.Core;

namespace Polls.Tests.Storage;

/// <summary>Test assertions for the outcomes of commands.</summary>
internal static class Outcomes
{
    public static T ShouldSucceed<T>(this Outcome<T> outcome)
    {
        outcome.Succeeded(out var value, out var refusal).ShouldBeTrue(refusal?.Code);
        return value!;
    }

    public static void ShouldBeRefused<T>(this Outcome<T> outcome, string code) =>
        outcome.Refusal.ShouldNotBeNull().Code.ShouldBe(code);
}
