using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Polls.Core.Storage.Migrations;

/// <summary>The first schema, and the statement that casts a batch of votes.</summary>
[DbContext(typeof(PollsDb))]
[Migration("20261121000000_Initial")]
public sealed class Initial : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(Sql.Load("Migrations/20261121000000_Initial.sql"));
        migrationBuilder.Sql(Sql.Load("Migrations/20261121000000_Initial.CastVotes.sql"));
    }

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "DROP FUNCTION cast_votes_v1; DROP TABLE votes, participants, tallies, polls, rooms, data_protection_keys;");
}
