-- A run of a template. `run` is all of it, the template's copy too; the columns beside it are what statements go by.
CREATE TABLE experiments (
    id             text        PRIMARY KEY CHECK (id ~ '^EXP[0-9A-Za-z]{15}$'),
    account        text        NOT NULL REFERENCES accounts (id),
    template       text        NOT NULL,
    client_token   text        NOT NULL,
    request_digest bytea       NOT NULL CHECK (octet_length(request_digest) = 32),
    tags           json        NOT NULL CHECK (json_typeof(tags) = 'object'),
    -- As they were when the run started.
    account_configurations json NOT NULL CHECK (json_typeof(account_configurations) = 'array'),
    status         text        NOT NULL CHECK (status IN ('pending', 'initiating', 'running', 'completed', 'stopping',
                                                          'stopped', 'failed', 'cancelled')),
    epoch          bigint      NOT NULL CHECK (epoch > 0),
    run            json        NOT NULL CHECK (json_typeof(run) = 'object'),
    -- Rises with every change; who changes a run names the one it read.
    revision       bigint      NOT NULL DEFAULT 1 CHECK (revision > 0),
    created_at     timestamptz NOT NULL,
    ended_at       timestamptz,
    -- When somebody must look at the run again; nobody must once it has ended.
    next_due       timestamptz,
    -- The node that looks after the run. A node that wakes up late finds its term over and writes nothing.
    holder         text,
    term           bigint      NOT NULL DEFAULT 0 CHECK (term >= 0),
    held_until     timestamptz,
    event_count    integer     NOT NULL CHECK (event_count >= 0),
    event_head     bytea       NOT NULL CHECK (octet_length(event_head) = 32),
    -- How many of the events the last seal of the run covers, and which seal that is.
    sealed_count   integer     NOT NULL DEFAULT 0,
    seal           bigint,
    CONSTRAINT experiments_client_token UNIQUE (account, client_token),
    CONSTRAINT experiments_end CHECK
        ((status IN ('completed', 'stopped', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
    CONSTRAINT experiments_due CHECK ((ended_at IS NULL) = (next_due IS NOT NULL)),
    CONSTRAINT experiments_held CHECK ((holder IS NULL) = (held_until IS NULL)),
    CONSTRAINT experiments_sealed CHECK (sealed_count >= 0 AND (sealed_count = 0) = (seal IS NULL))
);

CREATE INDEX experiments_newest ON experiments (account, created_at DESC, id DESC);
CREATE INDEX experiments_newest_of_template ON experiments (account, template, created_at DESC, id DESC);
CREATE INDEX experiments_due ON experiments (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX experiments_active ON experiments (account) WHERE ended_at IS NULL;
CREATE INDEX experiments_ended ON experiments (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX experiments_unsealed ON experiments (id) WHERE event_count > sealed_count;

-- Every change of a run's state, in order. Each digest covers the one before it, so that none can be changed or left out unseen.
CREATE TABLE experiment_events (
    experiment text        NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    number     integer     NOT NULL CHECK (number > 0),
    at         timestamptz NOT NULL,
    payload    json        NOT NULL,
    digest     bytea       NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (experiment, number)
);

-- Heads of runs' chains, chained themselves: cutting the end off a run's chain is seen as well. Numbered without gaps, so that
-- a seal that is missing is seen.
CREATE TABLE event_seals (
    number  bigint      PRIMARY KEY CHECK (number > 0),
    at      timestamptz NOT NULL,
    heads   json        NOT NULL CHECK (json_typeof(heads) = 'array'),
    digest  bytea       NOT NULL CHECK (octet_length(digest) = 32)
);
