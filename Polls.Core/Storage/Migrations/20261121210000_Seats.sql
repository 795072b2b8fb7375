-- What stands behind one person, one vote; rooms that were there before counted devices.
ALTER TABLE rooms ADD COLUMN assurance smallint NOT NULL DEFAULT 0 CONSTRAINT ck_rooms_assurance CHECK (assurance BETWEEN 0 AND 2);

CREATE TABLE seats (
  room_id   uuid        NOT NULL CONSTRAINT fk_seats_rooms REFERENCES rooms (id) ON DELETE CASCADE,
  code      text        NOT NULL,
  number    integer     NOT NULL,
  taken_at  timestamptz,
  taken_by  uuid,
  CONSTRAINT pk_seats PRIMARY KEY (room_id, code)
);
