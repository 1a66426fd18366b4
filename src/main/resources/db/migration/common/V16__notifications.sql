-- What was told last of each vault and topic (backup, verify, drill, age), so that processes, relaunches and repetitions tell a thing once.
-- Who is about to tell claims it first; told_at is set when somebody was reached. events are those since the trouble began, until its end is told.
CREATE TABLE IF NOT EXISTS notification (
    topic      VARCHAR(10)  NOT NULL,
    vault      VARCHAR(255) NOT NULL,
    state      VARCHAR(20)  NOT NULL,
    events     VARCHAR(100) NOT NULL,
    about      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    since      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    claimed_at TIMESTAMP(6) WITH TIME ZONE,
    told_at    TIMESTAMP(6) WITH TIME ZONE,
    PRIMARY KEY (topic, vault)
);
-- Which examinations found the damage of a vault that is told: the part of the copies that they read, and the newest snapshot.
CREATE TABLE IF NOT EXISTS notification_finding (
    topic    VARCHAR(10)  NOT NULL,
    vault    VARCHAR(255) NOT NULL,
    part     VARCHAR(9)   NOT NULL,
    snapshot VARCHAR(100) NOT NULL,
    PRIMARY KEY (topic, vault, part)
);
