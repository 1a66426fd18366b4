-- What went wrong with an execution beside its objects' and first listings' own failures: its deadline, a lost lease, a stop, the seal, a closing
-- listing. Else it was told on that night's terminal alone.
CREATE TABLE IF NOT EXISTS ledger_incident (
    snapshot_id     VARCHAR(40)  NOT NULL REFERENCES ledger_run,
    execution       INTEGER      NOT NULL,
    position        INTEGER      NOT NULL,
    subject         VARCHAR(300) NOT NULL,
    reason          VARCHAR(40)  NOT NULL,
    service_status  INTEGER,
    service_code    VARCHAR(200),
    message         TEXT,
    request_id      VARCHAR(200),
    PRIMARY KEY (snapshot_id, execution, position)
);
