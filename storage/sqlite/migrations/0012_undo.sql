-- The correction that a correction took back; '' for one that changes words.
ALTER TABLE corrections ADD COLUMN undoes TEXT NOT NULL DEFAULT '';
