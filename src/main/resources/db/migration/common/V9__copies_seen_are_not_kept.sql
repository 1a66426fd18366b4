-- What a look into the store has seen is compared in memory.
ALTER TABLE ledger_object DROP COLUMN IF EXISTS seen_by;
