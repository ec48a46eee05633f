-- What injectors reported of their invocations, as each node added it up: a row for each target and five seconds. Partitioned by day, so
-- that old days are dropped and not deleted row by row; `telemetry_day_made` makes a day's partition before anything is written to it.
CREATE TABLE telemetry_samples (
    account     text        NOT NULL,
    target      text        NOT NULL,
    -- When the five seconds began.
    at          timestamptz NOT NULL,
    -- The node's own number for what it writes as one: writing it again changes nothing, and a node that was started again within
    -- the same five seconds has another.
    batch       bigint      NOT NULL,
    node        text        NOT NULL,
    instances   bigint      NOT NULL CHECK (instances >= 0),
    invocations bigint      NOT NULL CHECK (invocations >= 0),
    errors      bigint      NOT NULL CHECK (errors >= 0),
    -- How often faults were injected, all told and by their ids.
    injections  bigint      NOT NULL CHECK (injections >= 0),
    injected    json        NOT NULL CHECK (json_typeof(injected) = 'object'),
    -- How many invocations took how long, by the bucket's number: bucket i ends at 2^(i/4) milliseconds.
    durations   json        NOT NULL CHECK (json_typeof(durations) = 'object'),
    PRIMARY KEY (account, target, at, batch)
) PARTITION BY RANGE (at);

-- Samples of runs' targets around the runs, copied before their day is dropped and kept as long as the run is.
CREATE TABLE run_telemetry (
    experiment  text        NOT NULL,
    account     text        NOT NULL,
    target      text        NOT NULL,
    at          timestamptz NOT NULL,
    batch       bigint      NOT NULL,
    node        text        NOT NULL,
    instances   bigint      NOT NULL,
    invocations bigint      NOT NULL,
    errors      bigint      NOT NULL,
    injections  bigint      NOT NULL,
    injected    json        NOT NULL,
    durations   json        NOT NULL,
    PRIMARY KEY (experiment, target, at, batch)
);

-- How often instances said that they injected a fault, all told.
CREATE TABLE fault_injections (
    experiment text   NOT NULL,
    action     text   NOT NULL,
    account    text   NOT NULL,
    target     text   NOT NULL,
    injected   bigint NOT NULL CHECK (injected >= 0),
    PRIMARY KEY (experiment, action, target)
);

-- Makes the partition of a day (UTC), if there is none yet; false where there was. Attached rather than made in place, so that nobody who
-- reads or writes other days waits, and given up after a while rather than waited for.
CREATE FUNCTION telemetry_day_made(day date) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    name text := 'telemetry_samples_' || to_char(day, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('telemetry days', 0));
    IF to_regclass(quote_ident(name)) IS NOT NULL THEN RETURN false; END IF;
    EXECUTE format('CREATE TABLE %I (LIKE telemetry_samples INCLUDING ALL)', name);
    EXECUTE format(
        'ALTER TABLE telemetry_samples ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
        name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    RETURN true;
END
$$;

-- Drops the partition of a day with all that is in it; false where there was none.
CREATE FUNCTION telemetry_day_dropped(day date) RETURNS boolean LANGUAGE plpgsql SET lock_timeout = '2s' AS $$
DECLARE
    name text := 'telemetry_samples_' || to_char(day, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('telemetry days', 0));
    IF to_regclass(quote_ident(name)) IS NULL THEN RETURN false; END IF;
    EXECUTE format('DROP TABLE %I', name);
    RETURN true;
END
$$;
