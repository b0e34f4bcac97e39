-- A visit may add to one that was locked.
ALTER TABLE visits ADD COLUMN addendum_to TEXT NOT NULL DEFAULT '';
CREATE INDEX visits_by_addendum ON visits (org, addendum_to, created) WHERE addendum_to <> '';
