-- The audit log as a tree of hashes (package audit): entries are numbered from 0 in each organisation, each brings hashes, each transaction leaves a
-- signed head, of which the last of each day is kept. Entries from before have no tree; they stay readable in audit_before.

DROP TRIGGER audit_no_update;
DROP TRIGGER audit_no_delete;
DROP INDEX audit_by_org;
DROP INDEX audit_by_visit;
ALTER TABLE audit RENAME TO audit_before;

CREATE TABLE audit (
  org     TEXT NOT NULL,
  n       INTEGER NOT NULL,
  by_user TEXT NOT NULL,
  at      INTEGER NOT NULL,
  action  TEXT NOT NULL,
  object  TEXT NOT NULL,
  visit   TEXT NOT NULL,
  PRIMARY KEY (org, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX audit_by_visit ON audit (org, visit, n);

CREATE TABLE audit_hashes (
  org  TEXT NOT NULL,
  i    INTEGER NOT NULL, -- as tlog numbers them
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (org, i)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_heads (
  org  TEXT NOT NULL,
  day  INTEGER NOT NULL, -- since 1970, UTC
  size INTEGER NOT NULL,
  at   INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (org, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_before_no_write BEFORE UPDATE ON audit_before BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_before_no_delete BEFORE DELETE ON audit_before BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_hashes_no_update BEFORE UPDATE ON audit_hashes BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_hashes_no_delete BEFORE DELETE ON audit_hashes BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
