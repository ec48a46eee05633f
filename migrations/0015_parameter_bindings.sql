-- Names under which a team's functions read their faults: each stands for a target and for the form in which a library wants it.
CREATE TABLE parameter_bindings (
    account    text        NOT NULL REFERENCES accounts (id),
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 1011),
    target     text        NOT NULL CHECK (char_length(target) BETWEEN 1 AND 2048),
    dialect    text        NOT NULL CHECK (dialect <> ''),
    qualifier  text        CHECK (char_length(qualifier) BETWEEN 1 AND 128),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL CHECK (updated_at >= created_at),
    PRIMARY KEY (account, name)
);

-- One number that rises with every change to what nodes keep in memory for readers of parameters: the bindings, and what targets
-- declare of their events. As for identities, triggers raise it, and the row stays locked until the change commits.
CREATE TABLE parameter_changes (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    number    bigint  NOT NULL CHECK (number >= 0)
);

INSERT INTO parameter_changes (number) VALUES (0);

CREATE FUNCTION parameters_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE parameter_changes SET number = number + 1;
    RETURN NULL;
END
$$;

-- For each row, since a statement that changes nothing is no change.
CREATE TRIGGER parameter_bindings_changed AFTER INSERT OR DELETE ON parameter_bindings
    FOR EACH ROW EXECUTE FUNCTION parameters_changed();

CREATE TRIGGER parameter_bindings_moved AFTER UPDATE ON parameter_bindings
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION parameters_changed();

CREATE TRIGGER parameter_bindings_emptied AFTER TRUNCATE ON parameter_bindings
    FOR EACH STATEMENT EXECUTE FUNCTION parameters_changed();

-- Registering targets is frequent and declaring their events is not: only that counts. Looked for as text, since attributes may hold
-- what PostgreSQL cannot take apart.
CREATE TRIGGER target_events_declared AFTER INSERT ON targets
    FOR EACH ROW WHEN (NEW.attributes::text LIKE '%"eventShape"%') EXECUTE FUNCTION parameters_changed();

CREATE TRIGGER target_events_changed AFTER UPDATE ON targets
    FOR EACH ROW WHEN (OLD.attributes::text <> NEW.attributes::text
                       AND (NEW.attributes::text LIKE '%"eventShape"%' OR OLD.attributes::text LIKE '%"eventShape"%'))
    EXECUTE FUNCTION parameters_changed();

CREATE TRIGGER target_events_undeclared AFTER DELETE ON targets
    FOR EACH ROW WHEN (OLD.attributes::text LIKE '%"eventShape"%') EXECUTE FUNCTION parameters_changed();

CREATE INDEX targets_with_events ON targets (account, arn) WHERE attributes::text LIKE '%"eventShape"%';
