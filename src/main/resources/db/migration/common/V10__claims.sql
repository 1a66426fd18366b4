-- Vaults of one night that several processes share: who works on which, and until when nobody else may. Times are the database's.

CREATE TABLE IF NOT EXISTS fleet_vault (
    scheduled_for TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    vault_uri     VARCHAR(400) NOT NULL,
    weight        BIGINT       NOT NULL,
    state         VARCHAR(10)  NOT NULL,
    process_id    VARCHAR(200),
    taken_until   TIMESTAMP(6) WITH TIME ZONE,
    exit_code     INTEGER,
    PRIMARY KEY (scheduled_for, vault_uri)
);
