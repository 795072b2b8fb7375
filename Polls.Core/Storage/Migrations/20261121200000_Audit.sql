-- What was done in rooms, by whom and when. Rows are only ever added, and go with their room.
CREATE TABLE audit (
  id       bigint      GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_audit PRIMARY KEY,
  room_id  uuid        NOT NULL CONSTRAINT fk_audit_rooms REFERENCES rooms (id) ON DELETE CASCADE,
  at       timestamptz NOT NULL DEFAULT clock_timestamp(),
  who      text        NOT NULL,
  what     text        NOT NULL,
  poll_id  uuid
);
CREATE INDEX ix_audit_room_id ON audit (room_id, id);

-- Housekeeping looks for rooms that ended long ago.
CREATE INDEX ix_rooms_ended_at ON rooms (ended_at) WHERE ended_at IS NOT NULL;
