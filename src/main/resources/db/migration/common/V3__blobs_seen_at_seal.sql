-- The execution whose seal last found the object's blob in the store: what a seal does not find becomes pending again.
ALTER TABLE ledger_object ADD COLUMN IF NOT EXISTS seen_by INTEGER;
