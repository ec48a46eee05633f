-- What a team wrote down once, to run as often as it likes. The content is the template as it was validated; experiments keep
-- a copy of their own, so changing or deleting a template touches none of them.
CREATE TABLE experiment_templates (
    id             text        PRIMARY KEY CHECK (id ~ '^EXT[0-9A-Za-z]{14}$'),
    account        text        NOT NULL REFERENCES accounts (id),
    client_token   text        NOT NULL,
    request_digest bytea       NOT NULL CHECK (octet_length(request_digest) = 32),
    content        json        NOT NULL CHECK (json_typeof(content) = 'object'),
    revision       bigint      NOT NULL DEFAULT 1 CHECK (revision > 0),
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL CHECK (updated_at >= created_at),
    CONSTRAINT experiment_templates_client_token UNIQUE (account, client_token)
);

CREATE INDEX experiment_templates_newest ON experiment_templates (account, created_at DESC, id DESC);

-- The role to take in another account, for templates whose targets are spread over several.
CREATE TABLE target_account_configurations (
    template       text        NOT NULL REFERENCES experiment_templates (id) ON DELETE CASCADE,
    account_id     text        NOT NULL CHECK (char_length(account_id) BETWEEN 12 AND 48),
    role_arn       text        NOT NULL CHECK (char_length(role_arn) BETWEEN 20 AND 2048),
    description    text        CHECK (char_length(description) <= 512),
    client_token   text,
    request_digest bytea       NOT NULL CHECK (octet_length(request_digest) = 32),
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (template, account_id)
);
