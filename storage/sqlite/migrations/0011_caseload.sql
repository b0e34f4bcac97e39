-- Visits by case, sums over many visits, and who has seen which alert.
CREATE INDEX visits_by_case ON visits (org, case_id, created DESC, id);

-- A sealed digest of each visit: counts, ids and days, no words.
CREATE TABLE digests (
  org   TEXT NOT NULL,
  visit TEXT NOT NULL,
  body  TEXT NOT NULL,
  PRIMARY KEY (org, visit),
  FOREIGN KEY (org, visit) REFERENCES visits (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE alerts_seen (
  org     TEXT NOT NULL REFERENCES organisations (id),
  kind    TEXT NOT NULL,
  object  TEXT NOT NULL, -- ids and days
  by_user TEXT NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (org, kind, object),
  FOREIGN KEY (org, by_user) REFERENCES users (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_sendings (
  org      TEXT NOT NULL REFERENCES organisations (id),
  kind     TEXT NOT NULL,
  object   TEXT NOT NULL,
  id       TEXT NOT NULL,
  at       INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_try INTEGER NOT NULL,
  sent     INTEGER NOT NULL,
  PRIMARY KEY (org, kind, object)
) STRICT, WITHOUT ROWID;
