using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Polls.Core.Storage.Migrations;

/// <summary>The audit trail, and the index by which rooms are found that are kept no longer.</summary>
[DbContext(typeof(PollsDb))]
[Migration("20261121200000_Audit")]
public sealed class AddAudit : Migration
{
    /// <inheritdoc />
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql(Sql.Load("Migrations/20261121200000_Audit.sql"));

    /// <inheritdoc />
    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("DROP TABLE audit; DROP INDEX ix_rooms_ended_at;");
}
