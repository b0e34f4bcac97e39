-- How people sign in. Tokens are kept as their SHA-256, passwords as argon2id with their own parameters.

ALTER TABLE users ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN left_at INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX users_by_email ON users (email) WHERE email <> '';

CREATE TABLE teams (
  org  TEXT NOT NULL REFERENCES organisations (id),
  id   TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE identities (
  org     TEXT NOT NULL,
  user    TEXT NOT NULL,
  issuer  TEXT NOT NULL,
  subject TEXT NOT NULL,
  PRIMARY KEY (issuer, subject),
  FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE passwords (
  org  TEXT NOT NULL,
  user TEXT NOT NULL,
  hash TEXT NOT NULL,
  at   INTEGER NOT NULL,
  PRIMARY KEY (org, user),
  FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
  org        TEXT NOT NULL,
  id         TEXT NOT NULL UNIQUE,
  user       TEXT NOT NULL,
  name       TEXT NOT NULL,
  credential BLOB NOT NULL,
  created    INTEGER NOT NULL,
  used       INTEGER NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT;
CREATE INDEX passkeys_by_user ON passkeys (org, user, created, id);

CREATE INDEX sign_in_links_by_user ON sign_in_links (org, user);

ALTER TABLE sessions RENAME TO sessions_before;
CREATE TABLE sessions (
  org          TEXT NOT NULL,
  id           TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  user         TEXT NOT NULL,
  method       TEXT NOT NULL,
  agent        TEXT NOT NULL,
  created      INTEGER NOT NULL,
  seen         INTEGER NOT NULL,
  expires      INTEGER NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT;
INSERT INTO sessions SELECT org, 'n-' || lower(hex(randomblob(16))), token_sha256, user, 'link', '', unixepoch() * 1000000, unixepoch() * 1000000, expires FROM sessions_before;
DROP TABLE sessions_before;
CREATE INDEX sessions_by_user ON sessions (org, user, created DESC, id);

CREATE TABLE api_tokens (
  org          TEXT NOT NULL,
  id           TEXT NOT NULL,
  token_sha256 TEXT NOT NULL UNIQUE,
  user         TEXT NOT NULL,
  name         TEXT NOT NULL,
  scopes       TEXT NOT NULL, -- JSON
  created      INTEGER NOT NULL,
  expires      INTEGER NOT NULL,
  used         INTEGER NOT NULL,
  revoked      INTEGER NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT;
CREATE INDEX api_tokens_by_user ON api_tokens (org, user, created DESC, id);

-- These two come before it is known who asks, so they carry no organisation; keys are hashes.
CREATE TABLE ceremonies (
  key_sha256 TEXT NOT NULL PRIMARY KEY,
  kind       TEXT NOT NULL,
  state      BLOB NOT NULL,
  expires    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tries (
  key   TEXT NOT NULL PRIMARY KEY,
  count INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
