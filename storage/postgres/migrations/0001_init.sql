-- Times are microseconds since 1970 UTC, 0 for none. Every table and key carries its organisation. Tables and columns are those of the SQLite engine, so that rows go from one to
-- the other as they are; texts are ordered by their bytes, as there.

CREATE TABLE organisations (
  id   TEXT COLLATE "C" PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL
);

CREATE TABLE teams (
  org  TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  id   TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org, id)
);

-- How people sign in. Tokens are kept as their SHA-256, passwords as argon2id with their own parameters.
CREATE TABLE users (
  org     TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  id      TEXT COLLATE "C" NOT NULL UNIQUE,
  team    TEXT COLLATE "C" NOT NULL,
  name    TEXT COLLATE "C" NOT NULL,
  role    TEXT COLLATE "C" NOT NULL,
  email   TEXT COLLATE "C" NOT NULL DEFAULT '',
  left_at BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (org, id)
);
CREATE UNIQUE INDEX users_by_email ON users (email) WHERE email <> '';

CREATE TABLE identities (
  org     TEXT COLLATE "C" NOT NULL,
  "user"  TEXT COLLATE "C" NOT NULL,
  issuer  TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (issuer, subject),
  FOREIGN KEY (org, "user") REFERENCES users (org, id)
);

CREATE TABLE passwords (
  org    TEXT COLLATE "C" NOT NULL,
  "user" TEXT COLLATE "C" NOT NULL,
  hash   TEXT COLLATE "C" NOT NULL,
  at     BIGINT NOT NULL,
  PRIMARY KEY (org, "user"),
  FOREIGN KEY (org, "user") REFERENCES users (org, id)
);

CREATE TABLE passkeys (
  org        TEXT COLLATE "C" NOT NULL,
  id         TEXT COLLATE "C" NOT NULL UNIQUE,
  "user"     TEXT COLLATE "C" NOT NULL,
  name       TEXT COLLATE "C" NOT NULL,
  credential BYTEA NOT NULL,
  created    BIGINT NOT NULL,
  used       BIGINT NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, "user") REFERENCES users (org, id)
);
CREATE INDEX passkeys_by_user ON passkeys (org, "user", created, id);

CREATE TABLE sign_in_links (
  org          TEXT COLLATE "C" NOT NULL,
  token_sha256 TEXT COLLATE "C" NOT NULL UNIQUE,
  "user"       TEXT COLLATE "C" NOT NULL,
  expires      BIGINT NOT NULL,
  used         BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (org, token_sha256),
  FOREIGN KEY (org, "user") REFERENCES users (org, id)
);
CREATE INDEX sign_in_links_by_user ON sign_in_links (org, "user");

CREATE TABLE sessions (
  org          TEXT COLLATE "C" NOT NULL,
  id           TEXT COLLATE "C" NOT NULL,
  token_sha256 TEXT COLLATE "C" NOT NULL UNIQUE,
  "user"       TEXT COLLATE "C" NOT NULL,
  method       TEXT COLLATE "C" NOT NULL,
  agent        TEXT COLLATE "C" NOT NULL,
  created      BIGINT NOT NULL,
  seen         BIGINT NOT NULL,
  expires      BIGINT NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, "user") REFERENCES users (org, id)
);
CREATE INDEX sessions_by_user ON sessions (org, "user", created DESC, id);
CREATE INDEX sessions_by_end ON sessions (expires);

CREATE TABLE api_tokens (
  org          TEXT COLLATE "C" NOT NULL,
  id           TEXT COLLATE "C" NOT NULL,
  token_sha256 TEXT COLLATE "C" NOT NULL UNIQUE,
  "user"       TEXT COLLATE "C" NOT NULL,
  name         TEXT COLLATE "C" NOT NULL,
  scopes       TEXT COLLATE "C" NOT NULL, -- JSON
  created      BIGINT NOT NULL,
  expires      BIGINT NOT NULL,
  used         BIGINT NOT NULL,
  revoked      BIGINT NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, "user") REFERENCES users (org, id)
);
CREATE INDEX api_tokens_by_user ON api_tokens (org, "user", created DESC, id);

-- These two come before it is known who asks, so they carry no organisation; keys are hashes.
CREATE TABLE ceremonies (
  key_sha256 TEXT COLLATE "C" PRIMARY KEY,
  kind       TEXT COLLATE "C" NOT NULL,
  state      BYTEA NOT NULL,
  expires    BIGINT NOT NULL
);
CREATE INDEX ceremonies_by_end ON ceremonies (expires);

