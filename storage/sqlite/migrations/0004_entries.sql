-- That a draft was entered in the case system, and on which day; taken back by a later row, never by a change.
CREATE TABLE entries (
  n        INTEGER PRIMARY KEY,
  org      TEXT NOT NULL,
  visit    TEXT NOT NULL,
  id       TEXT NOT NULL,
  audience TEXT NOT NULL,
  document TEXT NOT NULL,
  by_user  TEXT NOT NULL,
  at       INTEGER NOT NULL,
  on_day   TEXT NOT NULL, -- ISO 8601
  undone   INTEGER NOT NULL,
  UNIQUE (org, id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id),
  FOREIGN KEY (org, document) REFERENCES documents (org, id),
  FOREIGN KEY (org, by_user) REFERENCES users (org, id)
) STRICT;
CREATE INDEX entries_by_visit ON entries (org, visit, n);
CREATE TRIGGER entries_no_update BEFORE UPDATE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
CREATE TRIGGER entries_no_delete BEFORE DELETE ON entries BEGIN SELECT RAISE(ABORT, 'entries are append-only'); END;
