-- What was told last of each vault and topic (backup, verify, drill, age), so that processes, relaunches and repetitions tell a thing once.
CREATE TABLE IF NOT EXISTS notification (
    topic   VARCHAR(10)  NOT NULL,
    vault   VARCHAR(255) NOT NULL,
    state   VARCHAR(20)  NOT NULL,
    about   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    since   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    told_at TIMESTAMP(6) WITH TIME ZONE,
    PRIMARY KEY (topic, vault)
);
