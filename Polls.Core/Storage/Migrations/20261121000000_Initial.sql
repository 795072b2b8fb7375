-- Every rule that must never be broken is a constraint here, whatever the code above does.
-- Lock order, for everybody, always: polls by id, then votes, then tallies, then rooms.

CREATE TABLE rooms (
  id            uuid        NOT NULL CONSTRAINT pk_rooms PRIMARY KEY,
  code          text        NOT NULL CONSTRAINT ck_rooms_code CHECK (code ~ '^[0-9]{6}$'),
  title         text        NOT NULL,
  version       bigint      NOT NULL,
  created_at    timestamptz NOT NULL,
  host_seen_at  timestamptz NOT NULL,
  ended_at      timestamptz
);
CREATE UNIQUE INDEX ux_rooms_live_code ON rooms (code) WHERE ended_at IS NULL;
CREATE INDEX ix_rooms_code_created_at ON rooms (code, created_at);

CREATE TABLE polls (
  id                uuid     NOT NULL CONSTRAINT pk_polls PRIMARY KEY,
  room_id           uuid     NOT NULL CONSTRAINT fk_polls_rooms REFERENCES rooms (id) ON DELETE CASCADE,
  position          integer  NOT NULL,
  kind              smallint NOT NULL,
  question          text     NOT NULL,
  options           text[]   NOT NULL CONSTRAINT ck_polls_options CHECK (cardinality(options) BETWEEN 2 AND 20),
  max_choices       integer  NOT NULL,
  visibility        smallint NOT NULL,
  results_shown     boolean,
  allow_change      boolean  NOT NULL,
  duration_seconds  integer,
  state             smallint NOT NULL CONSTRAINT ck_polls_state CHECK (state BETWEEN 0 AND 2),
  edition           integer  NOT NULL,
  version           bigint   NOT NULL,
  opened_at         timestamptz,
  closes_at         timestamptz,
  closed_at         timestamptz,
  CONSTRAINT ck_polls_max_choices CHECK (max_choices BETWEEN 1 AND cardinality(options))
);
CREATE INDEX ix_polls_room_id_position ON polls (room_id, position);
CREATE INDEX ix_polls_due ON polls (closes_at) WHERE state = 1 AND closes_at IS NOT NULL;

-- A hot row: room on its page lets every move of a tally stay a heap-only update.
CREATE TABLE tallies (
  poll_id   uuid        NOT NULL CONSTRAINT pk_tallies PRIMARY KEY
                        CONSTRAINT fk_tallies_polls REFERENCES polls (id) ON DELETE CASCADE,
  version   bigint      NOT NULL,
  counts    integer[]   NOT NULL CONSTRAINT ck_tallies_counts CHECK (0 <= ALL (counts)),
  voters    integer     NOT NULL CONSTRAINT ck_tallies_voters CHECK (voters >= 0),
  moved_at  timestamptz NOT NULL
) WITH (fillfactor = 20);

CREATE TABLE participants (
  id         uuid        NOT NULL CONSTRAINT pk_participants PRIMARY KEY,
  room_id    uuid        NOT NULL CONSTRAINT fk_participants_rooms REFERENCES rooms (id) ON DELETE CASCADE,
  nickname   text,
  joined_at  timestamptz NOT NULL
);
CREATE INDEX ix_participants_room_id ON participants (room_id);

-- No foreign key to participants: it would lock and touch the voter's row for every vote, and the voter's token
-- already proves the participant. The primary key is the rule of one vote per participant and poll.
CREATE TABLE votes (
  poll_id         uuid        NOT NULL CONSTRAINT fk_votes_polls REFERENCES polls (id) ON DELETE CASCADE,
  participant_id  uuid        NOT NULL,
  revision        integer     NOT NULL CONSTRAINT ck_votes_revision CHECK (revision >= 0),
  marks           smallint[]  NOT NULL,
  tally_version   bigint      NOT NULL,
  cast_at         timestamptz NOT NULL,
  CONSTRAINT pk_votes PRIMARY KEY (poll_id, participant_id)
) WITH (fillfactor = 80);

CREATE TABLE data_protection_keys (
  friendly_name  text NOT NULL CONSTRAINT pk_data_protection_keys PRIMARY KEY,
  xml            text NOT NULL
);
