-- The ledger: each run's plan and memory, object by object. The same for H2 (in its PostgreSQL mode) and PostgreSQL.

CREATE TABLE IF NOT EXISTS ledger_run (
    snapshot_id   VARCHAR(40)  NOT NULL PRIMARY KEY,
    vault_uri     VARCHAR(400) NOT NULL,
    scheduled_for TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    kinds         VARCHAR(60)  NOT NULL,
    include_globs TEXT         NOT NULL,
    exclude_globs TEXT         NOT NULL,
    selection     TEXT         NOT NULL,
    status        VARCHAR(20)  NOT NULL
);

CREATE INDEX IF NOT EXISTS ledger_run_by_vault ON ledger_run (vault_uri, scheduled_for);

CREATE TABLE IF NOT EXISTS ledger_execution (
    snapshot_id VARCHAR(40)  NOT NULL REFERENCES ledger_run,
    execution   INTEGER      NOT NULL,
    started_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at    TIMESTAMP(6) WITH TIME ZONE,
    status      VARCHAR(20)  NOT NULL,
    manifest    VARCHAR(400),
    units_spent BIGINT,
    throttles   BIGINT,
    PRIMARY KEY (snapshot_id, execution)
);

CREATE TABLE IF NOT EXISTS ledger_listing (
    snapshot_id     VARCHAR(40) NOT NULL REFERENCES ledger_run,
    kind            VARCHAR(20) NOT NULL,
    objects         BIGINT      NOT NULL,
    reason          VARCHAR(40),
    service_status  INTEGER,
    service_code    VARCHAR(200),
    message         TEXT,
    request_id      VARCHAR(200),
    PRIMARY KEY (snapshot_id, kind)
);

CREATE TABLE IF NOT EXISTS ledger_object (
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
    attempts        INTEGER      NOT NULL,
    reason          VARCHAR(40),
    service_status  INTEGER,
    service_code    VARCHAR(200),
    message         TEXT,
    request_id      VARCHAR(200),
    versions        TEXT,
    size            BIGINT,
    sha256          CHAR(64),
    blob            VARCHAR(600),
    blob_version    VARCHAR(200),
    call_began      TIMESTAMP(6) WITH TIME ZONE,
    PRIMARY KEY (snapshot_id, kind, name)
);

CREATE INDEX IF NOT EXISTS ledger_object_by_outcome ON ledger_object (snapshot_id, outcome, kind, name);
