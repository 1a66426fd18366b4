-- What lists and pages show of runs and vaults, counted when a run begins or ends, so that nobody counts objects to show a thousand vaults; it
-- outlives the objects' rows, of which older complete runs keep none.

ALTER TABLE ledger_object ADD COLUMN IF NOT EXISTS version_count INTEGER;

ALTER TABLE ledger_former ADD COLUMN IF NOT EXISTS version_count INTEGER;

CREATE TABLE IF NOT EXISTS ledger_summary (
    snapshot_id      VARCHAR(40)  NOT NULL PRIMARY KEY REFERENCES ledger_run,
    vault_uri        VARCHAR(400) NOT NULL,
    scheduled_for    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    status           VARCHAR(20)  NOT NULL,
    executions       INTEGER      NOT NULL,
    started_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at         TIMESTAMP(6) WITH TIME ZONE,
    consistent_as_of TIMESTAMP(6) WITH TIME ZONE,
    manifest         VARCHAR(400),
    units_spent      BIGINT       NOT NULL,
    throttles        BIGINT       NOT NULL,
    objects_kept     BOOLEAN      NOT NULL,
    objects          BIGINT       NOT NULL,
    backed_up        BIGINT       NOT NULL,
    unchanged        BIGINT       NOT NULL,
    covered          BIGINT       NOT NULL,
    excluded         BIGINT       NOT NULL,
    deleted          BIGINT       NOT NULL,
    failed           BIGINT       NOT NULL,
    pending          BIGINT       NOT NULL,
    by_kind          TEXT         NOT NULL,
    bytes            BIGINT       NOT NULL,
    bytes_copied     BIGINT       NOT NULL,
    most_versions    INTEGER,
    near_limit       INTEGER      NOT NULL,
    retries          BIGINT       NOT NULL,
    reasons          TEXT         NOT NULL
);

CREATE INDEX IF NOT EXISTS ledger_summary_by_vault ON ledger_summary (vault_uri, scheduled_for, snapshot_id);

CREATE INDEX IF NOT EXISTS ledger_summary_by_time ON ledger_summary (scheduled_for, snapshot_id);

