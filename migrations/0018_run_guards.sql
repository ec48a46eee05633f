-- What is watched for a run: its stop conditions, the probes of its hypothesis, the alarm that an action asserts. A row is claimed by
-- whichever node finds it due; the claim moves `due_at` on, so that a node that dies is followed by another one.
CREATE TABLE run_guards (
    experiment text        NOT NULL,
    -- `stop-conditions`, `hypothesis`, or `action/` and an action's name.
    name       text        NOT NULL,
    account    text        NOT NULL,
    -- How each condition stands, as nodes left it.
    state      json        NOT NULL DEFAULT '{}',
    -- Rises with every claim. What was found in an earlier round than was kept last is not kept any more.
    round      bigint      NOT NULL DEFAULT 0,
    -- The newest round of which anything was kept.
    kept       bigint      NOT NULL DEFAULT 0,
    -- When the last look began.
    looked_at  timestamptz,
    -- When it must be looked at again; null once it is over.
    due_at     timestamptz,
    -- Until when the run's faults may be served, a lease after the last look began; null before everything was read for the first time.
    guarded_until timestamptz,
    PRIMARY KEY (experiment, name)
);

CREATE INDEX run_guards_due ON run_guards (due_at) WHERE due_at IS NOT NULL;

-- What every look at a guard found: for each condition the value, the verdict and how long the answer took.
CREATE TABLE guard_evaluations (
    experiment text        NOT NULL,
    name       text        NOT NULL,
    round      bigint      NOT NULL,
    at         timestamptz NOT NULL,
    readings   json        NOT NULL CHECK (json_typeof(readings) = 'array'),
    PRIMARY KEY (experiment, name, round)
);

-- Whether the run's stop conditions must have been read lately for the fault to be served.
ALTER TABLE faults ADD COLUMN is_guarded boolean NOT NULL DEFAULT false;

-- As before, with a third element for a fault that is guarded.
CREATE OR REPLACE FUNCTION fault_documents_made() RETURNS trigger LANGUAGE plpgsql AS $$
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
               coalesce(json_agg(CASE WHEN fault.is_guarded
                                      THEN json_build_array(fault.qualifier, fault.fault, true)
                                      ELSE json_build_array(fault.qualifier, fault.fault) END
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

-- Whoever ends a run, by whatever statement, ends its guards too; the hypothesis is looked at further, at once, to see the system recover.
CREATE FUNCTION experiments_end_guards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Everybody who takes several guards takes them in this order, so that nobody waits in a circle.
    PERFORM FROM run_guards WHERE experiment = NEW.id ORDER BY name FOR UPDATE;
    UPDATE run_guards
    SET due_at = CASE WHEN name = 'hypothesis' THEN clock_timestamp() END
    WHERE experiment = NEW.id AND due_at IS NOT NULL;
    RETURN NULL;
END
$$;

CREATE TRIGGER experiments_end_guards AFTER UPDATE ON experiments FOR EACH ROW
    WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION experiments_end_guards();

-- As before; and a node of an older version, which knows of no guards, would publish faults that are served whether or not anybody reads
-- the run's stop conditions.
CREATE OR REPLACE FUNCTION faults_respect_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    other record;
BEGIN
    SELECT hold.target, hold.experiment INTO other
    FROM published JOIN target_holds AS hold ON hold.account = published.account AND hold.target = published.target
    WHERE hold.is_exclusive AND hold.experiment <> published.experiment
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'target % is held by % alone', other.target, other.experiment
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'faults_respect_holds', TABLE = 'faults';
    END IF;
    SELECT published.experiment INTO other
    FROM published JOIN run_guards AS duty
        ON duty.experiment = published.experiment AND duty.name = 'stop-conditions'
    WHERE NOT published.is_guarded
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the faults of % are guarded, and were published as if they were not', other.experiment
            USING ERRCODE = 'check_violation', CONSTRAINT = 'faults_are_guarded', TABLE = 'faults';
    END IF;
    RETURN NULL;
END
$$;

-- A run that waited for its targets takes them before its guards are read, and says in `run` what it waits for then. Only a node of an
-- older version, which knows of no line, would have it begin without.
DROP TRIGGER experiments_wait_their_turn ON experiments;

CREATE TRIGGER experiments_wait_their_turn BEFORE UPDATE ON experiments FOR EACH ROW
    WHEN (OLD.status = 'pending' AND NEW.status = 'initiating' AND NEW.run -> 'awaits' IS NULL)
    EXECUTE FUNCTION experiments_wait_their_turn();
