-- A run of a template. `run` is all of it, the template's copy too; the columns beside it are what statements go by.
--
-- PostgreSQL reads every check anew for each statement that writes a row, which costs a start more than the row itself. So there
-- are few: those without which a run could be lost from sight.
CREATE TABLE experiments (
    id             text        PRIMARY KEY,
    account        text        NOT NULL REFERENCES accounts (id),
    template       text        NOT NULL,
    -- The account and its client token in one: no other index can be mistaken for the one that finds it.
    start_token    text        NOT NULL,
    request_digest bytea       NOT NULL,
    tags           json        NOT NULL,
    -- As they were when the run started.
    account_configurations json NOT NULL,
    status         text        NOT NULL,
    epoch          bigint      NOT NULL,
    run            json        NOT NULL,
    -- What lists show of `run`, so that a page needs not read a hundred whole runs.
    summary        json        NOT NULL,
    -- Rises with every change; who changes a run names the one it read.
    revision       bigint      NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    -- When somebody must look at the run again; nobody must once it has ended.
    next_due       timestamptz,
    -- The node that looks after the run. A node that wakes up late finds its term over and writes nothing.
    holder         text,
    term           bigint      NOT NULL DEFAULT 0,
    held_until     timestamptz,
    event_count    integer     NOT NULL,
    event_head     bytea       NOT NULL,
    -- How many of the events the last seal of the run covers, and which seal that is.
    sealed_count   integer     NOT NULL DEFAULT 0,
    seal           bigint,
    CONSTRAINT experiments_start_token UNIQUE (start_token),
    CONSTRAINT experiments_end CHECK
        ((status IN ('completed', 'stopped', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
    CONSTRAINT experiments_due CHECK ((ended_at IS NULL) = (next_due IS NOT NULL))
);

CREATE INDEX experiments_newest ON experiments (account, created_at DESC, id DESC);
CREATE INDEX experiments_newest_of_template ON experiments (account, template, created_at DESC, id DESC);
CREATE INDEX experiments_due ON experiments (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX experiments_active ON experiments (account) WHERE ended_at IS NULL;
CREATE INDEX experiments_ended ON experiments (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX experiments_unsealed ON experiments (id) WHERE event_count > sealed_count;

-- Counts an account's runs that have not ended, and lets nobody else count until what is made of it is committed.
CREATE FUNCTION experiments_counted_alone(of_account text) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('starts of ' || of_account, 0));
    RETURN (SELECT count(*) FROM experiments WHERE account = of_account AND ended_at IS NULL);
END
$$;

-- Every change of a run's state, in order; a row is what one step of the run brought, under the number of its last event. Each
-- event's digest covers the one before it, so that none can be changed or left out unseen. Written and forgotten in one statement with
-- the run, and so without a foreign key, which would look the run up once more for each row.
CREATE TABLE experiment_events (
    experiment text    NOT NULL,
    last       integer NOT NULL,
    events     json    NOT NULL,
    PRIMARY KEY (experiment, last)
);

-- Heads of runs' chains, chained themselves: cutting the end off a run's chain is seen as well. Numbered without gaps, so that
-- a seal that is missing is seen.
CREATE TABLE event_seals (
    number  bigint      PRIMARY KEY CHECK (number > 0),
    at      timestamptz NOT NULL,
    heads   json        NOT NULL CHECK (json_typeof(heads) = 'array'),
    digest  bytea       NOT NULL CHECK (octet_length(digest) = 32)
);

-- A start writes an audit row too; see above for what checks cost it. What may stand here the program's types say.
ALTER TABLE audit_events
    DROP CONSTRAINT audit_events_account_fkey,
    DROP CONSTRAINT audit_events_actor_check,
    DROP CONSTRAINT audit_events_origin_check,
    DROP CONSTRAINT audit_events_action_check,
    DROP CONSTRAINT audit_events_details_check;
