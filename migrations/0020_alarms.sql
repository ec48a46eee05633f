-- Alarms whose state others tell us, for stop conditions to look at. How old an alarm's last news may be is its own; after that it says
-- nothing any more.
CREATE TABLE alarms (
    account    text        NOT NULL REFERENCES accounts (id),
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 255),
    state      text        NOT NULL CHECK (state IN ('OK', 'ALARM', 'INSUFFICIENT_DATA')),
    reason     text        CHECK (char_length(reason) <= 512),
    -- Who keeps telling: somebody who puts this alarm, or an Alertmanager, of which any message is a sign of life.
    fed_by     text        NOT NULL CHECK (fed_by IN ('api', 'alertmanager')),
    max_age    integer     NOT NULL CHECK (max_age > 0),
    updated_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL CHECK (changed_at <= updated_at),
    -- The fingerprints of Alertmanager's alerts of this name that fire.
    firing     json        NOT NULL DEFAULT '[]' CHECK (json_typeof(firing) = 'array'),
    PRIMARY KEY (account, name)
);

-- When an Alertmanager last told an account anything.
CREATE TABLE alertmanager_seen (
    account text        PRIMARY KEY REFERENCES accounts (id),
    at      timestamptz NOT NULL
);
