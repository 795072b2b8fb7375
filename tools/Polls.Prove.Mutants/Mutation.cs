namespace Polls;

/// <summary>Which line is broken in this process: as <c>POLLS_MUTATION</c> says, or none.</summary>
internal static class Mutation
{
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("POLLS_MUTATION");

    public static bool Is(string name) => Chosen == name;
}
