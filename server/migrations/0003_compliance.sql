-- What the lists around the accounts need to stay fast with a million of them.

-- The offering of the account, beside the completion: how far an offering's accounts are is then
-- counted from one index (contract 10).
ALTER TABLE completions ADD COLUMN offering_id INTEGER REFERENCES offerings;

UPDATE completions SET offering_id =
    (SELECT a.offering_id FROM offering_users a WHERE a.id = offering_user_id);

CREATE TRIGGER completion_added AFTER INSERT ON completions WHEN new.offering_id IS NULL
BEGIN
    UPDATE completions SET offering_id =
        (SELECT a.offering_id FROM offering_users a WHERE a.id = new.offering_user_id)
    WHERE id = new.id;
END;

CREATE INDEX completions_by_offering ON completions (offering_id, checklist_id, is_completed);
CREATE INDEX completions_by_modified ON completions (modified);
CREATE INDEX files_by_completion ON files (completion_id);
CREATE INDEX offerings_by_customer ON offerings (customer_id);
CREATE INDEX memberships_of_user ON memberships (user_id);

CREATE INDEX users_by_first_name ON users (first_name, last_name, id);
CREATE INDEX users_by_last_name ON users (last_name, first_name, id);
CREATE INDEX users_inactive ON users (id) WHERE NOT is_active;

-- Who is found by which letters. Two spaces stand before each word, so that one letter or two find
-- the words that begin with them, and three or more find them anywhere.
CREATE VIRTUAL TABLE people USING fts5
    (words, content = '', contentless_delete = 1, tokenize = 'trigram');

INSERT INTO people (rowid, words)
SELECT id, '  ' || replace(concat_ws(' ', first_name, last_name, username, email), ' ', '  ')
FROM users;

CREATE TRIGGER person_added AFTER INSERT ON users
BEGIN
    INSERT INTO people (rowid, words) VALUES (new.id, '  ' || replace(
        concat_ws(' ', new.first_name, new.last_name, new.username, new.email), ' ', '  '));
END;

CREATE TRIGGER person_changed AFTER UPDATE OF first_name, last_name, username, email ON users
BEGIN
    UPDATE people SET words = '  ' || replace(
        concat_ws(' ', new.first_name, new.last_name, new.username, new.email), ' ', '  ')
    WHERE rowid = new.id;
END;

CREATE TRIGGER person_removed AFTER DELETE ON users
BEGIN
    DELETE FROM people WHERE rowid = old.id;
END;
