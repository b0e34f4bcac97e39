-- Times are microseconds since 1970 UTC, 0 for none. Every table and key carries its organisation.

CREATE TABLE organisations (
  id   TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;

CREATE TABLE users (
  org  TEXT NOT NULL REFERENCES organisations (id),
  id   TEXT NOT NULL UNIQUE,
  team TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;

CREATE TABLE sign_in_links (
  org          TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  user         TEXT NOT NULL,
  expires      INTEGER NOT NULL,
  used         INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, token_sha256),
  FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT;

CREATE TABLE sessions (
  org          TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  user         TEXT NOT NULL,
  expires      INTEGER NOT NULL,
  PRIMARY KEY (org, token_sha256),
  FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT;

CREATE TABLE cases (
  org       TEXT NOT NULL REFERENCES organisations (id),
  id        TEXT NOT NULL,
  reference TEXT NOT NULL,
  name      TEXT NOT NULL,
  PRIMARY KEY (org, id)
) STRICT;

CREATE TABLE visits (
  org     TEXT NOT NULL REFERENCES organisations (id),
  id      TEXT NOT NULL,
  case_id TEXT NOT NULL, -- may be empty, so no foreign key
  worker  TEXT NOT NULL,
  title   TEXT NOT NULL,
  date    TEXT NOT NULL,
  state   TEXT NOT NULL,
  reason  TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, worker) REFERENCES users (org, id)
) STRICT;
CREATE INDEX visits_by_worker ON visits (org, worker, created DESC, id);
CREATE INDEX visits_by_state ON visits (org, state, created DESC, id);
CREATE INDEX visits_by_age ON visits (org, created DESC, id);

CREATE TABLE recordings (
  n           INTEGER PRIMARY KEY, -- the order in which they were started
  org         TEXT NOT NULL,
  id          TEXT NOT NULL,
  visit       TEXT NOT NULL,
  client_id   TEXT NOT NULL,
  kind        TEXT NOT NULL,
  name        TEXT NOT NULL,
  state       TEXT NOT NULL,
  sha256      TEXT NOT NULL,
  bytes       INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL,
  blob        TEXT NOT NULL,
  created     INTEGER NOT NULL,
  finished    INTEGER NOT NULL,
  UNIQUE (org, id),
  UNIQUE (org, client_id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
) STRICT;
CREATE INDEX recordings_by_visit ON recordings (org, visit, n);

CREATE TABLE chunks (
  org       TEXT NOT NULL,
  recording TEXT NOT NULL,
  take      INTEGER NOT NULL,
  seq       INTEGER NOT NULL,
  sha256    TEXT NOT NULL,
  bytes     INTEGER NOT NULL,
  blob      TEXT NOT NULL,
  PRIMARY KEY (org, recording, take, seq),
  FOREIGN KEY (org, recording) REFERENCES recordings (org, id)
) STRICT;

CREATE TABLE documents (
  org     TEXT NOT NULL,
  id      TEXT NOT NULL,
  visit   TEXT NOT NULL,
  kind    TEXT NOT NULL,
  key     TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  sha256  TEXT NOT NULL,
  input   TEXT NOT NULL,
  author  TEXT NOT NULL,
  at      INTEGER NOT NULL,
  reason  TEXT NOT NULL,
  body    BLOB NOT NULL,
  PRIMARY KEY (org, id),
  UNIQUE (org, visit, kind, key, version),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
) STRICT;

CREATE TABLE corrections (
  n          INTEGER PRIMARY KEY,
  org        TEXT NOT NULL,
  visit      TEXT NOT NULL,
  transcript TEXT NOT NULL,
  id         TEXT NOT NULL,
  first_word TEXT NOT NULL,
  last_word  TEXT NOT NULL,
  old        TEXT NOT NULL,
  new        TEXT NOT NULL,
  author     TEXT NOT NULL,
  at         INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  UNIQUE (org, id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
) STRICT;
CREATE INDEX corrections_by_transcript ON corrections (org, visit, transcript, n);

CREATE TABLE statements (
  n        INTEGER PRIMARY KEY,
  org      TEXT NOT NULL,
  visit    TEXT NOT NULL,
  id       TEXT NOT NULL,
  author   TEXT NOT NULL,
  at       INTEGER NOT NULL,
  question TEXT NOT NULL,
  text     TEXT NOT NULL,
  UNIQUE (org, id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
) STRICT;
CREATE INDEX statements_by_visit ON statements (org, visit, n);

CREATE TABLE reviews (
  n         INTEGER PRIMARY KEY,
  org       TEXT NOT NULL,
  visit     TEXT NOT NULL,
  id        TEXT NOT NULL,
  action    TEXT NOT NULL,
  by_user   TEXT NOT NULL,
  at        INTEGER NOT NULL,
  comment   TEXT NOT NULL,
  covers    TEXT NOT NULL, -- JSON
  confirmed TEXT NOT NULL, -- JSON
  UNIQUE (org, id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id),
  FOREIGN KEY (org, by_user) REFERENCES users (org, id)
) STRICT;
CREATE INDEX reviews_by_visit ON reviews (org, visit, n);

CREATE TABLE audit (
  n       INTEGER PRIMARY KEY,
  org     TEXT NOT NULL,
  by_user TEXT NOT NULL,
  at      INTEGER NOT NULL,
  action  TEXT NOT NULL,
  object  TEXT NOT NULL,
  visit   TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_org ON audit (org, n DESC);
CREATE INDEX audit_by_visit ON audit (org, visit, n);

CREATE TABLE jobs (
  n          INTEGER PRIMARY KEY,
  org        TEXT NOT NULL REFERENCES organisations (id),
  id         TEXT NOT NULL UNIQUE,
  kind       TEXT NOT NULL,
  visit      TEXT NOT NULL,
  recording  TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('queued', 'running', 'aside')),
  attempt    INTEGER NOT NULL DEFAULT 0, -- runs that began and were not given back
  deaths     INTEGER NOT NULL DEFAULT 0, -- runs that ended with the process
  run_at     INTEGER NOT NULL,
  last_error TEXT NOT NULL DEFAULT ''    -- safe to show
) STRICT;
CREATE INDEX jobs_ready ON jobs (state, run_at, n);
-- The same stage of the same thing waits once.
CREATE UNIQUE INDEX jobs_once ON jobs (org, kind, visit, recording) WHERE state = 'queued';

-- What was once said, corrected, decided or done is never changed.
CREATE TRIGGER documents_no_update BEFORE UPDATE ON documents BEGIN SELECT RAISE(ABORT, 'documents are append-only'); END;
CREATE TRIGGER documents_no_delete BEFORE DELETE ON documents BEGIN SELECT RAISE(ABORT, 'documents are append-only'); END;
CREATE TRIGGER corrections_no_update BEFORE UPDATE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER corrections_no_delete BEFORE DELETE ON corrections BEGIN SELECT RAISE(ABORT, 'corrections are append-only'); END;
CREATE TRIGGER statements_no_update BEFORE UPDATE ON statements BEGIN SELECT RAISE(ABORT, 'statements are append-only'); END;
CREATE TRIGGER statements_no_delete BEFORE DELETE ON statements BEGIN SELECT RAISE(ABORT, 'statements are append-only'); END;
CREATE TRIGGER reviews_no_update BEFORE UPDATE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END;
CREATE TRIGGER reviews_no_delete BEFORE DELETE ON reviews BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
