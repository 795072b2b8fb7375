using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Polls.Core.Storage;

/// <summary>
/// Gives EF Core a new command for each statement. By default a connection object hands its last command out again, and
/// with Npgsql 10.0.3 a command whose connection broke while it was being prepared keeps that state. On the next
/// connection it fails with a NullReferenceException, or prepares a statement that the connection does not know of;
/// then every later preparation fails with <c>42P05</c>, "prepared statement already exists", until that connection
/// ends. Similar to npgsql/npgsql, issue 6432.
/// </summary>
internal sealed class FreshCommands : DbCommandInterceptor
{
    /// <inheritdoc />
    [SuppressMessage("Reliability", "CA2000", Justification = "EF Core disposes the command.")]
    public override InterceptionResult<DbCommand> CommandCreating(
        CommandCorrelatedEventData eventData, InterceptionResult<DbCommand> result) =>
        InterceptionResult<DbCommand>.SuppressWithResult(
            new NpgsqlCommand { Connection = (NpgsqlConnection)eventData.Connection });
}
