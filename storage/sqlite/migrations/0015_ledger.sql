-- What was decided, said or done about what is kept: policies, holds, consent, receipts, subject access. Only ever added.
CREATE TABLE ledger (
  n       INTEGER PRIMARY KEY,
  org     TEXT NOT NULL REFERENCES organisations (id),
  id      TEXT NOT NULL,
  kind    TEXT NOT NULL,
  subject TEXT NOT NULL,
  at      INTEGER NOT NULL,
  by_user TEXT NOT NULL,
  body    BLOB NOT NULL, -- sealed JSON
  UNIQUE (org, id)
) STRICT;
CREATE INDEX ledger_by_subject ON ledger (org, kind, subject, n);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- What was deleted and whose bytes are still to be removed is looked for every hour.
CREATE INDEX recordings_erased ON recordings (org, n) WHERE state = 'erased' AND blob <> '';
