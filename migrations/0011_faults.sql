-- What runs have published and not cleared: one row for each run, action and target.
CREATE TABLE faults (
    experiment text   NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    action     text   NOT NULL,
    account    text   NOT NULL REFERENCES accounts (id),
    target     text   NOT NULL,
    -- The halt epoch its run started in; a fault of another epoch is never served.
    epoch      bigint NOT NULL CHECK (epoch > 0),
    -- Which invocations of the function it concerns; null means all.
    qualifier  text   CHECK (char_length(qualifier) BETWEEN 1 AND 128),
    not_before timestamptz NOT NULL,
    not_after  timestamptz NOT NULL CHECK (not_after >= not_before),
    fault      json   NOT NULL CHECK (json_typeof(fault) = 'object'),
    PRIMARY KEY (experiment, action, target)
);

CREATE INDEX faults_by_target ON faults (account, target);

-- What is served: for each target the faults published to it, each with its qualifier, and a number that rises with every change
-- and is never reset. Only faults of the newest epoch among them are in it.
CREATE TABLE fault_documents (
    account text   NOT NULL REFERENCES accounts (id),
    target  text   NOT NULL,
    change  bigint NOT NULL CHECK (change BETWEEN 1 AND 4294967295),
    epoch   bigint NOT NULL CHECK (epoch >= 0),
    faults  json   NOT NULL CHECK (json_typeof(faults) = 'array'),
    -- The transaction that changed it last. Nodes read what was written since they last read, and by whom is not yet done then may
    -- become visible later: transactions are ordered where moments and sequences are not.
    written_by xid8 NOT NULL DEFAULT pg_current_xact_id(),
    PRIMARY KEY (account, target)
);

CREATE INDEX fault_documents_written ON fault_documents (written_by);

-- Documents are made where faults change, in the same transaction, so that nobody can publish or clear and forget them.
-- Taking the number locks the document; only then are the faults read, so that of two who publish to one target at once the
-- second sees what the first did. Sorted, so that two who publish to several targets do not wait for each other.
CREATE FUNCTION fault_documents_made() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Every step of a run comes by, and few of them publish or clear.
    IF NOT EXISTS (SELECT FROM changed) THEN RETURN NULL; END IF;

    INSERT INTO fault_documents AS document (account, target, change, epoch, faults)
    SELECT account, target, 1, 0, '[]'::json
    FROM (SELECT DISTINCT account, target FROM changed ORDER BY account, target) AS touched
    ON CONFLICT (account, target) DO UPDATE SET change = document.change + 1, written_by = pg_current_xact_id();

    UPDATE fault_documents AS document
    SET (epoch, faults) = (
        SELECT coalesce(max(fault.epoch), 0),
               coalesce(json_agg(json_build_array(fault.qualifier, fault.fault)
                                 ORDER BY (fault.experiment || '/' || fault.action) COLLATE "C"), '[]')
        FROM faults AS fault
        WHERE fault.account = document.account AND fault.target = document.target
          AND fault.epoch = (SELECT max(epoch) FROM faults AS other
                             WHERE other.account = document.account AND other.target = document.target)
    )
    WHERE (document.account, document.target) IN (SELECT account, target FROM changed);
    RETURN NULL;
END
$$;

CREATE TRIGGER faults_published AFTER INSERT ON faults REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION fault_documents_made();

CREATE TRIGGER faults_cleared AFTER DELETE ON faults REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION fault_documents_made();

CREATE FUNCTION faults_are_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published fault is not changed, only cleared';
END
$$;

CREATE TRIGGER faults_are_not_changed BEFORE UPDATE OR TRUNCATE ON faults
    FOR EACH STATEMENT EXECUTE FUNCTION faults_are_not_changed();
