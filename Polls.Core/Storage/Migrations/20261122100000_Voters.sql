-- Rooms in which one account is one voter, and rooms that keep no names.
ALTER TABLE rooms DROP CONSTRAINT ck_rooms_assurance;
ALTER TABLE rooms ADD CONSTRAINT ck_rooms_assurance CHECK (assurance BETWEEN 0 AND 3);
ALTER TABLE rooms ADD COLUMN anonymous boolean NOT NULL DEFAULT false;
-- Leads from an account to its participant, and never leaves the database. One for each room that there is already, too.
ALTER TABLE rooms ADD COLUMN voter_key uuid NOT NULL DEFAULT gen_random_uuid();

-- The minute would tell which participant came in by which code.
UPDATE seats SET taken_at = date_trunc('day', taken_at, 'UTC') WHERE taken_at IS NOT NULL;
