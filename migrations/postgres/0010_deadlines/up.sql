-- Deadlines: one open row a subject and code; the three steps are dated when the deadline starts.
CREATE TABLE deadline (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    noun TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    label TEXT NOT NULL,
    division_id BYTEA,
    code TEXT NOT NULL,
    period TEXT NOT NULL,
    internal TEXT,
    started_ms BIGINT NOT NULL,
    due TEXT NOT NULL,
    due_ms BIGINT NOT NULL,
    internal_due TEXT,
    provisional BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    reason TEXT,
    next_role TEXT NOT NULL,
    worker_id BYTEA,
    account_id BYTEA,
    stage INTEGER NOT NULL,
    remind_ms BIGINT,
    urge_ms BIGINT,
    escalate_ms BIGINT,
    next_ms BIGINT,
    reminded_ms BIGINT,
    urged_ms BIGINT,
    escalated_ms BIGINT,
    met_ms BIGINT,
    dropped_ms BIGINT,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT deadline_stage CHECK (stage BETWEEN 0 AND 3),
    CONSTRAINT deadline_ends_once CHECK (met_ms IS NULL OR dropped_ms IS NULL),
    CONSTRAINT deadline_quiet_once_ended CHECK ((met_ms IS NULL AND dropped_ms IS NULL) OR next_ms IS NULL),
    CONSTRAINT deadline_steps_dated CHECK (
        (stage < 1 OR reminded_ms IS NOT NULL) AND (stage < 2 OR urged_ms IS NOT NULL)
        AND (stage < 3 OR escalated_ms IS NOT NULL))
);
CREATE UNIQUE INDEX deadline_one_open ON deadline (county_id, subject_id, code)
    WHERE met_ms IS NULL AND dropped_ms IS NULL;
CREATE INDEX deadline_by_subject ON deadline (county_id, subject_id);
CREATE INDEX deadline_by_due ON deadline (county_id, due_ms, id);
CREATE INDEX deadline_by_step ON deadline (county_id, next_ms);

-- A county's own length where no law sets one, with the text that sets it.
CREATE TABLE deadline_rule (
    county_id BYTEA NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    period TEXT NOT NULL,
    internal TEXT,
    source TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, code)
);

-- The outbox: one row a message and channel under its idempotency key.
CREATE TABLE notice (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    noun TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    division_id BYTEA,
    account_id BYTEA,
    recipient_sealed BYTEA NOT NULL,
    who_sealed BYTEA NOT NULL,
    args_sealed BYTEA NOT NULL,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_ms BIGINT,
    lease BYTEA,
    lease_until_ms BIGINT,
    error TEXT,
    sent_ms BIGINT,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT notice_channel CHECK (channel IN ('mail', 'sms', 'wechat')),
    CONSTRAINT notice_state CHECK (state IN ('waiting', 'sent', 'failed', 'cancelled')),
    CONSTRAINT notice_waits CHECK ((state = 'waiting') = (next_ms IS NOT NULL)),
    CONSTRAINT notice_sent CHECK ((state = 'sent') = (sent_ms IS NOT NULL))
);
CREATE UNIQUE INDEX notice_once ON notice (county_id, key);
CREATE INDEX notice_by_next ON notice (county_id, next_ms);
CREATE INDEX notice_by_subject ON notice (county_id, subject_id);
CREATE INDEX notice_by_time ON notice (county_id, created_ms, id);

-- What has left or was called off stays so.
CREATE TRIGGER notice_ends_once BEFORE UPDATE ON notice FOR EACH ROW
    WHEN (OLD.state <> 'waiting' AND NEW.state <> OLD.state)
    EXECUTE FUNCTION falin_refuse('notice.ended');

CREATE TABLE inbox (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    noun TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    args_sealed BYTEA NOT NULL,
    at_ms BIGINT NOT NULL,
    read_ms BIGINT,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id)
);
CREATE UNIQUE INDEX inbox_once ON inbox (county_id, key);
CREATE INDEX inbox_by_account ON inbox (county_id, account_id, at_ms, id);
CREATE INDEX inbox_by_subject ON inbox (county_id, subject_id);

-- How a person with an account wants to be told outside the house; what is not said is no.
CREATE TABLE reach (
    county_id BYTEA NOT NULL,
    account_id BYTEA NOT NULL,
    mail_sealed BYTEA,
    phone_sealed BYTEA,
    wechat_sealed BYTEA,
    mail BOOLEAN NOT NULL,
    sms BOOLEAN NOT NULL,
    wechat BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, account_id)
);

-- Whom a clerk telephones because nothing else reaches them.
CREATE TABLE call_task (
    county_id BYTEA NOT NULL,
    id BYTEA NOT NULL,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    noun TEXT NOT NULL,
    subject_id BYTEA NOT NULL,
    division_id BYTEA,
    reason TEXT NOT NULL,
    who_sealed BYTEA NOT NULL,
    phone_sealed BYTEA NOT NULL,
    args_sealed BYTEA NOT NULL,
    outcome TEXT,
    done_ms BIGINT,
    account_id BYTEA,
    created_ms BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id, id),
    CONSTRAINT call_reason CHECK (reason IN ('no_consent', 'no_channel', 'failed')),
    CONSTRAINT call_outcome CHECK (
        (outcome IS NULL) = (done_ms IS NULL)
        AND (outcome IS NULL OR outcome IN ('reached', 'unreachable', 'cancelled')))
);
CREATE UNIQUE INDEX call_once ON call_task (county_id, key);
CREATE INDEX call_by_time ON call_task (county_id, created_ms, id);
CREATE INDEX call_by_subject ON call_task (county_id, subject_id);

-- A county's gateway and mail server.
CREATE TABLE notice_setting (
    county_id BYTEA NOT NULL,
    settings TEXT NOT NULL,
    gateway_sealed BYTEA,
    password_sealed BYTEA,
    version BIGINT NOT NULL,
    PRIMARY KEY (county_id)
);

-- The second wall between counties, as in 0006.
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['deadline', 'deadline_rule', 'notice', 'inbox', 'reach', 'call_task',
        'notice_setting']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY one_county ON %I USING (CASE current_setting(''falin.county'', true) '
            'WHEN ''all'' THEN true ELSE county_id = decode(current_setting(''falin.county'', true), ''hex'') END)',
            name);
    END LOOP;
END $$;
