-- Those that held a fault which is over, keep no lease, and have not read since that it is.
ALTER TABLE fault_coverage ADD COLUMN without_lease integer NOT NULL DEFAULT 0 CHECK (without_lease >= 0);
