-- How the instances of a target stand to a fault, as one node counted them: a row for each fault, target and node that polls came to.
-- Written in batches and thrown away with the run.
CREATE TABLE fault_coverage (
    experiment text        NOT NULL,
    action     text        NOT NULL,
    account    text        NOT NULL,
    target     text        NOT NULL,
    node       text        NOT NULL,
    -- Instances that poll, that hold the fault, that ever held it, that refuse it, that have let go of it, whose lease ran out over it,
    -- and that are silent since it was cleared.
    seen       integer     NOT NULL CHECK (seen >= 0),
    holding    integer     NOT NULL CHECK (holding >= 0),
    held       integer     NOT NULL CHECK (held >= holding),
    rejecting  integer     NOT NULL CHECK (rejecting >= 0),
    cleared    integer     NOT NULL CHECK (cleared >= 0),
    off        integer     NOT NULL CHECK (off >= 0),
    silent     integer     NOT NULL CHECK (silent >= 0),
    untracked  integer     NOT NULL CHECK (untracked >= 0),
    -- When the node first and last heard of another instance that holds it.
    first_held_at timestamptz,
    last_held_at  timestamptz,
    -- Reasons with their counts, and the names of some that are silent.
    details    json        NOT NULL CHECK (json_typeof(details) = 'object'),
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (experiment, action, target, node)
);
