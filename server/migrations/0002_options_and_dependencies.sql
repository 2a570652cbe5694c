-- Options and dependencies are created, changed and deleted one by one (contract 10), so each gets
-- a row. Rows of dependencies are evaluated and listed in the order of their creation.

-- Checklists that are loaded from files may share questions: a uuid is unique inside its checklist.
CREATE TABLE questions_of_their_own (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    checklist_id INTEGER NOT NULL REFERENCES checklists ON DELETE CASCADE,
    position INTEGER NOT NULL,
    required INTEGER NOT NULL,
    -- Everything else that describes the question, as JSON: it is read whole or not at all.
    config TEXT NOT NULL,
    UNIQUE (checklist_id, uuid)
) STRICT;

INSERT INTO questions_of_their_own SELECT id, uuid, checklist_id, position, required, config
    FROM questions;
DROP TABLE questions;
ALTER TABLE questions_of_their_own RENAME TO questions;

CREATE INDEX questions_of_checklist ON questions (checklist_id, position, id);
CREATE INDEX questions_by_uuid ON questions (uuid);

CREATE TABLE question_options (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    question_id INTEGER NOT NULL REFERENCES questions ON DELETE CASCADE,
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    UNIQUE (question_id, uuid)
) STRICT;

CREATE INDEX options_by_uuid ON question_options (uuid);

CREATE INDEX options_of_question ON question_options (question_id, position, id);

CREATE TABLE question_dependencies (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL,
    question_id INTEGER NOT NULL REFERENCES questions ON DELETE CASCADE,
    -- Whose answer is looked at.
    parent_id INTEGER NOT NULL REFERENCES questions ON DELETE CASCADE,
    operator TEXT NOT NULL,
    -- JSON.
    required_value TEXT NOT NULL,
    UNIQUE (question_id, uuid)
) STRICT;

CREATE INDEX dependencies_by_uuid ON question_dependencies (uuid);

CREATE INDEX dependencies_of_question ON question_dependencies (question_id, id);
CREATE INDEX dependencies_on_question ON question_dependencies (parent_id);

INSERT INTO question_options (uuid, question_id, position, label)
SELECT it.value ->> 'uuid', q.id, it.value ->> 'order', it.value ->> 'label'
FROM questions q, json_each(q.config, '$.question_options') it
ORDER BY q.id, it.key;

-- Until now a dependency had no uuid, and named the other question with hyphens. A condition on a
-- question that is not there goes, as it does when a question is deleted.
INSERT INTO question_dependencies (uuid, question_id, parent_id, operator, required_value)
SELECT coalesce(it.value ->> 'uuid', lower(hex(randomblob(16)))), q.id, parent.id,
    it.value ->> 'operator', it.value -> 'required_answer_value'
FROM questions q, json_each(q.config, '$.dependencies') it
JOIN questions parent
    ON parent.uuid = lower(replace(it.value ->> 'depends_on_question', '-', ''))
    AND parent.checklist_id = q.checklist_id
ORDER BY q.id, it.key;

UPDATE questions SET config = json_remove(config, '$.question_options', '$.dependencies');
