-- One number that rises with every change to accounts and keys, so that a node learns from one row, once a second, whether
-- what it holds in memory is still true. The row stays locked until the change commits: numbers appear in their order.
-- Triggers raise it, so that a change made by hand is noticed as well.
CREATE TABLE identity_changes (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    number    bigint  NOT NULL CHECK (number >= 0)
);

INSERT INTO identity_changes (number) VALUES (0);

CREATE FUNCTION identity_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE identity_changes SET number = number + 1;
    RETURN NULL;
END
$$;

CREATE TRIGGER accounts_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON accounts
    FOR EACH STATEMENT EXECUTE FUNCTION identity_changed();

CREATE TRIGGER access_keys_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON access_keys
    FOR EACH STATEMENT EXECUTE FUNCTION identity_changed();
