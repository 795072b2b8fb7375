using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Polls.Core.Storage.Migrations;

/// <summary>Accounts of hosts, who owns a room, and who else hosts it.</summary>
[DbContext(typeof(PollsDb))]
[Migration("20261122000000_Accounts")]
public sealed class Accounts : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(Sql.Load("Migrations/20261122000000_Accounts.sql"));

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(
        "DROP TABLE host_invitations, room_hosts, account_invitations; ALTER TABLE rooms DROP COLUMN owner_id; DROP TABLE accounts;");
}
