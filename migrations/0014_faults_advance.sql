-- A fault that is armed is published with times that lie far off, and begins when enough instances hold it: its times may be moved to
-- earlier ones and never to later ones, which injectors would not believe, and nothing else of it changes.
DROP TRIGGER faults_are_not_changed ON faults;
DROP FUNCTION faults_are_not_changed();

CREATE FUNCTION faults_only_advance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.not_before > OLD.not_before OR NEW.not_after > OLD.not_after
        OR (NEW.experiment, NEW.action, NEW.account, NEW.target, NEW.epoch)
            IS DISTINCT FROM (OLD.experiment, OLD.action, OLD.account, OLD.target, OLD.epoch)
        OR NEW.qualifier IS DISTINCT FROM OLD.qualifier
    THEN
        RAISE EXCEPTION 'a published fault may only begin and end earlier';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER faults_only_advance BEFORE UPDATE ON faults FOR EACH ROW EXECUTE FUNCTION faults_only_advance();

CREATE TRIGGER faults_advanced AFTER UPDATE ON faults REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION fault_documents_made();

CREATE FUNCTION faults_are_not_truncated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'published faults are only cleared';
END
$$;

CREATE TRIGGER faults_are_not_truncated BEFORE TRUNCATE ON faults
    FOR EACH STATEMENT EXECUTE FUNCTION faults_are_not_truncated();
