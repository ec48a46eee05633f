-- A team. Every resource and every key belongs to one, and nothing crosses from one to another.
CREATE TABLE accounts (
    id         text        PRIMARY KEY CHECK (id ~ '^[0-9]{12}$'),
    name       text        NOT NULL UNIQUE CHECK (char_length(name) BETWEEN 1 AND 128),
    created_at timestamptz NOT NULL
);