CREATE TABLE IF NOT EXISTS ledger_vault (
    vault_uri           VARCHAR(400) NOT NULL PRIMARY KEY,
    latest              VARCHAR(40),
    latest_for          TIMESTAMP(6) WITH TIME ZONE,
    status              VARCHAR(20),
    strip               VARCHAR(30)  NOT NULL,
    complete            VARCHAR(40),
    complete_for        TIMESTAMP(6) WITH TIME ZONE,
    complete_started_at TIMESTAMP(6) WITH TIME ZONE,
    complete_ended_at   TIMESTAMP(6) WITH TIME ZONE,
    complete_as_of      TIMESTAMP(6) WITH TIME ZONE,
    failing_since       TIMESTAMP(6) WITH TIME ZONE,
    counted             VARCHAR(40),
    objects             BIGINT,
    failed              BIGINT,
    by_kind             TEXT,
    reasons             TEXT,
    most_versions       INTEGER,
    near_limit          INTEGER,
    verified_at         TIMESTAMP(6) WITH TIME ZONE,
    verified_manifest   VARCHAR(400),
    verified_damage     INTEGER,
    verified_not_given  INTEGER,
    drilled_at          TIMESTAMP(6) WITH TIME ZONE,
    drilled             VARCHAR(40),
    drill_status        VARCHAR(20),
    changed_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- The folder of the vault whose snapshot is examined, and what the examination told last: also one that is to be continued, because the store did not
-- give a copy, may have found damage.
ALTER TABLE ledger_verification ADD COLUMN IF NOT EXISTS folder VARCHAR(400);

ALTER TABLE ledger_verification ADD COLUMN IF NOT EXISTS told_at TIMESTAMP(6) WITH TIME ZONE;

ALTER TABLE ledger_verification ADD COLUMN IF NOT EXISTS findings INTEGER;

ALTER TABLE ledger_verification ADD COLUMN IF NOT EXISTS damage INTEGER;

ALTER TABLE ledger_verification ADD COLUMN IF NOT EXISTS not_given INTEGER;

ALTER TABLE ledger_verification ADD COLUMN IF NOT EXISTS copies BIGINT;

ALTER TABLE ledger_verification ADD COLUMN IF NOT EXISTS copies_read BIGINT;

CREATE INDEX IF NOT EXISTS ledger_verification_by_folder ON ledger_verification (folder, started_at);

CREATE INDEX IF NOT EXISTS ledger_restore_by_source ON ledger_restore (source, started_at);

-- What was before. Of examinations only what was found in copies was recorded; what they ended with is that, at least.
UPDATE ledger_verification SET folder = SUBSTRING(manifest FROM 1 FOR POSITION('/' IN manifest) - 1) WHERE folder IS NULL AND POSITION('/' IN manifest) > 1;

UPDATE ledger_verification SET told_at = heard_at, not_given = 0,
    findings = (SELECT COUNT(*) FROM ledger_finding f WHERE f.verification_id = ledger_verification.verification_id),
    damage = (SELECT COUNT(*) FROM ledger_finding f WHERE f.verification_id = ledger_verification.verification_id
        AND f.problem IN ('COPY_MISSING', 'COPY_DAMAGED', 'COPY_MISPLACED'))
    WHERE ended AND told_at IS NULL;

-- Versions are a list in JSON, in which a quote that belongs to a text has a backslash before it.
UPDATE ledger_former SET version_count = CAST((LENGTH(versions) - LENGTH(REPLACE(versions, '"id":', ''))) / 5 AS INTEGER)
    WHERE version_count IS NULL AND versions IS NOT NULL;

-- Of older complete runs the rows are let go soon.
UPDATE ledger_object SET version_count = CAST((LENGTH(versions) - LENGTH(REPLACE(versions, '"id":', ''))) / 5 AS INTEGER)
    WHERE version_count IS NULL AND versions IS NOT NULL AND snapshot_id IN (SELECT snapshot_id FROM (
        SELECT snapshot_id, status, ROW_NUMBER() OVER (PARTITION BY vault_uri ORDER BY scheduled_for DESC) AS newest FROM ledger_run) r
        WHERE r.newest <= 2 OR r.status <> 'COMPLETE');

INSERT INTO ledger_summary (snapshot_id, vault_uri, scheduled_for, status, executions, started_at, ended_at, consistent_as_of, manifest, units_spent,
        throttles, objects_kept, objects, backed_up, unchanged, covered, excluded, deleted, failed, pending, by_kind, bytes, bytes_copied, most_versions,
        near_limit, retries, reasons)
    SELECT r.snapshot_id, r.vault_uri, r.scheduled_for, r.status, COALESCE(e.executions, 0), COALESCE(e.started_at, r.scheduled_for),
        CASE WHEN r.status <> 'RUNNING' THEN e.ended_at END, m.consistent_as_of, m.manifest, COALESCE(e.units_spent, 0), COALESCE(e.throttles, 0), TRUE,
        COALESCE(o.objects, 0), COALESCE(o.backed_up, 0), COALESCE(o.unchanged, 0), COALESCE(o.covered, 0), COALESCE(o.excluded, 0),
        COALESCE(o.deleted, 0), COALESCE(o.failed, 0), COALESCE(o.pending, 0), COALESCE(k.by_kind, '{}'), COALESCE(o.bytes, 0),
        COALESCE(o.bytes_copied, 0), CAST(o.most_versions AS INTEGER), COALESCE(CAST(o.near_limit AS INTEGER), 0), COALESCE(o.retries, 0),
        COALESCE(f.reasons, '{}')
    FROM ledger_run r
    LEFT JOIN (SELECT snapshot_id, COUNT(*) AS executions, MIN(started_at) AS started_at, MAX(ended_at) AS ended_at,
            CAST(SUM(units_spent) AS BIGINT) AS units_spent, CAST(SUM(throttles) AS BIGINT) AS throttles
        FROM ledger_execution GROUP BY snapshot_id) e ON e.snapshot_id = r.snapshot_id
    LEFT JOIN (SELECT snapshot_id, manifest, consistent_as_of, ROW_NUMBER() OVER (PARTITION BY snapshot_id ORDER BY execution DESC) AS newest
        FROM ledger_execution WHERE manifest IS NOT NULL) m ON m.snapshot_id = r.snapshot_id AND m.newest = 1
    LEFT JOIN (SELECT snapshot_id, COUNT(*) AS objects,
            SUM(CASE WHEN outcome = 'BACKED_UP' THEN 1 ELSE 0 END) AS backed_up,
            SUM(CASE WHEN outcome = 'UNCHANGED' THEN 1 ELSE 0 END) AS unchanged,
            SUM(CASE WHEN outcome = 'COVERED_BY_CERTIFICATE' THEN 1 ELSE 0 END) AS covered,
            SUM(CASE WHEN outcome = 'EXCLUDED' THEN 1 ELSE 0 END) AS excluded,
            SUM(CASE WHEN outcome = 'DELETED_DURING_RUN' THEN 1 ELSE 0 END) AS deleted,
            SUM(CASE WHEN outcome = 'FAILED' THEN 1 ELSE 0 END) AS failed,
            SUM(CASE WHEN outcome = 'PENDING' THEN 1 ELSE 0 END) AS pending,
            CAST(SUM(CASE WHEN outcome IN ('BACKED_UP', 'UNCHANGED') THEN size ELSE 0 END) AS BIGINT) AS bytes,
            CAST(SUM(CASE WHEN outcome = 'BACKED_UP' THEN size ELSE 0 END) AS BIGINT) AS bytes_copied,
            MAX((LENGTH(versions) - LENGTH(REPLACE(versions, '"id":', ''))) / 5) AS most_versions,
            SUM(CASE WHEN (LENGTH(versions) - LENGTH(REPLACE(versions, '"id":', ''))) / 5 >= 400 THEN 1 ELSE 0 END) AS near_limit,
            SUM(CASE WHEN attempts > 1 THEN attempts - 1 ELSE 0 END) AS retries
        FROM ledger_object GROUP BY snapshot_id) o ON o.snapshot_id = r.snapshot_id
    LEFT JOIN (SELECT snapshot_id, '{' || STRING_AGG('"' || kind || '":{' || outcomes || '}', ',') || '}' AS by_kind
        FROM (SELECT snapshot_id, kind, STRING_AGG('"' || outcome || '":' || CAST(objects AS VARCHAR(20)), ',') AS outcomes
            FROM (SELECT snapshot_id, kind, outcome, COUNT(*) AS objects FROM ledger_object GROUP BY snapshot_id, kind, outcome) each_outcome
            GROUP BY snapshot_id, kind) each_kind
        GROUP BY snapshot_id) k ON k.snapshot_id = r.snapshot_id
    LEFT JOIN (SELECT snapshot_id, '{' || STRING_AGG('"' || reason || '":' || CAST(failures AS VARCHAR(20)), ',') || '}' AS reasons
        FROM (SELECT snapshot_id, reason, COUNT(*) AS failures
            FROM (SELECT snapshot_id, reason FROM ledger_object WHERE outcome = 'FAILED' AND reason IS NOT NULL
                UNION ALL SELECT snapshot_id, reason FROM ledger_listing WHERE reason IS NOT NULL) each_failure
            GROUP BY snapshot_id, reason) each_reason
        GROUP BY snapshot_id) f ON f.snapshot_id = r.snapshot_id
    WHERE NOT EXISTS (SELECT 1 FROM ledger_summary s WHERE s.snapshot_id = r.snapshot_id);

INSERT INTO ledger_vault (vault_uri, latest, latest_for, status, strip, complete, complete_for, complete_started_at, complete_ended_at, complete_as_of,
        failing_since, counted, objects, failed, by_kind, reasons, most_versions, near_limit, verified_at, verified_manifest, verified_damage,
        verified_not_given, drilled_at, drilled, drill_status, changed_at)
    SELECT n.vault_uri, n.snapshot_id, n.scheduled_for, n.status, s.strip, c.snapshot_id, c.scheduled_for, c.started_at, c.ended_at, c.consistent_as_of,
        f.failing_since, e.snapshot_id, e.objects, e.failed, e.by_kind, e.reasons, m.most_versions, m.near_limit, v.told_at, v.manifest, v.damage,
        v.not_given, d.ended_at, d.snapshot_id, d.status, CURRENT_TIMESTAMP
    FROM (SELECT vault_uri, snapshot_id, scheduled_for, status,
            REPLACE(REPLACE(vault_uri, 'https://', ''), ':', '_') AS folder,
            ROW_NUMBER() OVER (PARTITION BY vault_uri ORDER BY scheduled_for DESC) AS newest FROM ledger_summary) n
    JOIN (SELECT vault_uri, STRING_AGG(LEFT(status, 1), '' ORDER BY scheduled_for) AS strip
        FROM (SELECT vault_uri, scheduled_for, status,
            ROW_NUMBER() OVER (PARTITION BY vault_uri ORDER BY scheduled_for DESC) AS newest FROM ledger_summary) of_vault
        WHERE newest <= 30 GROUP BY vault_uri) s ON s.vault_uri = n.vault_uri
    LEFT JOIN (SELECT vault_uri, snapshot_id, scheduled_for, started_at, ended_at, consistent_as_of,
            ROW_NUMBER() OVER (PARTITION BY vault_uri ORDER BY scheduled_for DESC) AS newest FROM ledger_summary WHERE status = 'COMPLETE') c
        ON c.vault_uri = n.vault_uri AND c.newest = 1
    LEFT JOIN (SELECT b.vault_uri, MIN(b.scheduled_for) AS failing_since FROM ledger_summary b
        WHERE b.status IN ('INCOMPLETE', 'FAILED', 'STOPPED') AND NOT EXISTS (SELECT 1 FROM ledger_summary l
            WHERE l.vault_uri = b.vault_uri AND l.status = 'COMPLETE' AND l.scheduled_for > b.scheduled_for)
        GROUP BY b.vault_uri) f ON f.vault_uri = n.vault_uri
    LEFT JOIN (SELECT vault_uri, snapshot_id, objects, failed, by_kind, reasons,
            ROW_NUMBER() OVER (PARTITION BY vault_uri ORDER BY scheduled_for DESC) AS newest FROM ledger_summary WHERE status <> 'RUNNING') e
        ON e.vault_uri = n.vault_uri AND e.newest = 1
    LEFT JOIN (SELECT vault_uri, most_versions, near_limit,
            ROW_NUMBER() OVER (PARTITION BY vault_uri ORDER BY scheduled_for DESC) AS newest FROM ledger_summary
            WHERE most_versions IS NOT NULL AND status <> 'RUNNING') m
        ON m.vault_uri = n.vault_uri AND m.newest = 1
    LEFT JOIN (SELECT folder, told_at, manifest, damage, not_given,
            ROW_NUMBER() OVER (PARTITION BY folder ORDER BY told_at DESC) AS newest FROM ledger_verification WHERE told_at IS NOT NULL) v
        ON v.folder = n.folder AND v.newest = 1
    LEFT JOIN (SELECT source, ended_at, snapshot_id, status,
            ROW_NUMBER() OVER (PARTITION BY source ORDER BY started_at DESC) AS newest FROM ledger_restore WHERE trial AND ended_at IS NOT NULL) d
        ON d.source = n.folder AND d.newest = 1
    WHERE n.newest = 1 AND NOT EXISTS (SELECT 1 FROM ledger_vault known WHERE known.vault_uri = n.vault_uri);
