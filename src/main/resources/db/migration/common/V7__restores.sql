-- Restores: what each is to do, and has done, object by object; the state that the snapshot has is what the target is compared with.

CREATE TABLE IF NOT EXISTS ledger_restore (
    restore_id  VARCHAR(40)  NOT NULL PRIMARY KEY,
    subject     CHAR(64)     NOT NULL,
    source      VARCHAR(400) NOT NULL,
    snapshot_id VARCHAR(40)  NOT NULL,
    manifest    VARCHAR(400) NOT NULL,
    target      VARCHAR(400) NOT NULL,
    selection   TEXT         NOT NULL,
    trial       BOOLEAN      NOT NULL,
    execution   INTEGER      NOT NULL,
    started_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at    TIMESTAMP(6) WITH TIME ZONE,
    status      VARCHAR(20),
    report      VARCHAR(600)
);

CREATE INDEX IF NOT EXISTS ledger_restore_by_subject ON ledger_restore (subject);

CREATE TABLE IF NOT EXISTS ledger_restore_object (
    restore_id      VARCHAR(40)  NOT NULL REFERENCES ledger_restore,
    kind            VARCHAR(20)  NOT NULL,
    name            VARCHAR(127) NOT NULL,
    managed         BOOLEAN      NOT NULL,
    created         TIMESTAMP(6) WITH TIME ZONE,
    updated         TIMESTAMP(6) WITH TIME ZONE,
    enabled         BOOLEAN      NOT NULL,
    not_before      TIMESTAMP(6) WITH TIME ZONE,
    expires         TIMESTAMP(6) WITH TIME ZONE,
    tags            TEXT         NOT NULL,
    content_type    TEXT,
    token_read_at   TIMESTAMP(6) WITH TIME ZONE,
    versions        TEXT,
    size            BIGINT,
    sha256          CHAR(64),
    blob            VARCHAR(600),
    blob_version    VARCHAR(200),
    call_began      TIMESTAMP(6) WITH TIME ZONE,
    outcome         VARCHAR(30)  NOT NULL,
    why             TEXT,
    millis          BIGINT,
    reason          VARCHAR(40),
    service_status  INTEGER,
    service_code    VARCHAR(200),
    message         TEXT,
    request_id      VARCHAR(200),
    deviations      TEXT         NOT NULL,
    PRIMARY KEY (restore_id, kind, name)
);
