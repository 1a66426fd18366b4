-- Whether the run is to copy every object, whatever earlier snapshots have.
ALTER TABLE ledger_run ADD COLUMN IF NOT EXISTS full_copy BOOLEAN DEFAULT FALSE NOT NULL;
