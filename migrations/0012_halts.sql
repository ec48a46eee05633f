-- Engagements are made up by nodes, also while the database is away, and recorded once it is there: several may stand together, in one
-- epoch, and end together.
ALTER TABLE lever_engagements DROP CONSTRAINT lever_engagements_epoch_key;

-- The epoch in which the node serves nothing and has that on its own disk; null where it holds nothing back.
ALTER TABLE nodes ADD COLUMN latched_epoch bigint CHECK (latched_epoch > 0);