CREATE TABLE tries (
  key   TEXT COLLATE "C" PRIMARY KEY,
  count BIGINT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT NOT NULL
);

-- Names, numbers and dates of birth are sealed.
CREATE TABLE cases (
  org                  TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  id                   TEXT COLLATE "C" NOT NULL,
  reference            TEXT COLLATE "C" NOT NULL,
  name                 TEXT COLLATE "C" NOT NULL,
  plan                 TEXT COLLATE "C" NOT NULL DEFAULT '',
  plan_id              TEXT COLLATE "C" NOT NULL DEFAULT '',
  worker               TEXT COLLATE "C" NOT NULL DEFAULT '', -- may be empty, so no foreign key
  interval_days        BIGINT NOT NULL DEFAULT 0,
  due                  TEXT COLLATE "C" NOT NULL DEFAULT '',
  confidential_address BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (org, id)
);

CREATE TABLE case_people (
  org     TEXT COLLATE "C" NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  n       BIGINT NOT NULL, -- their order
  id      TEXT COLLATE "C" NOT NULL,
  name    TEXT COLLATE "C" NOT NULL,
  role    TEXT COLLATE "C" NOT NULL,
  born    TEXT COLLATE "C" NOT NULL,
  parental_responsibility BOOLEAN NOT NULL,
  PRIMARY KEY (org, case_id, n),
  FOREIGN KEY (org, case_id) REFERENCES cases (org, id)
);

-- A restricted case is known to the people named only. A cover lets somebody do a colleague's work for a time.
CREATE TABLE restrictions (
  org     TEXT COLLATE "C" NOT NULL,
  case_id TEXT COLLATE "C" NOT NULL,
  "user"  TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org, case_id, "user"),
  FOREIGN KEY (org, case_id) REFERENCES cases (org, id),
  FOREIGN KEY (org, "user") REFERENCES users (org, id)
);

CREATE TABLE covers (
  org     TEXT COLLATE "C" NOT NULL,
  id      TEXT COLLATE "C" NOT NULL,
  of_user TEXT COLLATE "C" NOT NULL,
  by_user TEXT COLLATE "C" NOT NULL,
  starts  BIGINT NOT NULL,
  ends    BIGINT NOT NULL,
  made    TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, of_user) REFERENCES users (org, id),
  FOREIGN KEY (org, by_user) REFERENCES users (org, id)
);

CREATE TABLE visits (
  org         TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  id          TEXT COLLATE "C" NOT NULL,
  case_id     TEXT COLLATE "C" NOT NULL, -- may be empty, so no foreign key
  worker      TEXT COLLATE "C" NOT NULL,
  title       TEXT COLLATE "C" NOT NULL,
  date        TEXT COLLATE "C" NOT NULL,
  state       TEXT COLLATE "C" NOT NULL,
  reason      TEXT COLLATE "C" NOT NULL,
  created     BIGINT NOT NULL,
  updated     BIGINT NOT NULL,
  addendum_to TEXT COLLATE "C" NOT NULL DEFAULT '',
  said_date   TEXT COLLATE "C" NOT NULL DEFAULT '', -- the day as the record has it
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, worker) REFERENCES users (org, id)
);
CREATE INDEX visits_by_worker ON visits (org, worker, created DESC, id);
CREATE INDEX visits_by_state ON visits (org, state, created DESC, id);
CREATE INDEX visits_by_age ON visits (org, created DESC, id);
CREATE INDEX visits_by_case ON visits (org, case_id, created DESC, id);
CREATE INDEX visits_by_addendum ON visits (org, addendum_to, created) WHERE addendum_to <> '';

