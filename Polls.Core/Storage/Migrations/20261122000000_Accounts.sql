-- Accounts of hosts. Secrets are stored as hashes, or protected by the key ring.

CREATE TABLE accounts (
  id                  uuid        NOT NULL CONSTRAINT pk_accounts PRIMARY KEY,
  email               text        NOT NULL,
  normalized_email    text        NOT NULL,
  password_hash       text        NOT NULL,
  security_stamp      text        NOT NULL,
  concurrency_stamp   text        NOT NULL,
  two_factor_enabled  boolean     NOT NULL,
  authenticator_key   text,
  recovery_codes      text[]      NOT NULL,
  used_step           bigint      NOT NULL,
  attempts            integer     NOT NULL,
  attempted_at        timestamptz,
  created_at          timestamptz NOT NULL
);
CREATE UNIQUE INDEX ux_accounts_normalized_email ON accounts (normalized_email);

CREATE TABLE account_invitations (
  id           uuid        NOT NULL CONSTRAINT pk_account_invitations PRIMARY KEY,
  secret_hash  bytea       NOT NULL,
  created_by   uuid        CONSTRAINT fk_account_invitations_accounts REFERENCES accounts (id) ON DELETE CASCADE,
  expires_at   timestamptz NOT NULL
);
CREATE UNIQUE INDEX ux_account_invitations_secret_hash ON account_invitations (secret_hash);
CREATE INDEX ix_account_invitations_created_by ON account_invitations (created_by);

-- Rooms made before, and by the version before, have no owner.
ALTER TABLE rooms ADD COLUMN owner_id uuid CONSTRAINT fk_rooms_accounts REFERENCES accounts (id) ON DELETE SET NULL;
-- Ids grow with time: an owner's newest rooms are at the end.
CREATE INDEX ix_rooms_owner_id_id ON rooms (owner_id, id);

CREATE TABLE room_hosts (
  room_id     uuid        NOT NULL CONSTRAINT fk_room_hosts_rooms REFERENCES rooms (id) ON DELETE CASCADE,
  account_id  uuid        NOT NULL CONSTRAINT fk_room_hosts_accounts REFERENCES accounts (id) ON DELETE CASCADE,
  added_at    timestamptz NOT NULL,
  CONSTRAINT pk_room_hosts PRIMARY KEY (room_id, account_id)
);
CREATE INDEX ix_room_hosts_account_id_room_id ON room_hosts (account_id, room_id);

CREATE TABLE host_invitations (
  id           uuid        NOT NULL CONSTRAINT pk_host_invitations PRIMARY KEY,
  room_id      uuid        NOT NULL CONSTRAINT fk_host_invitations_rooms REFERENCES rooms (id) ON DELETE CASCADE,
  secret_hash  bytea       NOT NULL,
  expires_at   timestamptz NOT NULL
);
CREATE UNIQUE INDEX ux_host_invitations_secret_hash ON host_invitations (secret_hash);
CREATE INDEX ix_host_invitations_room_id ON host_invitations (room_id);
