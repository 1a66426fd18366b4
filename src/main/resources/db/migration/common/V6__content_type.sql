-- What a secret's content type was. Rows of before have none, so a closing listing finds such secrets changed and they are copied anew, once.
ALTER TABLE ledger_object ADD COLUMN IF NOT EXISTS content_type VARCHAR(1000);

ALTER TABLE ledger_closing ADD COLUMN IF NOT EXISTS content_type VARCHAR(1000);

ALTER TABLE ledger_former ADD COLUMN IF NOT EXISTS content_type VARCHAR(1000);
