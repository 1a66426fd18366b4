-- How far a run is while it runs, for whoever looks on from another process: one row a run, written anew every few seconds.
CREATE TABLE IF NOT EXISTS ledger_progress (
    snapshot_id VARCHAR(40)  NOT NULL PRIMARY KEY REFERENCES ledger_run,
    execution   INTEGER      NOT NULL,
    process_id  VARCHAR(300) NOT NULL,
    phase       VARCHAR(20)  NOT NULL,
    listed      BIGINT       NOT NULL,
    done        BIGINT       NOT NULL,
    failed      BIGINT       NOT NULL,
    total       BIGINT       NOT NULL,
    spent       BIGINT       NOT NULL,
    budget      BIGINT       NOT NULL,
    throttles   BIGINT       NOT NULL,
    per_second  DOUBLE PRECISION NOT NULL,
    noted_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- What it had done by when, for a chart. Both are kept for a week of a vault's runs: RunProgressNotes.
CREATE TABLE IF NOT EXISTS ledger_rate (
    snapshot_id VARCHAR(40) NOT NULL REFERENCES ledger_run,
    execution   INTEGER     NOT NULL,
    noted_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    done        BIGINT      NOT NULL,
    failed      BIGINT      NOT NULL,
    spent       BIGINT      NOT NULL,
    throttles   BIGINT      NOT NULL,
    PRIMARY KEY (snapshot_id, execution, noted_at)
);
