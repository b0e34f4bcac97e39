-- What a sender announced: bytes of a file that comes in pieces, and their SHA-256; 0 and '' when it did not.
ALTER TABLE recordings ADD COLUMN expected INTEGER NOT NULL DEFAULT 0;
ALTER TABLE recordings ADD COLUMN expected_sha256 TEXT NOT NULL DEFAULT '';
CREATE INDEX recordings_by_state ON recordings (org, state, created);

-- Whose a job is and how urgent.
ALTER TABLE jobs ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;

-- When somebody's job was last taken: who waits longest is next.
CREATE TABLE turns (
  org   TEXT NOT NULL,
  owner TEXT NOT NULL,
  at    INTEGER NOT NULL,
  PRIMARY KEY (org, owner)
) STRICT, WITHOUT ROWID;

-- Which words are in which visit, without their order or number; the words come in as keyed hashes (storage/seal).
CREATE TABLE searched (
  n     INTEGER PRIMARY KEY,
  org   TEXT NOT NULL,
  visit TEXT NOT NULL,
  UNIQUE (org, visit)
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (words, detail = none, tokenize = 'ascii');
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