CREATE TABLE recordings (
  n           BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, -- the order in which they were started
  org         TEXT COLLATE "C" NOT NULL,
  id          TEXT COLLATE "C" NOT NULL,
  visit       TEXT COLLATE "C" NOT NULL,
  client_id   TEXT COLLATE "C" NOT NULL,
  kind        TEXT COLLATE "C" NOT NULL,
  name        TEXT COLLATE "C" NOT NULL,
  state       TEXT COLLATE "C" NOT NULL,
  sha256      TEXT COLLATE "C" NOT NULL,
  bytes       BIGINT NOT NULL,
  duration_ms BIGINT NOT NULL,
  blob        TEXT COLLATE "C" NOT NULL,
  created     BIGINT NOT NULL,
  finished    BIGINT NOT NULL,
  expected    BIGINT NOT NULL DEFAULT 0, -- what a sender announced: bytes, and their SHA-256
  expected_sha256 TEXT COLLATE "C" NOT NULL DEFAULT '',
  UNIQUE (org, id),
  UNIQUE (org, client_id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
);
CREATE INDEX recordings_by_visit ON recordings (org, visit, n);
CREATE INDEX recordings_by_state ON recordings (org, state, created);
CREATE INDEX recordings_erased ON recordings (org, n) WHERE state = 'erased' AND blob <> '';

CREATE TABLE chunks (
  org       TEXT COLLATE "C" NOT NULL,
  recording TEXT COLLATE "C" NOT NULL,
  take      BIGINT NOT NULL,
  seq       BIGINT NOT NULL,
  sha256    TEXT COLLATE "C" NOT NULL,
  bytes     BIGINT NOT NULL,
  blob      TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org, recording, take, seq),
  FOREIGN KEY (org, recording) REFERENCES recordings (org, id)
);

-- What people's browsers say they have played.
CREATE TABLE heard (
  n         BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  org       TEXT COLLATE "C" NOT NULL,
  visit     TEXT COLLATE "C" NOT NULL,
  recording TEXT COLLATE "C" NOT NULL,
  by_user   TEXT COLLATE "C" NOT NULL,
  at        BIGINT NOT NULL,
  start_ms  BIGINT NOT NULL,
  end_ms    BIGINT NOT NULL CHECK (end_ms > start_ms),
  FOREIGN KEY (org, recording) REFERENCES recordings (org, id)
);
CREATE INDEX heard_by_visit ON heard (org, visit, n);

CREATE TABLE documents (
  org     TEXT COLLATE "C" NOT NULL,
  id      TEXT COLLATE "C" NOT NULL,
  visit   TEXT COLLATE "C" NOT NULL,
  kind    TEXT COLLATE "C" NOT NULL,
  key     TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL CHECK (version > 0),
  sha256  TEXT COLLATE "C" NOT NULL,
  input   TEXT COLLATE "C" NOT NULL,
  author  TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  reason  TEXT COLLATE "C" NOT NULL,
  body    BYTEA NOT NULL,
  PRIMARY KEY (org, id),
  UNIQUE (org, visit, kind, key, version),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
);
ALTER TABLE documents ALTER COLUMN body SET STORAGE EXTERNAL; -- sealed bytes do not get smaller

CREATE TABLE corrections (
  n          BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL,
  visit      TEXT COLLATE "C" NOT NULL,
  transcript TEXT COLLATE "C" NOT NULL,
  id         TEXT COLLATE "C" NOT NULL,
  first_word TEXT COLLATE "C" NOT NULL,
  last_word  TEXT COLLATE "C" NOT NULL,
  old        TEXT COLLATE "C" NOT NULL,
  new        TEXT COLLATE "C" NOT NULL,
  author     TEXT COLLATE "C" NOT NULL,
  at         BIGINT NOT NULL,
  reason     TEXT COLLATE "C" NOT NULL,
  undoes     TEXT COLLATE "C" NOT NULL DEFAULT '', -- the correction that this one takes back
  UNIQUE (org, id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
);
CREATE INDEX corrections_by_transcript ON corrections (org, visit, transcript, n);

CREATE TABLE statements (
  n        BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  org      TEXT COLLATE "C" NOT NULL,
  visit    TEXT COLLATE "C" NOT NULL,
  id       TEXT COLLATE "C" NOT NULL,
  author   TEXT COLLATE "C" NOT NULL,
  at       BIGINT NOT NULL,
  question TEXT COLLATE "C" NOT NULL,
  text     TEXT COLLATE "C" NOT NULL,
  UNIQUE (org, id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
);
CREATE INDEX statements_by_visit ON statements (org, visit, n);

CREATE TABLE reviews (
  n         BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  org       TEXT COLLATE "C" NOT NULL,
  visit     TEXT COLLATE "C" NOT NULL,
  id        TEXT COLLATE "C" NOT NULL,
  action    TEXT COLLATE "C" NOT NULL,
  by_user   TEXT COLLATE "C" NOT NULL,
  at        BIGINT NOT NULL,
  comment   TEXT COLLATE "C" NOT NULL,
  covers    TEXT COLLATE "C" NOT NULL, -- JSON
  confirmed TEXT COLLATE "C" NOT NULL, -- JSON
  UNIQUE (org, id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id),
  FOREIGN KEY (org, by_user) REFERENCES users (org, id)
);
CREATE INDEX reviews_by_visit ON reviews (org, visit, n);

-- That a draft was entered in the case system, and on which day; taken back by a later row, never by a change.
CREATE TABLE entries (
  n        BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  org      TEXT COLLATE "C" NOT NULL,
  visit    TEXT COLLATE "C" NOT NULL,
  id       TEXT COLLATE "C" NOT NULL,
  audience TEXT COLLATE "C" NOT NULL,
  document TEXT COLLATE "C" NOT NULL,
  by_user  TEXT COLLATE "C" NOT NULL,
  at       BIGINT NOT NULL,
  on_day   TEXT COLLATE "C" NOT NULL, -- ISO 8601
  undone   BOOLEAN NOT NULL,
  UNIQUE (org, id),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id),
  FOREIGN KEY (org, document) REFERENCES documents (org, id),
  FOREIGN KEY (org, by_user) REFERENCES users (org, id)
);
CREATE INDEX entries_by_visit ON entries (org, visit, n);

-- A sealed digest of each visit: counts, ids and days, no words.
CREATE TABLE digests (
  org   TEXT COLLATE "C" NOT NULL,
  visit TEXT COLLATE "C" NOT NULL,
  body  TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org, visit),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
);

