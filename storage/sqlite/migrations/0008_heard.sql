-- What people's browsers say they have played.
CREATE TABLE heard (
  n         INTEGER PRIMARY KEY,
  org       TEXT NOT NULL,
  visit     TEXT NOT NULL,
  recording TEXT NOT NULL,
  by_user   TEXT NOT NULL,
  at        INTEGER NOT NULL,
  start_ms  INTEGER NOT NULL,
  end_ms    INTEGER NOT NULL CHECK (end_ms > start_ms),
  FOREIGN KEY (org, recording) REFERENCES recordings (org, id)
) STRICT;
CREATE INDEX heard_by_visit ON heard (org, visit, n);

CREATE TRIGGER heard_no_update BEFORE UPDATE ON heard BEGIN SELECT RAISE(ABORT, 'what was heard is append-only'); END;
CREATE TRIGGER heard_no_delete BEFORE DELETE ON heard BEGIN SELECT RAISE(ABORT, 'what was heard is append-only'); END;
