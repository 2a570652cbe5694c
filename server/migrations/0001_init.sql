-- Ids on the wire are hex uuids (contract 1.4), so they are stored as such. The integer keys order
-- rows by creation, which decides whose answer is shown (contract 6.1), and stay inside.

CREATE TABLE users (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    username TEXT NOT NULL UNIQUE COLLATE NOCASE,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    email TEXT NOT NULL,
    organization TEXT NOT NULL,
    job_title TEXT NOT NULL,
    is_staff INTEGER NOT NULL DEFAULT 0,
    is_support INTEGER NOT NULL DEFAULT 0,
    is_active INTEGER NOT NULL DEFAULT 1,
    -- A PHC string; NULL for people who cannot sign in.
    password TEXT
) STRICT;

CREATE TABLE tokens (
    -- SHA-256 of the token, so that the file does not hold what opens the door.
    hash TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    created TEXT NOT NULL
) STRICT;

CREATE TABLE customers (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    -- The service-provider record has a uuid of its own (contract 10).
    provider_uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    abbreviation TEXT NOT NULL
) STRICT;

CREATE TABLE checklists (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    checklist_type TEXT NOT NULL
) STRICT;

CREATE TABLE questions (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    checklist_id INTEGER NOT NULL REFERENCES checklists ON DELETE CASCADE,
    position INTEGER NOT NULL,
    required INTEGER NOT NULL,
    -- Everything else that describes the question, as JSON: it is read whole or not at all.
    config TEXT NOT NULL
) STRICT;

CREATE INDEX questions_of_checklist ON questions (checklist_id, position, id);

CREATE TABLE offerings (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    customer_id INTEGER NOT NULL REFERENCES customers,
    parent_id INTEGER REFERENCES offerings,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    description TEXT NOT NULL,
    -- plugin_options.service_provider_can_create_offering_user: without it nobody but staff and
    -- support sees the accounts, not even their holders (contract 4.2).
    provider_can_create_users INTEGER NOT NULL,
    checklist_id INTEGER REFERENCES checklists
) STRICT;

CREATE TABLE roles (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL UNIQUE,
    -- A JSON list of permission strings.
    permissions TEXT NOT NULL
) STRICT;

-- A role on exactly one thing: an organisation or an offering (contract 4.1).
CREATE TABLE memberships (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
    role_id INTEGER NOT NULL REFERENCES roles,
    customer_id INTEGER REFERENCES customers,
    offering_id INTEGER REFERENCES offerings,
    created TEXT NOT NULL,
    CHECK ((customer_id IS NULL) <> (offering_id IS NULL))
) STRICT;

CREATE TABLE terms (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    offering_id INTEGER NOT NULL REFERENCES offerings,
    version TEXT NOT NULL,
    text TEXT NOT NULL,
    link TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    requires_reconsent INTEGER NOT NULL,
    grace_period_days INTEGER NOT NULL,
    created TEXT NOT NULL,
    modified TEXT NOT NULL
) STRICT;

-- One version of an offering's terms is in force at most (contract 9.4).
CREATE UNIQUE INDEX terms_in_force ON terms (offering_id) WHERE is_active;

CREATE TABLE consents (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users,
    offering_id INTEGER NOT NULL REFERENCES offerings,
    version TEXT NOT NULL,
    agreement_date TEXT NOT NULL,
    revocation_date TEXT,
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    -- Agreeing again revives the row (contract 9.3).
    UNIQUE (user_id, offering_id)
) STRICT;

CREATE TABLE offering_users (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    user_id INTEGER NOT NULL REFERENCES users,
    offering_id INTEGER NOT NULL REFERENCES offerings,
    username TEXT,
    -- 1 to 10 (contract 3.1).
    state INTEGER NOT NULL,
    runtime_state TEXT NOT NULL DEFAULT 'Active',
    comment TEXT NOT NULL DEFAULT '',
    comment_url TEXT NOT NULL DEFAULT '',
    is_restricted INTEGER NOT NULL DEFAULT 0,
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    UNIQUE (user_id, offering_id)
) STRICT;

CREATE INDEX offering_users_by_name ON offering_users (username, id);
CREATE INDEX offering_users_by_offering ON offering_users (offering_id, state);
CREATE INDEX offering_users_by_state ON offering_users (state);
CREATE INDEX offering_users_by_created ON offering_users (created);
CREATE INDEX offering_users_by_modified ON offering_users (modified);

CREATE TABLE completions (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    offering_user_id INTEGER NOT NULL REFERENCES offering_users ON DELETE CASCADE,
    checklist_id INTEGER NOT NULL REFERENCES checklists,
    -- Stored, and refreshed only when answers are saved (contract 7.3).
    is_completed INTEGER NOT NULL DEFAULT 0,
    requires_review INTEGER NOT NULL DEFAULT 0,
    -- Nothing of ours writes these; they are here because clients read them (contract 7.4).
    reviewed_by INTEGER REFERENCES users,
    reviewed_at TEXT,
    review_notes TEXT NOT NULL DEFAULT '',
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    UNIQUE (offering_user_id, checklist_id)
) STRICT;

CREATE TABLE answers (
    id INTEGER PRIMARY KEY,
    uuid TEXT NOT NULL UNIQUE,
    completion_id INTEGER NOT NULL REFERENCES completions ON DELETE CASCADE,
    question_id INTEGER NOT NULL REFERENCES questions ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES users,
    -- JSON, exactly as it was sent, except that files are references.
    data TEXT NOT NULL,
    -- Decided when the row is created, and never again (contract 7.2).
    requires_review INTEGER NOT NULL,
    created TEXT NOT NULL,
    modified TEXT NOT NULL,
    UNIQUE (completion_id, question_id, user_id)
) STRICT;

CREATE TABLE files (
    -- What an answer refers to as stored_file_id.
    uuid TEXT PRIMARY KEY,
    completion_id INTEGER NOT NULL REFERENCES completions ON DELETE CASCADE,
    name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    created TEXT NOT NULL
) STRICT;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
