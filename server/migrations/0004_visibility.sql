-- What decides who sees an account beside roles on offerings and organisations (contract 4.2).

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

-- Lists are filtered and ordered in memory (src/roster.rs).
DROP INDEX offering_users_by_name;
DROP INDEX offering_users_by_state;
DROP INDEX offering_users_by_created;
DROP INDEX offering_users_by_modified;

-- How long a token lasts after it was last used, in seconds; NULL is for ever (contract 1.1).
ALTER TABLE users ADD COLUMN token_lifetime INTEGER;
ALTER TABLE tokens ADD COLUMN used TEXT NOT NULL DEFAULT '';
UPDATE tokens SET used = created;
