-- Each process asks once a second how many are at work; the rows of thirty days of nights are not to be read for that. What has ended has no time.
CREATE INDEX IF NOT EXISTS fleet_vault_taken ON fleet_vault (taken_until);
