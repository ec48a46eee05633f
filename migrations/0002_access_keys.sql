-- Who may call. The secret is derived from the master key and the columns that say what the key may do, so this table holds
-- no secret, and editing a row makes a key that nobody has the secret of.
CREATE TABLE access_keys (
    id             text        PRIMARY KEY CHECK (id ~ '^FP[A-Z2-7]{18}$'),
    account        text        NOT NULL REFERENCES accounts (id),
    role           text        NOT NULL CHECK (role IN ('admin', 'operator', 'editor', 'viewer', 'agent')),
    target_pattern text        CHECK (char_length(target_pattern) BETWEEN 1 AND 2048),
    name           text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 128),
    created_at     timestamptz NOT NULL,
    created_by     text        NOT NULL,
    revoked_at     timestamptz,
    CONSTRAINT access_keys_pattern_is_the_agents CHECK ((role = 'agent') = (target_pattern IS NOT NULL)),
    CONSTRAINT access_keys_revoked_after_created CHECK (revoked_at >= created_at)
);

CREATE INDEX access_keys_by_account ON access_keys (account, created_at, id);
