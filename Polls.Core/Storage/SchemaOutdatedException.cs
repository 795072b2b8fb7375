namespace Polls.Core.Storage;

/// <summary>The database lacks migrations that this program needs, and this start must not apply them.</summary>
public sealed class SchemaOutdatedException(IReadOnlyList<string> missing) : Exception(
    $"The database lacks {string.Join(", ", missing)}. Run this version once with the argument \"migrate\", "
        + "or set Database:MigrateAtStart to true.")
{
    /// <summary>The missing migrations, oldest first.</summary>
    public IReadOnlyList<string> Missing { get; } = missing;
}
