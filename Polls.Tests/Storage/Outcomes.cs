using Polls.Core;

namespace Polls.Tests.Storage;

/// <summary>What a command answered, as tests read it.</summary>
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
