using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Polls.Core.Storage.Migrations;

/// <summary>How sure a room is of its voters, and its seat codes.</summary>
[DbContext(typeof(PollsDb))]
[Migration("20261121210000_Seats")]
public sealed class AddSeats : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Sql.Load("Migrations/20261121210000_Seats.sql"));

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE seats; ALTER TABLE rooms DROP COLUMN assurance;");
}
