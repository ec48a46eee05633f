-- The nodes' heartbeats, by the database's own clock. A node's beats are numbered for as long as its data directory lives, so
-- that a database restored from a backup is recognised: it knows fewer.
CREATE TABLE nodes (
    id             text        PRIMARY KEY CHECK (id <> ''),
    started_at     timestamptz NOT NULL,
    advertise      text        NOT NULL,
    schema_version integer     NOT NULL CHECK (schema_version > 0),
    beat           bigint      NOT NULL CHECK (beat > 0),
    beat_at        timestamptz NOT NULL
);

CREATE INDEX nodes_by_beat_at ON nodes (beat_at);
