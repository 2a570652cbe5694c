-- What a database of the first version holds: one account, whose checklist has options and
-- dependencies inside the questions, in the forms that version wrote.

INSERT INTO users (id, uuid, username, first_name, last_name, email, organization, job_title)
VALUES (1, '00000000000000000000000000000001', 'alice', 'Alice', 'Tamm', '', '', '');

INSERT INTO customers (id, uuid, provider_uuid, name, abbreviation)
VALUES (1, '00000000000000000000000000000002', '00000000000000000000000000000003', 'Ravila', 'R');

INSERT INTO checklists (id, uuid, name, description, checklist_type)
VALUES (1, '00000000000000000000000000000010', 'Old', '', 'offering_compliance');

INSERT INTO questions (id, uuid, checklist_id, position, required, config) VALUES
(1, 'a0000000000000000000000000000001', 1, 1, 1,
 '{"description":"Field?","question_type":"single_select","question_options":[{"uuid":"b0000000000000000000000000000002","label":"Second","order":2},{"uuid":"b0000000000000000000000000000001","label":"First","order":1}],"dependencies":[]}'),
(2, 'a0000000000000000000000000000002', 1, 2, 0,
 '{"description":"How much?","question_type":"number","min_value":"0.5000","question_options":[],"dependencies":[{"depends_on_question":"a0000000-0000-0000-0000-000000000001","operator":"in","required_answer_value":["b0000000000000000000000000000001"]}]}'),
(3, 'a0000000000000000000000000000003', 1, 3, 0,
 '{"description":"Why?","question_type":"text_area","dependency_logic_operator":"or","question_options":[],"dependencies":[{"depends_on_question":"a0000000-0000-0000-0000-000000000002","operator":"equals","required_answer_value":1.0},{"depends_on_question":"a0000000-0000-0000-0000-000000000001","operator":"is","required_answer_value":null}]}');

INSERT INTO offerings (id, uuid, customer_id, name, slug, description, provider_can_create_users, checklist_id)
VALUES (1, '00000000000000000000000000000020', 1, 'Ravila', 'ravila', '', 1, 1);

INSERT INTO offering_users (id, uuid, user_id, offering_id, state, created, modified)
VALUES (1, '00000000000000000000000000000030', 1, 1, 5, '2026-01-01T00:00:00.000000+00:00', '2026-01-01T00:00:00.000000+00:00');

INSERT INTO completions (id, uuid, offering_user_id, checklist_id, created, modified)
VALUES (1, '00000000000000000000000000000040', 1, 1, '2026-01-01T00:00:00.000000+00:00', '2026-01-01T00:00:00.000000+00:00');

INSERT INTO answers (uuid, completion_id, question_id, user_id, data, requires_review, created, modified)
VALUES ('00000000000000000000000000000050', 1, 1, 1, '["b0000000000000000000000000000001"]', 0, '2026-01-01T00:00:00.000000+00:00', '2026-01-01T00:00:00.000000+00:00');
