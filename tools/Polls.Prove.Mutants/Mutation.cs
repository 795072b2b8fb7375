namespace Polls;

/// <summary>The mutation selected for this process by <c>POLLS_MUTATION</c>, or none.</summary>
internal static class Mutation
{
    private static readonly string? Selected = Environment.GetEnvironmentVariable("POLLS_MUTATION");

    public static bool Is(string name) => Selected == name;
}
