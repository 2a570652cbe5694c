-- Everything of Waldur's API that the first version had no place for.

-- 1. Options and dependencies of questions.

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

-- 2. What decides who sees an account, beside roles on offerings and organisations (contract 4.2).

CREATE TABLE projects (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    customer_id INTEGER NOT NULL REFERENCES customers,
    name TEXT NOT NULL
) STRICT;

-- A role on exactly one thing: an organisation, one of its projects, or an offering.
CREATE TABLE memberships_with_projects (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    role_id INTEGER NOT NULL REFERENCES roles,
    customer_id INTEGER REFERENCES customers,
    project_id INTEGER REFERENCES projects,
    offering_id INTEGER REFERENCES offerings,
    created TEXT NOT NULL,
    CHECK ((customer_id IS NOT NULL) + (project_id IS NOT NULL) + (offering_id IS NOT NULL) = 1)
) STRICT;

INSERT INTO memberships_with_projects (id, uuid, user_id, role_id, customer_id, offering_id, created)
    SELECT id, uuid, user_id, role_id, customer_id, offering_id, created FROM memberships;
DROP TABLE memberships;
ALTER TABLE memberships_with_projects RENAME TO memberships;

CREATE INDEX memberships_of_person ON memberships (user_id);
CREATE INDEX memberships_of_customer ON memberships (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX memberships_of_project ON memberships (project_id) WHERE project_id IS NOT NULL;

-- Organisations in a group see each other's offerings.
CREATE TABLE customer_groups (
    customer_id INTEGER NOT NULL REFERENCES customers,
    name TEXT NOT NULL,
    PRIMARY KEY (customer_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE offering_groups (
    offering_id INTEGER NOT NULL REFERENCES offerings,
    name TEXT NOT NULL,
    PRIMARY KEY (offering_id, name)
) STRICT, WITHOUT ROWID;

-- Where a person's identity comes from, and who manages those that come from there.
CREATE TABLE identity_sources (
    source TEXT NOT NULL,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    PRIMARY KEY (source, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE managed_sources (
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    source TEXT NOT NULL,
    PRIMARY KEY (user_id, source)
) STRICT, WITHOUT ROWID;

-- 3. What lists need to stay fast with a million accounts. The list of accounts is filtered and
-- ordered in memory (src/roster.rs), and needs none of this.

DROP INDEX offering_users_by_name;
DROP INDEX offering_users_by_state;
DROP INDEX offering_users_by_created;
DROP INDEX offering_users_by_modified;
DROP INDEX offering_users_by_offering;
CREATE INDEX offering_users_by_offering ON offering_users (offering_id);

-- The offering of the account, beside the completion: how far an offering's accounts are is then
-- counted from one index (contract 10).
ALTER TABLE completions ADD COLUMN offering_id INTEGER REFERENCES offerings;

UPDATE completions SET offering_id =
    (SELECT a.offering_id FROM offering_users a WHERE a.id = offering_user_id);

CREATE INDEX completions_by_offering ON completions (offering_id, checklist_id, is_completed);
CREATE INDEX completions_by_checklist ON completions (checklist_id);
CREATE INDEX completions_by_modified ON completions (modified);
CREATE INDEX answers_by_question ON answers (question_id);
CREATE INDEX files_by_completion ON files (completion_id);
CREATE INDEX consents_by_offering ON consents (offering_id);
CREATE INDEX offerings_by_customer ON offerings (customer_id);

CREATE INDEX users_by_first_name ON users (first_name, last_name, id);
CREATE INDEX users_by_last_name ON users (last_name, first_name, id);
CREATE INDEX users_by_email ON users (email COLLATE NOCASE);
CREATE INDEX users_inactive ON users (id) WHERE NOT is_active;

-- 4. Tokens that end.

-- How long a token lasts after it was last used, in seconds; NULL is for ever (contract 1.1).
ALTER TABLE users ADD COLUMN token_lifetime INTEGER;
ALTER TABLE tokens ADD COLUMN used TEXT NOT NULL DEFAULT '';
UPDATE tokens SET used = created;
-- A working day, as new demo data has it.
UPDATE users SET token_lifetime = 12 * 3600;
