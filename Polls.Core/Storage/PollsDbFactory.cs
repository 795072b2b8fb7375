using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Polls.Core.Storage;

/// <summary>Creates the context for <c>dotnet ef</c>, which needs the model but no database.</summary>
public sealed class PollsDbFactory : IDesignTimeDbContextFactory<PollsDb>
{
    /// <inheritdoc />
    public PollsDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PollsDb>().UseNpgsql().Options);
}
