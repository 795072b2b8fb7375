-- Two roles for Polls instead of one. `dotnet Polls.Api.dll migrate` uses the owner, which creates and changes the schema. The
-- instances use the other, with Database__MigrateAtStart=false; it reads and writes rows and cannot change tables.
--
--   psql -d polls -f scripts/database-roles.sql         as a superuser, in the database of Polls
--   \password polls_owner   and   \password polls_app   the first time: new roles have no password. Or set OWNER_PASSWORD and
--                                                       APP_PASSWORD in the environment of each run (psql 15 or newer)
--   dotnet Polls.Api.dll migrate                        with the owner in ConnectionStrings__Polls
--   psql -d polls -f scripts/database-roles.sql         again, now that there are tables, and after an upgrade
--
-- Other names: -v owner=NAME -v app=NAME. If one role owns the tables already, either name it as the owner, or take them over with
-- -v from=NAME: the database and everything in it then belong to the owner. Instances that still use the role NAME keep working only
-- if it is a superuser.
--
-- The script can run again at any time, while instances run. Instances can read and write tables of a later version at once, so an
-- upgrade does not need the script in between; the run afterwards removes rights that a table does not need.

\set ON_ERROR_STOP on
\if :{?owner}
\else
  \set owner polls_owner
\endif
\if :{?app}
\else
  \set app polls_app
\endif

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE', name)
FROM (VALUES (:'owner'), (:'app')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

\getenv owner_password OWNER_PASSWORD
\if :{?owner_password}
  ALTER ROLE :"owner" PASSWORD :'owner_password';
\endif
\getenv app_password APP_PASSWORD
\if :{?app_password}
  ALTER ROLE :"app" PASSWORD :'app_password';
\endif

\if :{?from}
  -- Each statement is a transaction of its own and locks one table at a time, so it cannot deadlock with votes. It does not wait long
  -- for a lock (of a backup, for example), because votes would wait behind it. Sequences of columns go with their table.
  SET lock_timeout = '5s';
  SELECT format('ALTER DATABASE %I OWNER TO %I', current_database(), :'owner')
  FROM pg_database WHERE datname = current_database() AND pg_get_userbyid(datdba) = :'from' AND :'from' <> :'owner'
  UNION ALL
  SELECT format('ALTER %s %s OWNER TO %I', kind, name, :'owner')
  FROM (
    SELECT 'pg_class'::regclass, oid, relowner, 'TABLE', oid::regclass::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT 'pg_proc'::regclass, oid, proowner, 'ROUTINE', oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  ) AS object (catalog, id, role, kind, name)
  WHERE pg_get_userbyid(role) = :'from' AND :'from' <> :'owner'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = catalog AND objid = id AND deptype = 'e')
  \gexec
  RESET lock_timeout;
\endif

BEGIN;

-- No other role has access.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()),
       format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), :'owner', :'app')
\gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
REVOKE ALL ON SCHEMA public FROM :"app";
GRANT USAGE ON SCHEMA public TO :"app";

-- Tables of future migrations.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";

-- Existing tables. Locking a row needs UPDATE. Rows deleted with their room, by ON DELETE CASCADE, are deleted with the owner's rights.
SELECT format('REVOKE ALL ON TABLE %I FROM %I', tables.relname, :'app'),
       format('GRANT %s ON TABLE %I TO %I', COALESCE(needed.rights, 'SELECT, INSERT, UPDATE, DELETE'), tables.relname, :'app')
FROM pg_class AS tables
LEFT JOIN (VALUES
  ('rooms',                 'SELECT, INSERT, UPDATE, DELETE'),
  ('polls',                 'SELECT, INSERT, UPDATE, DELETE'),
  ('tallies',               'SELECT, INSERT, UPDATE, DELETE'),
  ('votes',                 'SELECT, INSERT, UPDATE, DELETE'),
  ('discards',              'SELECT, INSERT, UPDATE'),
  ('discarded_participants', 'SELECT, INSERT, DELETE'),
  ('discarded_votes',       'SELECT, INSERT, DELETE'),
  ('entries',               'SELECT, INSERT, UPDATE, DELETE'),
  ('participants',          'SELECT, INSERT, UPDATE'),
  ('seats',                 'SELECT, INSERT, UPDATE, DELETE'),
  ('audit',                 'SELECT, INSERT'),
  ('accounts',              'SELECT, INSERT, UPDATE, DELETE'),
  ('account_sessions',      'SELECT, INSERT, UPDATE, DELETE'),
  ('account_invitations',   'SELECT, INSERT, DELETE'),
  ('room_hosts',            'SELECT, INSERT, DELETE'),
  ('host_invitations',      'SELECT, INSERT, UPDATE, DELETE'),
  ('data_protection_keys',  'SELECT, INSERT, UPDATE'),
  ('__EFMigrationsHistory', 'SELECT')
) AS needed (name, rights) ON needed.name = tables.relname
WHERE tables.relnamespace = 'public'::regnamespace AND tables.relkind = 'r'
\gexec

-- Functions run with the caller's rights, so this grants no others.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO :"app";

COMMIT;
