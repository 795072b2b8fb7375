using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Polls.Core.Storage.Migrations;

/// <summary>Accounts as voters, and rooms without names.</summary>
[DbContext(typeof(PollsDb))]
[Migration("20261122100000_Voters")]
public sealed class Voters : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Sql.Load("Migrations/20261122100000_Voters.sql"));

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        """
        ALTER TABLE rooms DROP COLUMN voter_key, DROP COLUMN anonymous, DROP CONSTRAINT ck_rooms_assurance;
        UPDATE rooms SET assurance = 0 WHERE assurance = 3;
        ALTER TABLE rooms ADD CONSTRAINT ck_rooms_assurance CHECK (assurance BETWEEN 0 AND 2);
        """);
}
