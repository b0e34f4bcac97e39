-- Keys that seal what belongs to a recording, a visit or an organisation, themselves sealed by the master key. An erased key leaves its row,
-- so that it can never come back.
CREATE TABLE data_keys (
  org     TEXT NOT NULL,
  scope   TEXT NOT NULL,
  wrapped BLOB NOT NULL,
  master  TEXT NOT NULL,
  created INTEGER NOT NULL,
  erased  INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (org, scope)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER data_keys_stay_erased BEFORE UPDATE ON data_keys WHEN OLD.erased <> 0 AND (NEW.erased = 0 OR length(NEW.wrapped) > 0)
BEGIN SELECT RAISE(ABORT, 'an erased key stays erased'); END;
CREATE TRIGGER data_keys_no_delete BEFORE DELETE ON data_keys BEGIN SELECT RAISE(ABORT, 'data keys are erased, not deleted'); END;
