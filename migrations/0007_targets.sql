-- What a team has registered to be found by tags, filters or name. A target that was only polled for is not here.
CREATE TABLE targets (
    account       text        NOT NULL REFERENCES accounts (id),
    arn           text        NOT NULL CHECK (char_length(arn) BETWEEN 1 AND 2048),
    resource_type text        NOT NULL CHECK (char_length(resource_type) BETWEEN 1 AND 128),
    tags          json        NOT NULL CHECK (json_typeof(tags) = 'object'),
    attributes    json        NOT NULL CHECK (json_typeof(attributes) = 'object'),
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    PRIMARY KEY (account, arn)
);

CREATE INDEX targets_by_type ON targets (account, resource_type, arn);

-- When a target was last polled for, to within a minute: whoever is polled for exists.
CREATE TABLE target_sightings (
    account text        NOT NULL REFERENCES accounts (id),
    arn     text        NOT NULL CHECK (char_length(arn) BETWEEN 1 AND 2048),
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (account, arn)
);
