-- Examinations of snapshots: which copies were read, so that an interrupted one is continued, and what was found.

CREATE TABLE IF NOT EXISTS ledger_verification (
    verification_id VARCHAR(40)  NOT NULL PRIMARY KEY,
    subject         CHAR(64)     NOT NULL,
    manifest        VARCHAR(400) NOT NULL,
    part            INTEGER      NOT NULL,
    parts           INTEGER      NOT NULL,
    started_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    heard_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended           BOOLEAN      NOT NULL
);

CREATE INDEX IF NOT EXISTS ledger_verification_by_subject ON ledger_verification (subject);

CREATE TABLE IF NOT EXISTS ledger_copy_read (
    verification_id VARCHAR(40)  NOT NULL REFERENCES ledger_verification,
    blob            VARCHAR(600) NOT NULL,
    PRIMARY KEY (verification_id, blob)
);

CREATE TABLE IF NOT EXISTS ledger_finding (
    verification_id VARCHAR(40)  NOT NULL REFERENCES ledger_verification,
    problem         VARCHAR(40)  NOT NULL,
    subject         VARCHAR(600) NOT NULL,
    message         TEXT         NOT NULL
);

CREATE INDEX IF NOT EXISTS ledger_finding_by_verification ON ledger_finding (verification_id);
