-- What Spring Batch keeps is looked for by its age, and by what it belongs to: when it is let go, and by Spring Batch itself at each launch. In PostgreSQL a foreign key has
-- no index of its own.
CREATE INDEX IF NOT EXISTS batch_job_execution_by_time ON BATCH_JOB_EXECUTION (CREATE_TIME);

CREATE INDEX IF NOT EXISTS batch_job_execution_by_instance ON BATCH_JOB_EXECUTION (JOB_INSTANCE_ID);

CREATE INDEX IF NOT EXISTS batch_job_execution_params_by_execution ON BATCH_JOB_EXECUTION_PARAMS (JOB_EXECUTION_ID);

CREATE INDEX IF NOT EXISTS batch_step_execution_by_execution ON BATCH_STEP_EXECUTION (JOB_EXECUTION_ID);
