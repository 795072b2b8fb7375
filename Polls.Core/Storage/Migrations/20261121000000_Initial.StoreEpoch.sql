-- store_epoch_v1: names the epoch of the store. Within one epoch, versions of rooms and tallies only grow. They can go back when an older
-- backup is restored or an asynchronous standby takes over; what was known before then says nothing any more.
--
-- The start of the server changes with a restored file backup or snapshot and with another server that takes over. The files of the tables
-- change when a dump is restored while the server runs. Both also change without a restore (a restart, VACUUM FULL, pg_repack): then the
-- state of the new epoch is the same.
CREATE FUNCTION store_epoch_v1() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT to_hex((extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint) || '-' || to_hex(
    pg_relation_filenode('rooms')::bigint # (pg_relation_filenode('polls')::bigint << 16)
      # (pg_relation_filenode('votes')::bigint << 32) # (pg_relation_filenode('tallies')::bigint << 8))
$$;
