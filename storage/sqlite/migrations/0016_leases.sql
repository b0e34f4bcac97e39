-- Which claim of a job its run is: a stage's commit names it, and is refused once the job was claimed again.
ALTER TABLE jobs ADD COLUMN lease INTEGER NOT NULL DEFAULT 0;
-- The last turn of an organisation is looked up with each claim.
CREATE INDEX turns_by_time ON turns (org, at);
CREATE INDEX turns_last ON turns (at);
