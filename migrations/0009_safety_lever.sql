-- The one lever of the deployment. Whoever starts a run locks this row against whoever engages, so that a run either is in the
-- engagement's list of runs to stop or knows of the engagement.
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