CREATE TABLE alerts_seen (
  org     TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  kind    TEXT COLLATE "C" NOT NULL,
  object  TEXT COLLATE "C" NOT NULL, -- ids and days
  by_user TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (org, kind, object),
  FOREIGN KEY (org, by_user) REFERENCES users (org, id)
);

CREATE TABLE alert_sendings (
  org      TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  kind     TEXT COLLATE "C" NOT NULL,
  object   TEXT COLLATE "C" NOT NULL,
  id       TEXT COLLATE "C" NOT NULL,
  at       BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  next_try BIGINT NOT NULL,
  sent     BIGINT NOT NULL,
  PRIMARY KEY (org, kind, object)
);
CREATE INDEX alert_sendings_due ON alert_sendings (org, at) WHERE next_try > 0;

-- Names and terms as they are to be spelt: an organisation's (case_id '') and a case's. They are retired, not removed.
CREATE TABLE terms (
  n          BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, -- the order in which they were added
  org        TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  id         TEXT COLLATE "C" NOT NULL,
  case_id    TEXT COLLATE "C" NOT NULL,
  text       TEXT COLLATE "C" NOT NULL,
  kind       TEXT COLLATE "C" NOT NULL,
  added_by   TEXT COLLATE "C" NOT NULL,
  added      BIGINT NOT NULL,
  retired_by TEXT COLLATE "C" NOT NULL,
  retired    BIGINT NOT NULL,
  UNIQUE (org, id)
);
CREATE INDEX terms_by_case ON terms (org, case_id, n);

-- What was decided, said or done about what is kept: policies, holds, consent, receipts, subject access. Only ever added.
CREATE TABLE ledger (
  n       BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  org     TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  id      TEXT COLLATE "C" NOT NULL,
  kind    TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  by_user TEXT COLLATE "C" NOT NULL,
  body    BYTEA NOT NULL, -- sealed JSON
  UNIQUE (org, id)
);
CREATE INDEX ledger_by_subject ON ledger (org, kind, subject, n);

-- The audit log as a tree of hashes (package audit): entries are numbered from 0 in each organisation, each brings hashes, each transaction leaves a
-- signed head, of which the last of each day is kept. Entries of old installations that had no tree come into audit_before.
CREATE TABLE audit (
  org     TEXT COLLATE "C" NOT NULL,
  n       BIGINT NOT NULL,
  by_user TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  action  TEXT COLLATE "C" NOT NULL,
  object  TEXT COLLATE "C" NOT NULL,
  visit   TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org, n)
);
CREATE INDEX audit_by_visit ON audit (org, visit, n);
CREATE INDEX audit_by_person ON audit (org, by_user, n);
CREATE INDEX audit_by_action ON audit (org, action, n);

