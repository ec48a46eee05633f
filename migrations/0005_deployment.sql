-- What all nodes on this database agree on. The check value tells whether a node has the right master key, and is of no use
-- for finding it.
CREATE TABLE deployment (
    singleton        boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    id               text        NOT NULL CHECK (id <> ''),
    master_key_check bytea       NOT NULL CHECK (octet_length(master_key_check) = 32),
    first_account    text        NOT NULL REFERENCES accounts (id),
    region           text        NOT NULL CHECK (region <> ''),
    lease_ms         bigint      NOT NULL CHECK (lease_ms > 0),
    created_at       timestamptz NOT NULL
);
