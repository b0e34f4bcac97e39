-- The day of a visit as its record has it; '' until there is one that has any.
ALTER TABLE visits ADD COLUMN said_date TEXT NOT NULL DEFAULT '';
