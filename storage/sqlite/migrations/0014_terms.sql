-- Names and terms as they are to be spelt: an organisation's (case_id '') and a case's. They are retired, not removed.
CREATE TABLE terms (
  n          INTEGER PRIMARY KEY, -- the order in which they were added
  org        TEXT NOT NULL REFERENCES organisations (id),
  id         TEXT NOT NULL,
  case_id    TEXT NOT NULL,
  text       TEXT NOT NULL,
  kind       TEXT NOT NULL,
  added_by   TEXT NOT NULL,
  added      INTEGER NOT NULL,
  retired_by TEXT NOT NULL,
  retired    INTEGER NOT NULL,
  UNIQUE (org, id)
) STRICT;
CREATE INDEX terms_by_case ON terms (org, case_id, n);

-- The audit log is looked through by who and by what.
CREATE INDEX audit_by_person ON audit (org, by_user, n);
CREATE INDEX audit_by_action ON audit (org, action, n);
