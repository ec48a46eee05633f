-- Who changed what, written in the transaction that changed it.
CREATE TABLE audit_events (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account    text        NOT NULL REFERENCES accounts (id),
    at         timestamptz NOT NULL,
    actor      text        NOT NULL CHECK (actor <> ''),
    origin     text        NOT NULL CHECK (origin IN ('api', 'control-socket', 'background')),
    address    text,
    request_id text        NOT NULL,
    action     text        NOT NULL CHECK (action ~ '^[a-z-]+\.[a-z-]+$'),
    subject    text        NOT NULL,
    details    jsonb       NOT NULL CHECK (jsonb_typeof(details) = 'object')
);

CREATE INDEX audit_events_by_account ON audit_events (account, id);
