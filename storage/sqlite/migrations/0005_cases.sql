-- What is known of a case beyond its name. Names, numbers and dates of birth are sealed like the case's own.

ALTER TABLE cases ADD COLUMN plan TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN plan_id TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN worker TEXT NOT NULL DEFAULT ''; -- may be empty, so no foreign key
ALTER TABLE cases ADD COLUMN interval_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cases ADD COLUMN due TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN confidential_address INTEGER NOT NULL DEFAULT 0;

CREATE TABLE case_people (
  org     TEXT NOT NULL,
  case_id TEXT NOT NULL,
  n       INTEGER NOT NULL, -- their order
  id      TEXT NOT NULL,
  name    TEXT NOT NULL,
  role    TEXT NOT NULL,
  born    TEXT NOT NULL,
  parental_responsibility INTEGER NOT NULL,
  PRIMARY KEY (org, case_id, n),
  FOREIGN KEY (org, case_id) REFERENCES cases (org, id)
) STRICT, WITHOUT ROWID;
