-- Which runs have a target, from their start to their end. Where a run has it to itself, no other may have it: what the policy of
-- templates promises is held here, also against rows that are written by hand.
CREATE TABLE target_holds (
    account      text        NOT NULL,
    target       text        NOT NULL,
    experiment   text        NOT NULL,
    is_exclusive boolean     NOT NULL,
    since        timestamptz NOT NULL,
    PRIMARY KEY (account, target, experiment)
);

CREATE UNIQUE INDEX target_holds_alone ON target_holds (account, target) WHERE is_exclusive;
CREATE INDEX target_holds_of_experiment ON target_holds (experiment);

-- Runs that wait for targets, in the order of their tickets, which are drawn under the targets' locks: of two that wait for one
-- target the one with the lower number was there first.
CREATE SEQUENCE target_tickets;

CREATE TABLE target_waits (
    account    text   NOT NULL,
    target     text   NOT NULL,
    experiment text   NOT NULL,
    ticket     bigint NOT NULL,
    PRIMARY KEY (account, target, experiment)
);

CREATE INDEX target_waits_of_experiment ON target_waits (experiment);

-- Lets nobody else take, or get in line for, one of these targets until the transaction ends. There are as many locks as buckets, so
-- that a run with thousands of targets does not use up the server's memory for locks; they are taken in one order, so that nobody
-- waits in a circle.
CREATE FUNCTION targets_locked(of_account text, of_targets json) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    bucket integer;
    locked text;
BEGIN
    FOR bucket IN
        SELECT DISTINCT (hashtextextended(of_account || ' ' || target, 0) & 1023)::integer AS number
        FROM json_array_elements_text(of_targets) AS target
        ORDER BY number
    LOOP
        -- An expression where PERFORM would plan a query.
        locked := pg_advisory_xact_lock(hashtext('targets'), bucket);
    END LOOP;
END
$$;

-- Draws the ticket of a run that is about to wait for these targets.
CREATE FUNCTION target_ticket(of_account text, of_targets json) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    locked text := targets_locked(of_account, of_targets);
BEGIN
    RETURN nextval('target_tickets');
END
$$;

-- Locks the targets and then looks, in a new snapshot, who else is there: those who are in the way of a run that wants them, alone or
-- not, and those who are beside it. Null where nobody is. Of waiting runs those with a lower ticket than `before` are in the way.
CREATE FUNCTION targets_claimed(of_account text, of_targets json, by_experiment text, alone boolean, before bigint)
RETURNS json LANGUAGE plpgsql AS $$
DECLARE
    locked text := targets_locked(of_account, of_targets);
BEGIN
    RETURN (
        SELECT json_agg(json_build_array(
                   found.target, found.experiment, experiments.template, found.since::text, found.is_in_the_way)
                   ORDER BY found.is_in_the_way DESC, found.is_waiting, found.target, found.since, found.experiment)
        FROM (
            SELECT hold.target, hold.experiment, hold.since, alone OR hold.is_exclusive AS is_in_the_way,
                   false AS is_waiting
            FROM json_array_elements_text(of_targets) AS wanted
            JOIN target_holds AS hold ON hold.account = of_account AND hold.target = wanted
            WHERE hold.experiment <> by_experiment
            UNION ALL
            SELECT wait.target, wait.experiment, NULL, true, true
            FROM json_array_elements_text(of_targets) AS wanted
            JOIN target_waits AS wait ON wait.account = of_account AND wait.target = wanted
            WHERE before IS NOT NULL AND wait.ticket < before AND wait.experiment <> by_experiment
            -- Enough to be named; those in the way first.
            ORDER BY is_in_the_way DESC, is_waiting, target, since, experiment
            LIMIT 20
        ) AS found
        LEFT JOIN experiments ON experiments.id = found.experiment
    );
END
$$;

-- The unique index keeps two runs apart that each want a target alone; this keeps one that wants it alone apart from those that share.
CREATE FUNCTION target_holds_do_not_mix() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_account text;
    mixed record;
BEGIN
    -- An older snapshot would not show what those did whom the locks waited for.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'targets are held in read committed transactions only';
    END IF;
    FOR of_account IN SELECT DISTINCT account FROM added ORDER BY account LOOP
        PERFORM targets_locked(
            of_account, (SELECT json_agg(DISTINCT added.target) FROM added WHERE added.account = of_account));
    END LOOP;
    SELECT added.target, added.experiment AS wants, other.experiment AS has INTO mixed
    FROM added
    JOIN target_holds AS other ON other.account = added.account AND other.target = added.target
    WHERE other.experiment <> added.experiment AND (added.is_exclusive OR other.is_exclusive)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'target % cannot be held by % beside %', mixed.target, mixed.wants, mixed.has
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'target_holds_do_not_mix', TABLE = 'target_holds';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER target_holds_do_not_mix AFTER INSERT ON target_holds REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION target_holds_do_not_mix();

CREATE FUNCTION target_holds_are_not_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a hold is not changed, only let go';
END
$$;

CREATE TRIGGER target_holds_are_not_changed BEFORE UPDATE OR TRUNCATE ON target_holds
    FOR EACH STATEMENT EXECUTE FUNCTION target_holds_are_not_changed();

-- Whoever ends a run, by whatever statement, lets go of its targets, and whoever has it begin takes it out of the line.
CREATE FUNCTION experiments_let_go() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM target_waits WHERE experiment = OLD.id;
    IF TG_OP = 'DELETE' OR NEW.ended_at IS NOT NULL THEN
        DELETE FROM target_holds WHERE experiment = OLD.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER experiments_let_go AFTER UPDATE ON experiments FOR EACH ROW
    WHEN (OLD.status <> NEW.status AND (OLD.status = 'pending' OR NEW.ended_at IS NOT NULL))
    EXECUTE FUNCTION experiments_let_go();

CREATE TRIGGER experiments_deleted_let_go AFTER DELETE ON experiments FOR EACH ROW
    WHEN (OLD.ended_at IS NULL)
    EXECUTE FUNCTION experiments_let_go();

-- What holds for runs whose template does not say.
ALTER TABLE deployment ADD COLUMN overlap text NOT NULL DEFAULT 'allow'
    CONSTRAINT deployment_overlap CHECK (overlap IN ('allow', 'refuse', 'queue'));

-- What runs have published that are under way as this comes, they hold, with others. What they have not published yet is not known here.
INSERT INTO target_holds (account, target, experiment, is_exclusive, since)
SELECT DISTINCT faults.account, faults.target, faults.experiment, false, clock_timestamp()
FROM faults JOIN experiments ON experiments.id = faults.experiment
WHERE experiments.ended_at IS NULL;

-- A node of an older version knows of no holds: what it would do against them is not written.
CREATE FUNCTION faults_respect_holds() RETURNS trigger LANGUAGE plpgsql AS $$
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
    RETURN NULL;
END
$$;

CREATE TRIGGER faults_respect_holds AFTER INSERT ON faults REFERENCING NEW TABLE AS published
    FOR EACH STATEMENT EXECUTE FUNCTION faults_respect_holds();

CREATE FUNCTION experiments_wait_their_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM target_waits WHERE experiment = OLD.id) THEN
        RAISE EXCEPTION 'the run % waits for its targets and cannot begin yet', OLD.id;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER experiments_wait_their_turn BEFORE UPDATE ON experiments FOR EACH ROW
    WHEN (OLD.status = 'pending' AND NEW.status = 'initiating')
    EXECUTE FUNCTION experiments_wait_their_turn();
