-- The one lever of the deployment.
CREATE TABLE safety_lever (
    singleton     boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    status        text        NOT NULL CHECK (status IN ('disengaged', 'engaging', 'engaged')),
    reason        text        NOT NULL CHECK (char_length(reason) <= 512),
    -- Only rises: no fault of a lower epoch is ever served again.
    epoch         bigint      NOT NULL CHECK (epoch BETWEEN 1 AND 2147483647),
    engagement_id text,
    changed_at    timestamptz,
    CONSTRAINT safety_lever_engagement CHECK ((status = 'disengaged') = (engagement_id IS NULL))
);

INSERT INTO safety_lever (status, reason, epoch) VALUES ('disengaged', 'The lever has never been engaged.', 1);

CREATE FUNCTION safety_lever_epoch_rises() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.epoch < OLD.epoch THEN
        RAISE EXCEPTION 'the halt epoch % cannot fall to %', OLD.epoch, NEW.epoch;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER safety_lever_epoch_rises BEFORE UPDATE ON safety_lever
    FOR EACH ROW EXECUTE FUNCTION safety_lever_epoch_rises();

-- Whoever begins a run, or publishes for one, keeps the lever as it is until that is committed, and looks at it only then: a run
-- either is there when the engagement lists what it must stop, or knows of the engagement. An advisory lock, since its queue is
-- fair: a row that is always shared by somebody would never be free for whoever engages.
CREATE FUNCTION safety_lever_stands(wanted_status text, wanted_epoch bigint) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    -- An expression where PERFORM would plan a query.
    locked text := pg_advisory_xact_lock_shared(hashtextextended('safety lever', 0));
BEGIN
    RETURN EXISTS (SELECT FROM safety_lever WHERE status = wanted_status AND epoch = wanted_epoch);
END
$$;

-- Every engagement there was, and how it ended.
CREATE TABLE lever_engagements (
    id                text        PRIMARY KEY CHECK (id <> ''),
    epoch             bigint      NOT NULL UNIQUE,
    reason            text        NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 512),
    engaged_at        timestamptz NOT NULL,
    engaged_by        text        NOT NULL,
    disengaged_at     timestamptz,
    disengaged_reason text        CHECK (char_length(disengaged_reason) BETWEEN 1 AND 512),
    CONSTRAINT lever_engagements_end CHECK ((disengaged_at IS NULL) = (disengaged_reason IS NULL))
);