CREATE TABLE audit_before (
  n       BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  org     TEXT COLLATE "C" NOT NULL,
  by_user TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  action  TEXT COLLATE "C" NOT NULL,
  object  TEXT COLLATE "C" NOT NULL,
  visit   TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_before_by_visit ON audit_before (org, visit, n);

CREATE TABLE audit_hashes (
  org  TEXT COLLATE "C" NOT NULL,
  i    BIGINT NOT NULL, -- as tlog numbers them
  hash BYTEA NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (org, i)
);

CREATE TABLE audit_heads (
  org  TEXT COLLATE "C" NOT NULL,
  day  BIGINT NOT NULL, -- since 1970, UTC
  size BIGINT NOT NULL,
  at   BIGINT NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (org, day)
);

-- Keys that seal what belongs to a recording, a visit or an organisation, themselves sealed by the master key. An erased key leaves its row,
-- so that it can never come back.
CREATE TABLE data_keys (
  org     TEXT COLLATE "C" NOT NULL,
  scope   TEXT COLLATE "C" NOT NULL,
  wrapped BYTEA NOT NULL,
  master  TEXT COLLATE "C" NOT NULL,
  created BIGINT NOT NULL,
  erased  BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (org, scope)
);

-- Which words are in which visit; the words come in as keyed hashes (storage/seal).
CREATE TABLE searched (
  org   TEXT COLLATE "C" NOT NULL,
  visit TEXT COLLATE "C" NOT NULL,
  words TEXT[] COLLATE "C" NOT NULL,
  PRIMARY KEY (org, visit)
);
CREATE INDEX searched_words ON searched USING gin (words);

CREATE TABLE jobs (
  n          BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
  org        TEXT COLLATE "C" NOT NULL REFERENCES organisations (id),
  id         TEXT COLLATE "C" NOT NULL UNIQUE,
  kind       TEXT COLLATE "C" NOT NULL,
  visit      TEXT COLLATE "C" NOT NULL,
  recording  TEXT COLLATE "C" NOT NULL,
  owner      TEXT COLLATE "C" NOT NULL DEFAULT '',
  priority   BIGINT NOT NULL DEFAULT 0,
  state      TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'aside')),
  attempt    BIGINT NOT NULL DEFAULT 0, -- runs that began and were not given back
  deaths     BIGINT NOT NULL DEFAULT 0, -- runs that ended with their worker
  lease      BIGINT NOT NULL DEFAULT 0, -- which claim of it its run is
  expires    BIGINT NOT NULL DEFAULT 0, -- by this server's clock: then a running one is anybody's
  run_at     BIGINT NOT NULL,
  last_error TEXT COLLATE "C" NOT NULL DEFAULT '',  -- safe to show
  urgency    BIGINT GENERATED ALWAYS AS (-priority) STORED
);
CREATE INDEX jobs_line ON jobs (urgency, org, owner, run_at, n) WHERE state = 'queued';
CREATE INDEX jobs_of_visit ON jobs (org, visit, n);
-- The same stage of the same thing waits once, and runs once.
CREATE UNIQUE INDEX jobs_once ON jobs (org, kind, visit, recording) WHERE state = 'queued';
CREATE UNIQUE INDEX jobs_alone ON jobs (org, kind, visit, recording) WHERE state = 'running';

-- When somebody's job was last taken: who waits longest is next.
CREATE TABLE turns (
  org   TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  at    BIGINT NOT NULL,
  PRIMARY KEY (org, owner)
);
CREATE INDEX turns_by_time ON turns (org, at);
CREATE INDEX turns_last ON turns (at);

-- What was once said, corrected, decided or done is never changed.
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER documents_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON documents FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER corrections_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON corrections FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER statements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON statements FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER reviews_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reviews FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER heard_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON heard FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_before_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_before FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER audit_hashes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_hashes FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE FUNCTION stay_erased() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.erased <> 0 AND (NEW.erased = 0 OR length(NEW.wrapped) > 0) THEN RAISE EXCEPTION 'an erased key stays erased'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER data_keys_stay_erased BEFORE UPDATE ON data_keys FOR EACH ROW EXECUTE FUNCTION stay_erased();
CREATE TRIGGER data_keys_no_delete BEFORE DELETE OR TRUNCATE ON data_keys FOR EACH STATEMENT EXECUTE FUNCTION append_only();
