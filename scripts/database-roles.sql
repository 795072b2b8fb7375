-- Two roles for Polls instead of one: an owner, as which `dotnet Polls.Api.dll migrate` makes and changes the schema, and one
-- as which the instances run, with Database__MigrateAtStart=false: it reads and writes rows, and changes no table.
--
--   psql -d polls -f scripts/database-roles.sql         as a superuser, in the database of Polls
--   \password polls_owner   and   \password polls_app   the first time: the roles are made without one
--   dotnet Polls.Api.dll migrate                        with the owner in ConnectionStrings__Polls
--   psql -d polls -f scripts/database-roles.sql         again, now that there are tables, and after an upgrade
--
-- Other names: -v owner=NAME -v app=NAME. Where one role owns the tables already, give it as the owner. All of it may be done
-- again at any time, while instances run. Tables of a later version can be read and written by instances at once, so that an
-- upgrade needs nothing of this in between; the last run takes away again what a table does not need.

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

BEGIN;

-- Nobody else has business here.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()),
       format('GRANT CONNECT ON DATABASE %I TO %I, %I', current_database(), :'owner', :'app')
\gexec
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO :"owner";
REVOKE ALL ON SCHEMA public FROM :"app";
GRANT USAGE ON SCHEMA public TO :"app";

-- What migrations are still to make.
ALTER DEFAULT PRIVILEGES FOR ROLE :"owner" IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO :"app";

-- What there is. Locking a row takes UPDATE; what goes with its room, by ON DELETE CASCADE, goes by the owner's right.
SELECT format('REVOKE ALL ON TABLE %I FROM %I', tables.relname, :'app'),
       format('GRANT %s ON TABLE %I TO %I', COALESCE(needed.rights, 'SELECT, INSERT, UPDATE, DELETE'), tables.relname, :'app')
FROM pg_class AS tables
LEFT JOIN (VALUES
  ('rooms',                 'SELECT, INSERT, UPDATE, DELETE'),
  ('polls',                 'SELECT, INSERT, UPDATE, DELETE'),
  ('tallies',               'SELECT, INSERT, UPDATE, DELETE'),
  ('votes',                 'SELECT, INSERT, UPDATE, DELETE'),
  ('participants',          'SELECT, INSERT, UPDATE'),
  ('seats',                 'SELECT, INSERT, UPDATE, DELETE'),
  ('audit',                 'SELECT, INSERT'),
  ('accounts',              'SELECT, INSERT, UPDATE, DELETE'),
  ('account_invitations',   'SELECT, INSERT, DELETE'),
  ('room_hosts',            'SELECT, INSERT, DELETE'),
  ('host_invitations',      'SELECT, INSERT, UPDATE, DELETE'),
  ('data_protection_keys',  'SELECT, INSERT, UPDATE'),
  ('__EFMigrationsHistory', 'SELECT')
) AS needed (name, rights) ON needed.name = tables.relname
WHERE tables.relnamespace = 'public'::regnamespace AND tables.relkind = 'r'
\gexec

-- Functions run with the caller's own rights, so calling them gives none.
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO :"app";

COMMIT;
