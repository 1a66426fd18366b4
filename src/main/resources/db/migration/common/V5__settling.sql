-- Of which moment a snapshot's copies are: the service's time, at least, when each one's backup call began, what the last listing after the
-- backups showed, former copies of what is being copied anew, and the moment itself.
ALTER TABLE ledger_object ADD COLUMN IF NOT EXISTS called_after TIMESTAMP(6) WITH TIME ZONE;

ALTER TABLE ledger_execution ADD COLUMN IF NOT EXISTS consistent_as_of TIMESTAMP(6) WITH TIME ZONE;

CREATE TABLE IF NOT EXISTS ledger_closing (
    snapshot_id     VARCHAR(40)  NOT NULL REFERENCES ledger_run,
    execution       INTEGER      NOT NULL,
    kind            VARCHAR(20)  NOT NULL,
    name            VARCHAR(127) NOT NULL,
    managed         BOOLEAN      NOT NULL,
    created         TIMESTAMP(6) WITH TIME ZONE,
    updated         TIMESTAMP(6) WITH TIME ZONE,
    enabled         BOOLEAN      NOT NULL,
    not_before      TIMESTAMP(6) WITH TIME ZONE,
    expires         TIMESTAMP(6) WITH TIME ZONE,
    tags            TEXT         NOT NULL,
    token_read_at   TIMESTAMP(6) WITH TIME ZONE,
    PRIMARY KEY (snapshot_id, kind, name, execution)
);

CREATE TABLE IF NOT EXISTS ledger_former (
    snapshot_id     VARCHAR(40)  NOT NULL REFERENCES ledger_run,
    kind            VARCHAR(20)  NOT NULL,
    name            VARCHAR(127) NOT NULL,
    managed         BOOLEAN      NOT NULL,
    created         TIMESTAMP(6) WITH TIME ZONE,
    updated         TIMESTAMP(6) WITH TIME ZONE,
    enabled         BOOLEAN      NOT NULL,
    not_before      TIMESTAMP(6) WITH TIME ZONE,
    expires         TIMESTAMP(6) WITH TIME ZONE,
    tags            TEXT         NOT NULL,
    token_read_at   TIMESTAMP(6) WITH TIME ZONE,
    outcome         VARCHAR(30)  NOT NULL,
    execution       INTEGER      NOT NULL,
    versions        TEXT,
    size            BIGINT,
    sha256          CHAR(64),
    blob            VARCHAR(600),
    blob_version    VARCHAR(200),
    call_began      TIMESTAMP(6) WITH TIME ZONE,
    called_after    TIMESTAMP(6) WITH TIME ZONE,
    PRIMARY KEY (snapshot_id, kind, name)
);
