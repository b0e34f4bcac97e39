-- A restricted case is known to the people named only. A cover lets somebody do a colleague's work for a time.

CREATE TABLE restrictions (
  org     TEXT NOT NULL,
  case_id TEXT NOT NULL,
  user    TEXT NOT NULL,
  PRIMARY KEY (org, case_id, user),
  FOREIGN KEY (org, case_id) REFERENCES cases (org, id),
  FOREIGN KEY (org, user) REFERENCES users (org, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE covers (
  org     TEXT NOT NULL,
  id      TEXT NOT NULL,
  of_user TEXT NOT NULL,
  by_user TEXT NOT NULL,
  starts  INTEGER NOT NULL,
  ends    INTEGER NOT NULL,
  made    TEXT NOT NULL,
  PRIMARY KEY (org, id),
  FOREIGN KEY (org, of_user) REFERENCES users (org, id),
  FOREIGN KEY (org, by_user) REFERENCES users (org, id)
) STRICT, WITHOUT ROWID;
