namespace Polls.Tests.Storage;

/// <summary>The tables of a database from PostgreSQL's catalogue, one line per object.</summary>
internal static class Catalog
{
    private const string Lines =
        """
        SELECT array_agg(line ORDER BY line) FROM (
          SELECT format('column %s.%s %s%s%s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attnotnull THEN ' not null' END, a.attidentity, pg_get_expr(d.adbin, d.adrelid)) AS line
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
          UNION ALL
          SELECT format('constraint %s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
          UNION ALL
          SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
          UNION ALL
          SELECT format('options of %s: %s', relname, reloptions) FROM pg_class
          WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL
        ) AS lines
        WHERE line NOT LIKE '%__EFMigrationsHistory%'
        """;

    public static Task<string[]> DescribeAsync(TestCore core) => core.ReadAsync<string[]>(Lines);
}
