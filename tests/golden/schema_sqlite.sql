CREATE TABLE absent_costs (
	client VARCHAR(40) NOT NULL,
	category VARCHAR(20) NOT NULL,
	why TEXT NOT NULL,
	recorded_by VARCHAR(40) NOT NULL,
	recorded_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_absent_costs PRIMARY KEY (client, category),
	CONSTRAINT ck_absent_costs_expected_cost CHECK (category IN ('huur','energie','water','zorgverzekering')),
	CONSTRAINT ck_absent_costs_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_absent_costs_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE accepted_doubles (
	obligation VARCHAR(40) NOT NULL,
	why TEXT NOT NULL,
	accepted_by VARCHAR(40) NOT NULL,
	accepted_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_accepted_doubles PRIMARY KEY (obligation),
	CONSTRAINT ck_accepted_doubles_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_accepted_doubles_obligations FOREIGN KEY(obligation) REFERENCES obligations (obligation)
);

CREATE TABLE answers (
	client VARCHAR(40) NOT NULL,
	trajectory INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	code VARCHAR(40) NOT NULL,
	met BOOLEAN,
	score INTEGER,
	evidence TEXT NOT NULL,
	CONSTRAINT pk_answers PRIMARY KEY (client, trajectory, sequence, code),
	CONSTRAINT fk_answers_assessment FOREIGN KEY(client, trajectory, sequence) REFERENCES assessments (client, trajectory, sequence),
	CONSTRAINT ck_answers_met_or_score CHECK ((met IS NULL) <> (score IS NULL)),
	CONSTRAINT ck_answers_score_range CHECK (score IS NULL OR score IN (0, 1, 2)),
	CONSTRAINT ck_answers_evidence_given CHECK (length(evidence) > 0),
	CONSTRAINT fk_answers_clients FOREIGN KEY(client) REFERENCES clients (client),
	CONSTRAINT ck_answers_met CHECK (met IN (0, 1))
);

CREATE TABLE assessments (
	client VARCHAR(40) NOT NULL,
	trajectory INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	assessed_on DATE NOT NULL,
	checklist VARCHAR(20) NOT NULL,
	waive_proof TEXT,
	content_sha256 VARCHAR(64) NOT NULL,
	assessed_by VARCHAR(40) NOT NULL,
	assessed_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_assessments PRIMARY KEY (client, trajectory, sequence),
	CONSTRAINT fk_assessments_trajectory FOREIGN KEY(client, trajectory) REFERENCES trajectories (client, number),
	CONSTRAINT uq_assessments_same_file UNIQUE (client, trajectory, content_sha256),
	CONSTRAINT ck_assessments_waiver_said CHECK (waive_proof IS NULL OR length(waive_proof) > 0),
	CONSTRAINT fk_assessments_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE audit_trail (
	sequence INTEGER NOT NULL,
	at VARCHAR(32) NOT NULL,
	actor VARCHAR(40) NOT NULL,
	action VARCHAR(40) NOT NULL,
	subject TEXT NOT NULL,
	previous_hash VARCHAR(64) NOT NULL,
	hash VARCHAR(64) NOT NULL,
	CONSTRAINT pk_audit_trail PRIMARY KEY (sequence),
	CONSTRAINT uq_audit_trail_previous_hash UNIQUE (previous_hash),
	CONSTRAINT uq_audit_trail_hash UNIQUE (hash)
);

CREATE TABLE bank_files (
	sha256 VARCHAR(64) NOT NULL,
	kind VARCHAR(10) NOT NULL,
	message_id TEXT,
	read_by VARCHAR(40) NOT NULL,
	read_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_bank_files PRIMARY KEY (sha256)
);

CREATE TABLE bank_lines (
	line_id VARCHAR(80) NOT NULL,
	statement VARCHAR(60) NOT NULL,
	amount_cents BIGINT NOT NULL,
	direction VARCHAR(4) NOT NULL,
	booking_date DATE NOT NULL,
	end_to_end_id TEXT,
	mentioned TEXT NOT NULL,
	payment_information_id TEXT,
	message_id TEXT,
	transactions INTEGER,
	counterparty_iban TEXT,
	counterparty_name TEXT,
	text TEXT NOT NULL,
	is_return INTEGER NOT NULL,
	reason TEXT,
	CONSTRAINT pk_bank_lines PRIMARY KEY (line_id),
	CONSTRAINT ck_bank_lines_amount_positive CHECK (amount_cents > 0),
	CONSTRAINT ck_bank_lines_known_direction CHECK (direction IN ('CRDT','DBIT')),
	CONSTRAINT fk_bank_lines_bank_statements FOREIGN KEY(statement) REFERENCES bank_statements (statement)
);

CREATE INDEX ix_bank_lines_statement ON bank_lines (statement);

CREATE TABLE bank_statements (
	statement VARCHAR(60) NOT NULL,
	gemeente VARCHAR(40) NOT NULL,
	account VARCHAR(34) NOT NULL,
	format VARCHAR(10) NOT NULL,
	sequence INTEGER NOT NULL,
	previous INTEGER,
	bank_statement_id TEXT NOT NULL,
	day DATE NOT NULL,
	opening_cents BIGINT NOT NULL,
	closing_cents BIGINT NOT NULL,
	content_sha256 VARCHAR(64) NOT NULL,
	file_sha256 VARCHAR(64) NOT NULL,
	CONSTRAINT pk_bank_statements PRIMARY KEY (statement),
	CONSTRAINT uq_bank_statements_sequence UNIQUE (account, sequence),
	CONSTRAINT uq_bank_statements_closing UNIQUE (account, sequence, closing_cents),
	CONSTRAINT uq_bank_statements_identity UNIQUE (account, bank_statement_id, day),
	CONSTRAINT fk_bank_statements_follows FOREIGN KEY(account, previous, opening_cents) REFERENCES bank_statements (account, sequence, closing_cents),
	CONSTRAINT ck_bank_statements_chained CHECK ((sequence = 1 AND previous IS NULL) OR (previous IS NOT NULL AND previous = sequence - 1)),
	CONSTRAINT fk_bank_statements_bank_files FOREIGN KEY(file_sha256) REFERENCES bank_files (sha256)
);

CREATE TABLE benefit_records (
	reference VARCHAR(40) NOT NULL,
	client VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL,
	component VARCHAR(12) NOT NULL,
	amount_cents BIGINT NOT NULL,
	suspended BOOLEAN NOT NULL,
	import_id INTEGER NOT NULL,
	deduction VARCHAR(12),
	CONSTRAINT pk_benefit_records PRIMARY KEY (reference),
	CONSTRAINT ck_benefit_records_amount_not_negative CHECK (amount_cents >= 0),
	CONSTRAINT ck_benefit_records_deduction_has_kind CHECK ((component = 'inhouding') = (deduction IS NOT NULL)),
	CONSTRAINT fk_benefit_records_clients FOREIGN KEY(client) REFERENCES clients (client),
	CONSTRAINT ck_benefit_records_suspended CHECK (suspended IN (0, 1)),
	CONSTRAINT fk_benefit_records_imports FOREIGN KEY(import_id) REFERENCES imports (import_id)
);

CREATE INDEX ix_benefit_records_month ON benefit_records (month);

CREATE UNIQUE INDEX uq_benefit_records_one_regular ON benefit_records (client, month) WHERE component = 'regulier';

CREATE TABLE books (
	schema_version INTEGER NOT NULL,
	created_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_books PRIMARY KEY (schema_version)
);

CREATE TABLE budget_lines (
	client VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	kind VARCHAR(10) NOT NULL,
	name VARCHAR(70) NOT NULL,
	amount_cents BIGINT NOT NULL,
	first_month VARCHAR(7) NOT NULL,
	last_month VARCHAR(7),
	recorded_by VARCHAR(40) NOT NULL,
	recorded_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_budget_lines PRIMARY KEY (client, sequence),
	CONSTRAINT ck_budget_lines_known_kind CHECK (kind IN ('toeslag','inkomen','aflossing','kosten')),
	CONSTRAINT ck_budget_lines_amount_positive CHECK (amount_cents > 0),
	CONSTRAINT ck_budget_lines_months_in_order CHECK (last_month IS NULL OR last_month >= first_month),
	CONSTRAINT fk_budget_lines_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE catch_ups (
	obligation VARCHAR(40) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	sequence INTEGER NOT NULL,
	from_benefit VARCHAR(7) NOT NULL,
	component VARCHAR(12) NOT NULL,
	why TEXT NOT NULL,
	decided_by VARCHAR(40) NOT NULL,
	decided_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_catch_ups PRIMARY KEY (obligation, covers, sequence),
	CONSTRAINT ck_catch_ups_known_component CHECK (component IN ('regulier','voorschot','nabetaling')),
	CONSTRAINT ck_catch_ups_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_catch_ups_obligations FOREIGN KEY(obligation) REFERENCES obligations (obligation)
);

CREATE INDEX ix_catch_ups_from_benefit ON catch_ups (from_benefit);

CREATE TABLE client_versions (
	client VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	from_month VARCHAR(7) NOT NULL,
	import_id INTEGER NOT NULL,
	gemeente VARCHAR(40) NOT NULL,
	name VARCHAR(70) NOT NULL,
	household VARCHAR(40) NOT NULL,
	birth_date DATE NOT NULL,
	right_from DATE NOT NULL,
	right_until DATE,
	residence_ground VARCHAR(24) NOT NULL,
	must_integrate BOOLEAN NOT NULL,
	decision VARCHAR(140),
	decision_date DATE,
	mandate_date DATE,
	iban VARCHAR(34),
	language VARCHAR(2),
	CONSTRAINT pk_client_versions PRIMARY KEY (client, sequence),
	CONSTRAINT fk_client_versions_clients FOREIGN KEY(client) REFERENCES clients (client),
	CONSTRAINT fk_client_versions_imports FOREIGN KEY(import_id) REFERENCES imports (import_id),
	CONSTRAINT ck_client_versions_must_integrate CHECK (must_integrate IN (0, 1))
);

CREATE TABLE clients (
	client VARCHAR(40) NOT NULL,
	CONSTRAINT pk_clients PRIMARY KEY (client)
);

CREATE TABLE contributions (
	obligation VARCHAR(40) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	withholding INTEGER NOT NULL,
	client VARCHAR(40) NOT NULL,
	amount_cents BIGINT NOT NULL,
	CONSTRAINT pk_contributions PRIMARY KEY (obligation, covers, withholding, client),
	CONSTRAINT fk_contributions_withholdings FOREIGN KEY(obligation, covers, withholding) REFERENCES withholdings (obligation, covers, sequence),
	CONSTRAINT ck_contributions_amount_positive CHECK (amount_cents > 0),
	CONSTRAINT fk_contributions_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE creditor_ibans (
	creditor VARCHAR(40) NOT NULL,
	iban VARCHAR(34) NOT NULL,
	sequence INTEGER NOT NULL,
	entered_by VARCHAR(40) NOT NULL,
	entered_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_creditor_ibans PRIMARY KEY (creditor, iban, sequence),
	CONSTRAINT uq_creditor_ibans_enterer UNIQUE (creditor, iban, sequence, entered_by),
	CONSTRAINT fk_creditor_ibans_creditors FOREIGN KEY(creditor) REFERENCES creditors (creditor)
);

CREATE TABLE creditor_versions (
	creditor VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	from_month VARCHAR(7) NOT NULL,
	import_id INTEGER NOT NULL,
	name VARCHAR(70) NOT NULL,
	iban VARCHAR(34) NOT NULL,
	category VARCHAR(20) NOT NULL,
	reference_type VARCHAR(20) NOT NULL,
	CONSTRAINT pk_creditor_versions PRIMARY KEY (creditor, sequence),
	CONSTRAINT fk_creditor_versions_creditors FOREIGN KEY(creditor) REFERENCES creditors (creditor),
	CONSTRAINT fk_creditor_versions_imports FOREIGN KEY(import_id) REFERENCES imports (import_id)
);

CREATE TABLE creditors (
	creditor VARCHAR(40) NOT NULL,
	CONSTRAINT pk_creditors PRIMARY KEY (creditor)
);

CREATE TABLE end_proposals (
	client VARCHAR(40) NOT NULL,
	trajectory INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	end_date DATE NOT NULL,
	floor_date DATE NOT NULL,
	reason VARCHAR(16),
	why TEXT,
	verdict VARCHAR(12) NOT NULL,
	assessment INTEGER,
	missing TEXT NOT NULL,
	proposed_by VARCHAR(40) NOT NULL,
	proposed_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_end_proposals PRIMARY KEY (client, trajectory, sequence),
	CONSTRAINT uq_end_proposals_confirmable UNIQUE (client, trajectory, sequence, proposed_by, end_date),
	CONSTRAINT fk_end_proposals_trajectory FOREIGN KEY(client, trajectory) REFERENCES trajectories (client, number),
	CONSTRAINT fk_end_proposals_assessment FOREIGN KEY(client, trajectory, assessment) REFERENCES assessments (client, trajectory, sequence),
	CONSTRAINT ck_end_proposals_early_reason CHECK (reason IS NULL OR reason IN ('right_ended','moved','death','mandate_revoked','maatwerk')),
	CONSTRAINT ck_end_proposals_floor_met CHECK (reason IS NOT NULL OR end_date >= floor_date),
	CONSTRAINT ck_end_proposals_checklist_passed CHECK (reason IS NOT NULL OR (verdict = 'passed' AND assessment IS NOT NULL AND missing = '[]')),
	CONSTRAINT fk_end_proposals_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE end_withdrawals (
	client VARCHAR(40) NOT NULL,
	trajectory INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	why TEXT NOT NULL,
	withdrawn_by VARCHAR(40) NOT NULL,
	withdrawn_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_end_withdrawals PRIMARY KEY (client, trajectory, sequence),
	CONSTRAINT fk_end_withdrawals_proposal FOREIGN KEY(client, trajectory, sequence) REFERENCES end_proposals (client, trajectory, sequence),
	CONSTRAINT ck_end_withdrawals_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_end_withdrawals_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE ends (
	client VARCHAR(40) NOT NULL,
	trajectory INTEGER NOT NULL,
	sequence INTEGER NOT NULL,
	end_date DATE NOT NULL,
	proposed_by VARCHAR(40) NOT NULL,
	confirmed_by VARCHAR(40) NOT NULL,
	confirmed_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_ends PRIMARY KEY (client, trajectory),
	CONSTRAINT fk_ends_as_proposed FOREIGN KEY(client, trajectory, sequence, proposed_by, end_date) REFERENCES end_proposals (client, trajectory, sequence, proposed_by, end_date),
	CONSTRAINT ck_ends_second_person CHECK (confirmed_by <> proposed_by),
	CONSTRAINT fk_ends_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE events (
	client VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	kind VARCHAR(20) NOT NULL,
	on_day DATE NOT NULL,
	why TEXT NOT NULL,
	decision VARCHAR(140),
	recorded_by VARCHAR(40) NOT NULL,
	recorded_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_events PRIMARY KEY (client, sequence),
	CONSTRAINT ck_events_known_kind CHECK (kind IN ('right_ended','suspended','resumed','moved_within','moved_out','partner_joined','partner_left','mandate_revoked','mandate_given','death','arrears','no_arrears')),
	CONSTRAINT ck_events_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_events_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE exception_resolutions (
	exception_id VARCHAR(100) NOT NULL,
	sequence INTEGER NOT NULL,
	previous INTEGER,
	after_what VARCHAR(30),
	as_what VARCHAR(30) NOT NULL,
	why TEXT NOT NULL,
	client VARCHAR(40),
	resolved_by VARCHAR(40) NOT NULL,
	resolved_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_exception_resolutions PRIMARY KEY (exception_id, sequence),
	CONSTRAINT uq_exception_resolutions_what UNIQUE (exception_id, sequence, as_what),
	CONSTRAINT fk_exception_resolutions_follows FOREIGN KEY(exception_id, previous, after_what) REFERENCES exception_resolutions (exception_id, sequence, as_what),
	CONSTRAINT ck_exception_resolutions_only_parked_again CHECK ((sequence = 1 AND previous IS NULL AND after_what IS NULL) OR (previous IS NOT NULL AND after_what IS NOT NULL AND previous = sequence - 1 AND after_what = 'suspense' AND as_what <> 'suspense')),
	CONSTRAINT ck_exception_resolutions_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_exception_resolutions_exceptions FOREIGN KEY(exception_id) REFERENCES exceptions (exception_id),
	CONSTRAINT fk_exception_resolutions_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE exceptions (
	exception_id VARCHAR(100) NOT NULL,
	kind VARCHAR(30) NOT NULL,
	gemeente VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL,
	line_id VARCHAR(80),
	payment_id VARCHAR(35),
	client VARCHAR(40),
	amount_cents BIGINT NOT NULL,
	direction VARCHAR(4) NOT NULL,
	reason TEXT NOT NULL,
	candidates TEXT NOT NULL,
	since DATE NOT NULL,
	owner VARCHAR(40) NOT NULL,
	CONSTRAINT pk_exceptions PRIMARY KEY (exception_id),
	CONSTRAINT ck_exceptions_amount_not_negative CHECK (amount_cents >= 0),
	CONSTRAINT fk_exceptions_bank_lines FOREIGN KEY(line_id) REFERENCES bank_lines (line_id),
	CONSTRAINT fk_exceptions_payments FOREIGN KEY(payment_id) REFERENCES payments (payment_id),
	CONSTRAINT fk_exceptions_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE INDEX ix_exceptions_line_id ON exceptions (line_id);

CREATE TABLE file_approvals (
	file_id VARCHAR(40) NOT NULL,
	made_by VARCHAR(40) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	control_sum_cents BIGINT NOT NULL,
	approved_by VARCHAR(40) NOT NULL,
	approved_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_file_approvals PRIMARY KEY (file_id),
	CONSTRAINT fk_file_approvals_these_bytes FOREIGN KEY(file_id, made_by, sha256, control_sum_cents) REFERENCES payment_files (file_id, made_by, sha256, control_sum_cents),
	CONSTRAINT uq_file_approvals_approver UNIQUE (file_id, approved_by),
	CONSTRAINT ck_file_approvals_second_person CHECK (approved_by <> made_by)
);

CREATE TABLE file_cancellations (
	file_id VARCHAR(40) NOT NULL,
	why TEXT NOT NULL,
	cancelled_by VARCHAR(40) NOT NULL,
	cancelled_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_file_cancellations PRIMARY KEY (file_id),
	CONSTRAINT ck_file_cancellations_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_file_cancellations_payment_files FOREIGN KEY(file_id) REFERENCES payment_files (file_id)
);

CREATE TABLE file_findings (
	file_id VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	code VARCHAR(40) NOT NULL,
	payment_id VARCHAR(35),
	text TEXT NOT NULL,
	CONSTRAINT pk_file_findings PRIMARY KEY (file_id, sequence),
	CONSTRAINT fk_file_findings_payment_files FOREIGN KEY(file_id) REFERENCES payment_files (file_id)
);

CREATE TABLE file_releases (
	file_id VARCHAR(40) NOT NULL,
	approved_by VARCHAR(40) NOT NULL,
	released_by VARCHAR(40) NOT NULL,
	released_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_file_releases PRIMARY KEY (file_id),
	CONSTRAINT fk_file_releases_approved FOREIGN KEY(file_id, approved_by) REFERENCES file_approvals (file_id, approved_by),
	CONSTRAINT ck_file_releases_second_person CHECK (released_by <> approved_by)
);

CREATE TABLE given_back (
	obligation VARCHAR(40) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	withholding INTEGER NOT NULL,
	amount_cents BIGINT NOT NULL,
	plan_anew BOOLEAN NOT NULL,
	after_run INTEGER NOT NULL,
	file_id VARCHAR(40),
	why TEXT NOT NULL,
	given_back_by VARCHAR(40) NOT NULL,
	given_back_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_given_back PRIMARY KEY (obligation, covers, withholding),
	CONSTRAINT fk_given_back_amount_withheld FOREIGN KEY(obligation, covers, withholding, amount_cents) REFERENCES withholdings (obligation, covers, sequence, amount_cents),
	CONSTRAINT ck_given_back_why_said CHECK (length(why) > 0),
	CONSTRAINT ck_given_back_plan_anew CHECK (plan_anew IN (0, 1)),
	CONSTRAINT fk_given_back_file_cancellations FOREIGN KEY(file_id) REFERENCES file_cancellations (file_id)
);

CREATE TABLE grounds (
	client VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	ground VARCHAR(12) NOT NULL,
	from_day DATE NOT NULL,
	until_day DATE NOT NULL,
	decision VARCHAR(140) NOT NULL,
	reassess_on DATE NOT NULL,
	added_by VARCHAR(40) NOT NULL,
	added_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_grounds PRIMARY KEY (client, sequence),
	CONSTRAINT ck_grounds_days_in_order CHECK (until_day >= from_day),
	CONSTRAINT ck_grounds_reassessed_later CHECK (reassess_on > from_day),
	CONSTRAINT ck_grounds_added_ground CHECK (ground IN ('ART_57','VRIJWILLIG','MAATWERK')),
	CONSTRAINT fk_grounds_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE handover_proofs (
	obligation VARCHAR(40) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	sequence INTEGER NOT NULL,
	paid BOOLEAN NOT NULL,
	why TEXT,
	observed_by VARCHAR(40) NOT NULL,
	observed_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_handover_proofs PRIMARY KEY (obligation, covers, sequence),
	CONSTRAINT ck_handover_proofs_correction_said CHECK (sequence = 1 OR (why IS NOT NULL AND length(why) > 0)),
	CONSTRAINT fk_handover_proofs_obligations FOREIGN KEY(obligation) REFERENCES obligations (obligation),
	CONSTRAINT ck_handover_proofs_paid CHECK (paid IN (0, 1))
);

CREATE TABLE handovers (
	obligation VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	first_own VARCHAR(7) NOT NULL,
	method VARCHAR(12) NOT NULL,
	back_from VARCHAR(7),
	why TEXT,
	recorded_by VARCHAR(40) NOT NULL,
	recorded_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_handovers PRIMARY KEY (obligation, sequence),
	CONSTRAINT ck_handovers_known_method CHECK (method IN ('incasso','overboeking')),
	CONSTRAINT ck_handovers_back_after_handed_over CHECK (back_from IS NULL OR (back_from >= first_own AND sequence > 1)),
	CONSTRAINT ck_handovers_correction_said CHECK (sequence = 1 OR (why IS NOT NULL AND length(why) > 0)),
	CONSTRAINT fk_handovers_obligations FOREIGN KEY(obligation) REFERENCES obligations (obligation)
);

CREATE TABLE holds (
	client VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	on_hold BOOLEAN NOT NULL,
	why TEXT NOT NULL,
	decided_by VARCHAR(40) NOT NULL,
	decided_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_holds PRIMARY KEY (client, sequence),
	CONSTRAINT fk_holds_clients FOREIGN KEY(client) REFERENCES clients (client),
	CONSTRAINT ck_holds_on_hold CHECK (on_hold IN (0, 1))
);

CREATE TABLE iban_confirmations (
	creditor VARCHAR(40) NOT NULL,
	iban VARCHAR(34) NOT NULL,
	sequence INTEGER NOT NULL,
	entered_by VARCHAR(40) NOT NULL,
	confirmed_by VARCHAR(40) NOT NULL,
	how TEXT NOT NULL,
	confirmed_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_iban_confirmations PRIMARY KEY (creditor, iban, sequence),
	CONSTRAINT fk_iban_confirmations_entered FOREIGN KEY(creditor, iban, sequence, entered_by) REFERENCES creditor_ibans (creditor, iban, sequence, entered_by),
	CONSTRAINT ck_iban_confirmations_second_person CHECK (confirmed_by <> entered_by),
	CONSTRAINT ck_iban_confirmations_how_said CHECK (length(how) > 0)
);

CREATE TABLE imports (
	import_id INTEGER NOT NULL,
	kind VARCHAR(12) NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	from_month VARCHAR(7) NOT NULL,
	dated BOOLEAN NOT NULL,
	lines INTEGER NOT NULL,
	changed INTEGER NOT NULL,
	imported_by VARCHAR(40) NOT NULL,
	imported_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_imports PRIMARY KEY (import_id),
	CONSTRAINT uq_imports_same_file UNIQUE (kind, sha256, from_month),
	CONSTRAINT ck_imports_known_kind CHECK (kind IN ('creditors','clients','obligations','benefits')),
	CONSTRAINT ck_imports_dated CHECK (dated IN (0, 1))
);

CREATE TABLE month_closings (
	month VARCHAR(7) NOT NULL,
	closed_by VARCHAR(40) NOT NULL,
	closed_at VARCHAR(32) NOT NULL,
	bank_cents BIGINT NOT NULL,
	books_cents BIGINT NOT NULL,
	CONSTRAINT pk_month_closings PRIMARY KEY (month),
	CONSTRAINT ck_month_closings_bank_equals_books CHECK (bank_cents = books_cents)
);

CREATE TABLE notices (
	client VARCHAR(40) NOT NULL,
	obligation VARCHAR(40) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	about DATE NOT NULL,
	text_sha256 VARCHAR(64) NOT NULL,
	made_by VARCHAR(40) NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_notices PRIMARY KEY (client, obligation, kind, about),
	CONSTRAINT fk_notices_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE obligation_versions (
	obligation VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	from_month VARCHAR(7) NOT NULL,
	import_id INTEGER NOT NULL,
	client VARCHAR(40) NOT NULL,
	creditor VARCHAR(40) NOT NULL,
	category VARCHAR(20) NOT NULL,
	amount_cents BIGINT NOT NULL,
	reference VARCHAR(140) NOT NULL,
	first_covered VARCHAR(7) NOT NULL,
	last_covered VARCHAR(7),
	frequency VARCHAR(10) NOT NULL,
	CONSTRAINT pk_obligation_versions PRIMARY KEY (obligation, sequence),
	CONSTRAINT fk_obligation_versions_owner FOREIGN KEY(obligation, client) REFERENCES obligations (obligation, client),
	CONSTRAINT ck_obligation_versions_amount_positive CHECK (amount_cents > 0),
	CONSTRAINT fk_obligation_versions_imports FOREIGN KEY(import_id) REFERENCES imports (import_id),
	CONSTRAINT fk_obligation_versions_creditors FOREIGN KEY(creditor) REFERENCES creditors (creditor)
);

CREATE TABLE obligations (
	obligation VARCHAR(40) NOT NULL,
	client VARCHAR(40) NOT NULL,
	CONSTRAINT pk_obligations PRIMARY KEY (obligation),
	CONSTRAINT uq_obligations_owner UNIQUE (obligation, client),
	CONSTRAINT fk_obligations_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE paid_otherwise (
	obligation VARCHAR(40) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	sequence INTEGER NOT NULL,
	reaches VARCHAR(7) NOT NULL,
	paid_by VARCHAR(24),
	why TEXT NOT NULL,
	recorded_by VARCHAR(40) NOT NULL,
	recorded_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_paid_otherwise PRIMARY KEY (obligation, covers, sequence),
	CONSTRAINT ck_paid_otherwise_known_payer CHECK (paid_by IN ('bijzondere_bijstand','client','krediet','verhuurder')),
	CONSTRAINT ck_paid_otherwise_taken_back_after_said CHECK (paid_by IS NOT NULL OR sequence > 1),
	CONSTRAINT ck_paid_otherwise_months_in_order CHECK (reaches >= covers),
	CONSTRAINT ck_paid_otherwise_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_paid_otherwise_obligations FOREIGN KEY(obligation) REFERENCES obligations (obligation)
);

CREATE TABLE payee_verifications (
	file_sha256 VARCHAR(64) NOT NULL,
	payment_id VARCHAR(35) NOT NULL,
	creditor VARCHAR(40) NOT NULL,
	iban VARCHAR(34) NOT NULL,
	result VARCHAR(4) NOT NULL,
	told_on DATE NOT NULL,
	CONSTRAINT pk_payee_verifications PRIMARY KEY (file_sha256, payment_id),
	CONSTRAINT ck_payee_verifications_known_result CHECK (result IN ('RCVC','RVMC','RVNM','RVNA')),
	CONSTRAINT fk_payee_verifications_bank_files FOREIGN KEY(file_sha256) REFERENCES bank_files (sha256),
	CONSTRAINT fk_payee_verifications_payments FOREIGN KEY(payment_id) REFERENCES payments (payment_id)
);

CREATE INDEX ix_payee_verifications_creditor ON payee_verifications (creditor, iban);

CREATE TABLE payment_files (
	file_id VARCHAR(40) NOT NULL,
	run_id VARCHAR(40) NOT NULL,
	gemeente VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL,
	message_id VARCHAR(35) NOT NULL,
	payment_information_id VARCHAR(35) NOT NULL,
	created_at VARCHAR(32) NOT NULL,
	execution_date DATE NOT NULL,
	debtor_iban VARCHAR(34) NOT NULL,
	transactions INTEGER NOT NULL,
	control_sum_cents BIGINT NOT NULL,
	content BLOB NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	sha1 VARCHAR(40) NOT NULL,
	state VARCHAR(20) NOT NULL,
	made_by VARCHAR(40) NOT NULL,
	CONSTRAINT pk_payment_files PRIMARY KEY (file_id),
	CONSTRAINT uq_payment_files_approvable UNIQUE (file_id, made_by, sha256, control_sum_cents),
	CONSTRAINT ck_payment_files_not_empty CHECK (transactions > 0 AND control_sum_cents > 0),
	CONSTRAINT fk_payment_files_runs FOREIGN KEY(run_id) REFERENCES runs (run_id),
	CONSTRAINT uq_payment_files_message_id UNIQUE (message_id),
	CONSTRAINT uq_payment_files_payment_information_id UNIQUE (payment_information_id),
	CONSTRAINT uq_payment_files_sha256 UNIQUE (sha256)
);

CREATE TABLE payments (
	payment_id VARCHAR(35) NOT NULL,
	file_id VARCHAR(40) NOT NULL,
	obligation VARCHAR(40) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	withholding INTEGER NOT NULL,
	amount_cents BIGINT NOT NULL,
	client VARCHAR(40) NOT NULL,
	creditor VARCHAR(40) NOT NULL,
	creditor_name VARCHAR(70) NOT NULL,
	creditor_iban VARCHAR(34) NOT NULL,
	remittance VARCHAR(140) NOT NULL,
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_payments PRIMARY KEY (payment_id),
	CONSTRAINT fk_payments_amount_withheld FOREIGN KEY(obligation, covers, withholding, amount_cents) REFERENCES withholdings (obligation, covers, sequence, amount_cents),
	CONSTRAINT fk_payments_payment_files FOREIGN KEY(file_id) REFERENCES payment_files (file_id)
);

CREATE INDEX ix_payments_file_id ON payments (file_id);

CREATE INDEX ix_payments_obligation_covers ON payments (obligation, covers);

CREATE UNIQUE INDEX uq_payments_one_live ON payments (obligation, covers) WHERE (state NOT IN ('rejected', 'returned', 'cancelled'));

CREATE TABLE period_decisions (
	client VARCHAR(40) NOT NULL,
	right_from DATE NOT NULL,
	decided VARCHAR(8) NOT NULL,
	period_from DATE NOT NULL,
	why TEXT NOT NULL,
	decided_by VARCHAR(40) NOT NULL,
	decided_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_period_decisions PRIMARY KEY (client, right_from),
	CONSTRAINT ck_period_decisions_known_decision CHECK (decided IN ('continue','new')),
	CONSTRAINT ck_period_decisions_period_fits CHECK ((decided = 'new' AND period_from = right_from) OR (decided = 'continue' AND period_from < right_from)),
	CONSTRAINT ck_period_decisions_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_period_decisions_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE refund_shares (
	exception_id VARCHAR(100) NOT NULL,
	sequence INTEGER NOT NULL,
	client VARCHAR(40) NOT NULL,
	amount_cents BIGINT NOT NULL,
	CONSTRAINT pk_refund_shares PRIMARY KEY (exception_id, sequence, client),
	CONSTRAINT fk_refund_shares_exception_resolutions FOREIGN KEY(exception_id, sequence) REFERENCES exception_resolutions (exception_id, sequence),
	CONSTRAINT ck_refund_shares_amount_positive CHECK (amount_cents > 0),
	CONSTRAINT fk_refund_shares_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE rejections (
	payment_id VARCHAR(35) NOT NULL,
	file_sha256 VARCHAR(64),
	level VARCHAR(24) NOT NULL,
	reason TEXT,
	rejected_on DATE NOT NULL,
	CONSTRAINT pk_rejections PRIMARY KEY (payment_id),
	CONSTRAINT fk_rejections_payments FOREIGN KEY(payment_id) REFERENCES payments (payment_id),
	CONSTRAINT fk_rejections_bank_files FOREIGN KEY(file_sha256) REFERENCES bank_files (sha256)
);

CREATE TABLE remainder_files (
	month VARCHAR(7) NOT NULL,
	number INTEGER NOT NULL,
	format VARCHAR(4) NOT NULL,
	content BLOB NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	lines INTEGER NOT NULL,
	due_cents BIGINT NOT NULL,
	made_by VARCHAR(40) NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_remainder_files PRIMARY KEY (month, number),
	CONSTRAINT ck_remainder_files_not_empty CHECK (number > 0 AND lines > 0 AND due_cents >= 0),
	CONSTRAINT ck_remainder_files_known_format CHECK (format IN ('csv','xlsx'))
);

CREATE TABLE remainder_lists (
	gemeente VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL,
	client VARCHAR(40) NOT NULL,
	sequence INTEGER NOT NULL,
	amount_cents BIGINT NOT NULL,
	refund_cents BIGINT NOT NULL,
	whole_cents BIGINT NOT NULL,
	number INTEGER,
	benefit_cents BIGINT NOT NULL,
	withheld_cents BIGINT NOT NULL,
	waiting_cents BIGINT NOT NULL,
	advice VARCHAR(10) NOT NULL,
	reason VARCHAR(24) NOT NULL,
	listed_by VARCHAR(40) NOT NULL,
	listed_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_remainder_lists PRIMARY KEY (gemeente, month, client, sequence),
	CONSTRAINT fk_remainder_lists_file FOREIGN KEY(month, number) REFERENCES remainder_files (month, number),
	CONSTRAINT ck_remainder_lists_amounts CHECK (amount_cents >= refund_cents AND refund_cents >= 0),
	CONSTRAINT ck_remainder_lists_never_taken_back CHECK (amount_cents + whole_cents >= 0),
	CONSTRAINT ck_remainder_lists_known_advice CHECK (advice IN ('uitbetalen','wachten')),
	CONSTRAINT fk_remainder_lists_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE INDEX ix_remainder_lists_month ON remainder_lists (month);

CREATE TABLE resubmissions (
	obligation VARCHAR(40) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	withholding INTEGER NOT NULL,
	attempt INTEGER NOT NULL,
	exception_id VARCHAR(100) NOT NULL,
	CONSTRAINT pk_resubmissions PRIMARY KEY (obligation, covers, attempt),
	CONSTRAINT fk_resubmissions_withholdings FOREIGN KEY(obligation, covers, withholding) REFERENCES withholdings (obligation, covers, sequence),
	CONSTRAINT ck_resubmissions_later_attempt CHECK (attempt > 1),
	CONSTRAINT uq_resubmissions_exception_id UNIQUE (exception_id),
	CONSTRAINT fk_resubmissions_exceptions FOREIGN KEY(exception_id) REFERENCES exceptions (exception_id)
);

CREATE TABLE reviews (
	gemeente VARCHAR(40) NOT NULL,
	day DATE NOT NULL,
	items_sha256 VARCHAR(64) NOT NULL,
	items TEXT NOT NULL,
	made_by VARCHAR(40) NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_reviews PRIMARY KEY (gemeente, day, items_sha256)
);

CREATE TABLE run_clients (
	run_id VARCHAR(40) NOT NULL,
	client VARCHAR(40) NOT NULL,
	benefit_cents BIGINT NOT NULL,
	withheld_cents BIGINT NOT NULL,
	remainder_cents BIGINT NOT NULL,
	CONSTRAINT pk_run_clients PRIMARY KEY (run_id, client),
	CONSTRAINT ck_run_clients_nothing_lost CHECK (benefit_cents = withheld_cents + remainder_cents),
	CONSTRAINT ck_run_clients_never_more_than_granted CHECK (withheld_cents >= 0 AND remainder_cents >= 0),
	CONSTRAINT fk_run_clients_runs FOREIGN KEY(run_id) REFERENCES runs (run_id),
	CONSTRAINT fk_run_clients_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE run_components (
	run_id VARCHAR(40) NOT NULL,
	client VARCHAR(40) NOT NULL,
	component VARCHAR(12) NOT NULL,
	amount_cents BIGINT NOT NULL,
	CONSTRAINT pk_run_components PRIMARY KEY (run_id, client, component),
	CONSTRAINT fk_run_components_counted FOREIGN KEY(run_id, client) REFERENCES run_clients (run_id, client),
	CONSTRAINT ck_run_components_one_off CHECK (component IN ('voorschot','nabetaling')),
	CONSTRAINT ck_run_components_amount_positive CHECK (amount_cents > 0)
);

CREATE TABLE run_held (
	run_id VARCHAR(40) NOT NULL,
	client VARCHAR(40) NOT NULL,
	obligation VARCHAR(40) NOT NULL,
	reason VARCHAR(24) NOT NULL,
	CONSTRAINT pk_run_held PRIMARY KEY (run_id, client, obligation),
	CONSTRAINT fk_run_held_runs FOREIGN KEY(run_id) REFERENCES runs (run_id),
	CONSTRAINT fk_run_held_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE TABLE run_shortfalls (
	run_id VARCHAR(40) NOT NULL,
	client VARCHAR(40) NOT NULL,
	obligation VARCHAR(40) NOT NULL,
	category VARCHAR(20) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	needed_cents BIGINT NOT NULL,
	available_cents BIGINT NOT NULL,
	told_cents BIGINT,
	CONSTRAINT pk_run_shortfalls PRIMARY KEY (run_id, obligation, covers),
	CONSTRAINT ck_run_shortfalls_amounts CHECK (needed_cents > 0 AND available_cents >= 0),
	CONSTRAINT fk_run_shortfalls_runs FOREIGN KEY(run_id) REFERENCES runs (run_id),
	CONSTRAINT fk_run_shortfalls_clients FOREIGN KEY(client) REFERENCES clients (client),
	CONSTRAINT fk_run_shortfalls_obligations FOREIGN KEY(obligation) REFERENCES obligations (obligation)
);

CREATE TABLE runs (
	run_id VARCHAR(40) NOT NULL,
	gemeente VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL,
	sequence INTEGER NOT NULL,
	execution_date DATE NOT NULL,
	state VARCHAR(24) NOT NULL,
	made_by VARCHAR(40) NOT NULL,
	made_at VARCHAR(32) NOT NULL,
	benefit_cents BIGINT NOT NULL,
	withheld_cents BIGINT NOT NULL,
	remainder_cents BIGINT NOT NULL,
	ended_before INTEGER DEFAULT '0' NOT NULL,
	CONSTRAINT pk_runs PRIMARY KEY (run_id),
	CONSTRAINT uq_runs_month_sequence UNIQUE (gemeente, month, sequence),
	CONSTRAINT ck_runs_nothing_lost CHECK (benefit_cents = withheld_cents + remainder_cents),
	CONSTRAINT ck_runs_never_more_than_granted CHECK (withheld_cents >= 0 AND remainder_cents >= 0)
);

CREATE TABLE settlement_parts (
	line_id VARCHAR(80) NOT NULL,
	payment_id VARCHAR(35) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	amount_cents BIGINT NOT NULL,
	CONSTRAINT pk_settlement_parts PRIMARY KEY (line_id, payment_id),
	CONSTRAINT ck_settlement_parts_amount_positive CHECK (amount_cents > 0),
	CONSTRAINT ck_settlement_parts_known_kind CHECK (kind IN ('booked','returned')),
	CONSTRAINT fk_settlement_parts_bank_lines FOREIGN KEY(line_id) REFERENCES bank_lines (line_id),
	CONSTRAINT fk_settlement_parts_payments FOREIGN KEY(payment_id) REFERENCES payments (payment_id)
);

CREATE INDEX ix_settlement_parts_payment_id ON settlement_parts (payment_id, kind);

CREATE TABLE settlements (
	payment_id VARCHAR(35) NOT NULL,
	kind VARCHAR(20) NOT NULL,
	line_id VARCHAR(80) NOT NULL,
	booked_on DATE NOT NULL,
	amount_cents BIGINT NOT NULL,
	reason TEXT,
	CONSTRAINT pk_settlements PRIMARY KEY (payment_id, kind),
	CONSTRAINT ck_settlements_known_kind CHECK (kind IN ('booked','returned','rejected_debited','rejected_credited')),
	CONSTRAINT fk_settlements_payments FOREIGN KEY(payment_id) REFERENCES payments (payment_id),
	CONSTRAINT fk_settlements_bank_lines FOREIGN KEY(line_id) REFERENCES bank_lines (line_id)
);

CREATE INDEX ix_settlements_line_id ON settlements (line_id);

CREATE TABLE staff (
	user_name VARCHAR(40) NOT NULL,
	role VARCHAR(40) NOT NULL,
	added_by VARCHAR(40) NOT NULL,
	added_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_staff PRIMARY KEY (user_name, role),
	CONSTRAINT ck_staff_known_role CHECK (role IN ('administratie','finance','fiatteur','regievoerder','consulent','beheer','inzage'))
);

CREATE TABLE staff_persons (
	user_name VARCHAR(40) NOT NULL,
	person VARCHAR(40) NOT NULL,
	added_by VARCHAR(40) NOT NULL,
	added_at VARCHAR(32) NOT NULL,
	CONSTRAINT pk_staff_persons PRIMARY KEY (user_name)
);

CREATE TABLE trajectories (
	client VARCHAR(40) NOT NULL,
	number INTEGER NOT NULL,
	opened_on DATE NOT NULL,
	why TEXT NOT NULL,
	opened_by VARCHAR(40) NOT NULL,
	opened_at VARCHAR(32) NOT NULL,
	state VARCHAR(12) NOT NULL,
	CONSTRAINT pk_trajectories PRIMARY KEY (client, number),
	CONSTRAINT ck_trajectories_counted CHECK (number > 0),
	CONSTRAINT ck_trajectories_known_state CHECK (state IN ('open','end_proposed','ended')),
	CONSTRAINT ck_trajectories_why_said CHECK (length(why) > 0),
	CONSTRAINT fk_trajectories_clients FOREIGN KEY(client) REFERENCES clients (client)
);

CREATE UNIQUE INDEX uq_trajectories_one_open ON trajectories (client) WHERE state != 'ended';

CREATE TABLE transfers (
	event_key VARCHAR(100) NOT NULL,
	line INTEGER NOT NULL,
	gemeente VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL,
	booked_on DATE NOT NULL,
	debit VARCHAR(60) NOT NULL,
	credit VARCHAR(60) NOT NULL,
	amount_cents BIGINT NOT NULL,
	CONSTRAINT pk_transfers PRIMARY KEY (event_key, line),
	CONSTRAINT ck_transfers_amount_positive CHECK (amount_cents > 0),
	CONSTRAINT ck_transfers_two_accounts CHECK (debit <> credit)
);

CREATE INDEX ix_transfers_gemeente_month ON transfers (gemeente, month);

CREATE TABLE withholdings (
	obligation VARCHAR(40) NOT NULL,
	covers VARCHAR(7) NOT NULL,
	sequence INTEGER NOT NULL,
	reaches VARCHAR(7) NOT NULL,
	amount_cents BIGINT NOT NULL,
	run_id VARCHAR(40) NOT NULL,
	gemeente VARCHAR(40) NOT NULL,
	month VARCHAR(7) NOT NULL,
	client VARCHAR(40) NOT NULL,
	creditor VARCHAR(40) NOT NULL,
	category VARCHAR(20) NOT NULL,
	component VARCHAR(12) NOT NULL,
	CONSTRAINT pk_withholdings PRIMARY KEY (obligation, covers, sequence),
	CONSTRAINT uq_withholdings_amount UNIQUE (obligation, covers, sequence, amount_cents),
	CONSTRAINT ck_withholdings_known_component CHECK (component IN ('regulier','voorschot','nabetaling')),
	CONSTRAINT ck_withholdings_amount_positive CHECK (amount_cents > 0),
	CONSTRAINT ck_withholdings_months_in_order CHECK (reaches >= covers),
	CONSTRAINT fk_withholdings_obligations FOREIGN KEY(obligation) REFERENCES obligations (obligation),
	CONSTRAINT fk_withholdings_runs FOREIGN KEY(run_id) REFERENCES runs (run_id),
	CONSTRAINT fk_withholdings_creditors FOREIGN KEY(creditor) REFERENCES creditors (creditor)
);

CREATE INDEX ix_withholdings_month ON withholdings (gemeente, month);

CREATE TRIGGER books_update BEFORE UPDATE ON books  BEGIN SELECT RAISE(ABORT, 'append_only_books'); END;

CREATE TRIGGER books_delete BEFORE DELETE ON books  BEGIN SELECT RAISE(ABORT, 'append_only_books'); END;

CREATE TRIGGER staff_update BEFORE UPDATE ON staff  BEGIN SELECT RAISE(ABORT, 'append_only_staff'); END;

CREATE TRIGGER staff_delete BEFORE DELETE ON staff  BEGIN SELECT RAISE(ABORT, 'append_only_staff'); END;

CREATE TRIGGER staff_persons_update BEFORE UPDATE ON staff_persons  BEGIN SELECT RAISE(ABORT, 'append_only_staff_persons'); END;

CREATE TRIGGER staff_persons_delete BEFORE DELETE ON staff_persons  BEGIN SELECT RAISE(ABORT, 'append_only_staff_persons'); END;

CREATE TRIGGER imports_update BEFORE UPDATE ON imports  BEGIN SELECT RAISE(ABORT, 'append_only_imports'); END;

CREATE TRIGGER imports_delete BEFORE DELETE ON imports  BEGIN SELECT RAISE(ABORT, 'append_only_imports'); END;

CREATE TRIGGER creditors_update BEFORE UPDATE ON creditors  BEGIN SELECT RAISE(ABORT, 'append_only_creditors'); END;

CREATE TRIGGER creditors_delete BEFORE DELETE ON creditors  BEGIN SELECT RAISE(ABORT, 'append_only_creditors'); END;

CREATE TRIGGER clients_update BEFORE UPDATE ON clients  BEGIN SELECT RAISE(ABORT, 'append_only_clients'); END;

CREATE TRIGGER clients_delete BEFORE DELETE ON clients  BEGIN SELECT RAISE(ABORT, 'append_only_clients'); END;

CREATE TRIGGER obligations_update BEFORE UPDATE ON obligations  BEGIN SELECT RAISE(ABORT, 'append_only_obligations'); END;

CREATE TRIGGER obligations_delete BEFORE DELETE ON obligations  BEGIN SELECT RAISE(ABORT, 'append_only_obligations'); END;

CREATE TRIGGER creditor_ibans_update BEFORE UPDATE ON creditor_ibans  BEGIN SELECT RAISE(ABORT, 'append_only_creditor_ibans'); END;

CREATE TRIGGER creditor_ibans_delete BEFORE DELETE ON creditor_ibans  BEGIN SELECT RAISE(ABORT, 'append_only_creditor_ibans'); END;

CREATE TRIGGER iban_confirmations_update BEFORE UPDATE ON iban_confirmations  BEGIN SELECT RAISE(ABORT, 'append_only_iban_confirmations'); END;

CREATE TRIGGER iban_confirmations_delete BEFORE DELETE ON iban_confirmations  BEGIN SELECT RAISE(ABORT, 'append_only_iban_confirmations'); END;

CREATE TRIGGER creditor_versions_update BEFORE UPDATE ON creditor_versions  BEGIN SELECT RAISE(ABORT, 'append_only_creditor_versions'); END;

CREATE TRIGGER creditor_versions_delete BEFORE DELETE ON creditor_versions  BEGIN SELECT RAISE(ABORT, 'append_only_creditor_versions'); END;

CREATE TRIGGER client_versions_update BEFORE UPDATE ON client_versions  BEGIN SELECT RAISE(ABORT, 'append_only_client_versions'); END;

CREATE TRIGGER client_versions_delete BEFORE DELETE ON client_versions  BEGIN SELECT RAISE(ABORT, 'append_only_client_versions'); END;

CREATE TRIGGER obligation_versions_update BEFORE UPDATE ON obligation_versions  BEGIN SELECT RAISE(ABORT, 'append_only_obligation_versions'); END;

CREATE TRIGGER obligation_versions_delete BEFORE DELETE ON obligation_versions  BEGIN SELECT RAISE(ABORT, 'append_only_obligation_versions'); END;

CREATE TRIGGER benefit_records_update BEFORE UPDATE ON benefit_records  BEGIN SELECT RAISE(ABORT, 'append_only_benefit_records'); END;

CREATE TRIGGER benefit_records_delete BEFORE DELETE ON benefit_records  BEGIN SELECT RAISE(ABORT, 'append_only_benefit_records'); END;

CREATE TRIGGER grounds_update BEFORE UPDATE ON grounds  BEGIN SELECT RAISE(ABORT, 'append_only_grounds'); END;

CREATE TRIGGER grounds_delete BEFORE DELETE ON grounds  BEGIN SELECT RAISE(ABORT, 'append_only_grounds'); END;

CREATE TRIGGER holds_update BEFORE UPDATE ON holds  BEGIN SELECT RAISE(ABORT, 'append_only_holds'); END;

CREATE TRIGGER holds_delete BEFORE DELETE ON holds  BEGIN SELECT RAISE(ABORT, 'append_only_holds'); END;

CREATE TRIGGER run_clients_update BEFORE UPDATE ON run_clients  BEGIN SELECT RAISE(ABORT, 'append_only_run_clients'); END;

CREATE TRIGGER run_clients_delete BEFORE DELETE ON run_clients  BEGIN SELECT RAISE(ABORT, 'append_only_run_clients'); END;

CREATE TRIGGER run_held_update BEFORE UPDATE ON run_held  BEGIN SELECT RAISE(ABORT, 'append_only_run_held'); END;

CREATE TRIGGER run_held_delete BEFORE DELETE ON run_held  BEGIN SELECT RAISE(ABORT, 'append_only_run_held'); END;

CREATE TRIGGER run_components_update BEFORE UPDATE ON run_components  BEGIN SELECT RAISE(ABORT, 'append_only_run_components'); END;

CREATE TRIGGER run_components_delete BEFORE DELETE ON run_components  BEGIN SELECT RAISE(ABORT, 'append_only_run_components'); END;

CREATE TRIGGER run_shortfalls_update BEFORE UPDATE ON run_shortfalls  BEGIN SELECT RAISE(ABORT, 'append_only_run_shortfalls'); END;

CREATE TRIGGER run_shortfalls_delete BEFORE DELETE ON run_shortfalls  BEGIN SELECT RAISE(ABORT, 'append_only_run_shortfalls'); END;

CREATE TRIGGER withholdings_update BEFORE UPDATE ON withholdings  BEGIN SELECT RAISE(ABORT, 'append_only_withholdings'); END;

CREATE TRIGGER withholdings_delete BEFORE DELETE ON withholdings  BEGIN SELECT RAISE(ABORT, 'append_only_withholdings'); END;

CREATE TRIGGER contributions_update BEFORE UPDATE ON contributions  BEGIN SELECT RAISE(ABORT, 'append_only_contributions'); END;

CREATE TRIGGER contributions_delete BEFORE DELETE ON contributions  BEGIN SELECT RAISE(ABORT, 'append_only_contributions'); END;

CREATE TRIGGER file_findings_update BEFORE UPDATE ON file_findings  BEGIN SELECT RAISE(ABORT, 'append_only_file_findings'); END;

CREATE TRIGGER file_findings_delete BEFORE DELETE ON file_findings  BEGIN SELECT RAISE(ABORT, 'append_only_file_findings'); END;

CREATE TRIGGER file_approvals_update BEFORE UPDATE ON file_approvals  BEGIN SELECT RAISE(ABORT, 'append_only_file_approvals'); END;

CREATE TRIGGER file_approvals_delete BEFORE DELETE ON file_approvals  BEGIN SELECT RAISE(ABORT, 'append_only_file_approvals'); END;

CREATE TRIGGER file_releases_update BEFORE UPDATE ON file_releases  BEGIN SELECT RAISE(ABORT, 'append_only_file_releases'); END;

CREATE TRIGGER file_releases_delete BEFORE DELETE ON file_releases  BEGIN SELECT RAISE(ABORT, 'append_only_file_releases'); END;

CREATE TRIGGER file_cancellations_update BEFORE UPDATE ON file_cancellations  BEGIN SELECT RAISE(ABORT, 'append_only_file_cancellations'); END;

CREATE TRIGGER file_cancellations_delete BEFORE DELETE ON file_cancellations  BEGIN SELECT RAISE(ABORT, 'append_only_file_cancellations'); END;

CREATE TRIGGER remainder_files_update BEFORE UPDATE ON remainder_files  BEGIN SELECT RAISE(ABORT, 'append_only_remainder_files'); END;

CREATE TRIGGER remainder_files_delete BEFORE DELETE ON remainder_files  BEGIN SELECT RAISE(ABORT, 'append_only_remainder_files'); END;

CREATE TRIGGER remainder_lists_update BEFORE UPDATE ON remainder_lists  BEGIN SELECT RAISE(ABORT, 'append_only_remainder_lists'); END;

CREATE TRIGGER remainder_lists_delete BEFORE DELETE ON remainder_lists  BEGIN SELECT RAISE(ABORT, 'append_only_remainder_lists'); END;

CREATE TRIGGER transfers_update BEFORE UPDATE ON transfers  BEGIN SELECT RAISE(ABORT, 'append_only_transfers'); END;

CREATE TRIGGER transfers_delete BEFORE DELETE ON transfers  BEGIN SELECT RAISE(ABORT, 'append_only_transfers'); END;

CREATE TRIGGER audit_trail_update BEFORE UPDATE ON audit_trail  BEGIN SELECT RAISE(ABORT, 'append_only_audit_trail'); END;

CREATE TRIGGER audit_trail_delete BEFORE DELETE ON audit_trail  BEGIN SELECT RAISE(ABORT, 'append_only_audit_trail'); END;

CREATE TRIGGER bank_files_update BEFORE UPDATE ON bank_files  BEGIN SELECT RAISE(ABORT, 'append_only_bank_files'); END;

CREATE TRIGGER bank_files_delete BEFORE DELETE ON bank_files  BEGIN SELECT RAISE(ABORT, 'append_only_bank_files'); END;

CREATE TRIGGER bank_statements_update BEFORE UPDATE ON bank_statements  BEGIN SELECT RAISE(ABORT, 'append_only_bank_statements'); END;

CREATE TRIGGER bank_statements_delete BEFORE DELETE ON bank_statements  BEGIN SELECT RAISE(ABORT, 'append_only_bank_statements'); END;

CREATE TRIGGER bank_lines_update BEFORE UPDATE ON bank_lines  BEGIN SELECT RAISE(ABORT, 'append_only_bank_lines'); END;

CREATE TRIGGER bank_lines_delete BEFORE DELETE ON bank_lines  BEGIN SELECT RAISE(ABORT, 'append_only_bank_lines'); END;

CREATE TRIGGER settlements_update BEFORE UPDATE ON settlements  BEGIN SELECT RAISE(ABORT, 'append_only_settlements'); END;

CREATE TRIGGER settlements_delete BEFORE DELETE ON settlements  BEGIN SELECT RAISE(ABORT, 'append_only_settlements'); END;

CREATE TRIGGER settlement_parts_update BEFORE UPDATE ON settlement_parts  BEGIN SELECT RAISE(ABORT, 'append_only_settlement_parts'); END;

CREATE TRIGGER settlement_parts_delete BEFORE DELETE ON settlement_parts  BEGIN SELECT RAISE(ABORT, 'append_only_settlement_parts'); END;

CREATE TRIGGER rejections_update BEFORE UPDATE ON rejections  BEGIN SELECT RAISE(ABORT, 'append_only_rejections'); END;

CREATE TRIGGER rejections_delete BEFORE DELETE ON rejections  BEGIN SELECT RAISE(ABORT, 'append_only_rejections'); END;

CREATE TRIGGER payee_verifications_update BEFORE UPDATE ON payee_verifications  BEGIN SELECT RAISE(ABORT, 'append_only_payee_verifications'); END;

CREATE TRIGGER payee_verifications_delete BEFORE DELETE ON payee_verifications  BEGIN SELECT RAISE(ABORT, 'append_only_payee_verifications'); END;

CREATE TRIGGER exceptions_update BEFORE UPDATE ON exceptions  BEGIN SELECT RAISE(ABORT, 'append_only_exceptions'); END;

CREATE TRIGGER exceptions_delete BEFORE DELETE ON exceptions  BEGIN SELECT RAISE(ABORT, 'append_only_exceptions'); END;

CREATE TRIGGER exception_resolutions_update BEFORE UPDATE ON exception_resolutions  BEGIN SELECT RAISE(ABORT, 'append_only_exception_resolutions'); END;

CREATE TRIGGER exception_resolutions_delete BEFORE DELETE ON exception_resolutions  BEGIN SELECT RAISE(ABORT, 'append_only_exception_resolutions'); END;

CREATE TRIGGER refund_shares_update BEFORE UPDATE ON refund_shares  BEGIN SELECT RAISE(ABORT, 'append_only_refund_shares'); END;

CREATE TRIGGER refund_shares_delete BEFORE DELETE ON refund_shares  BEGIN SELECT RAISE(ABORT, 'append_only_refund_shares'); END;

CREATE TRIGGER resubmissions_update BEFORE UPDATE ON resubmissions  BEGIN SELECT RAISE(ABORT, 'append_only_resubmissions'); END;

CREATE TRIGGER resubmissions_delete BEFORE DELETE ON resubmissions  BEGIN SELECT RAISE(ABORT, 'append_only_resubmissions'); END;

CREATE TRIGGER given_back_update BEFORE UPDATE ON given_back  BEGIN SELECT RAISE(ABORT, 'append_only_given_back'); END;

CREATE TRIGGER given_back_delete BEFORE DELETE ON given_back  BEGIN SELECT RAISE(ABORT, 'append_only_given_back'); END;

CREATE TRIGGER month_closings_update BEFORE UPDATE ON month_closings  BEGIN SELECT RAISE(ABORT, 'append_only_month_closings'); END;

CREATE TRIGGER month_closings_delete BEFORE DELETE ON month_closings  BEGIN SELECT RAISE(ABORT, 'append_only_month_closings'); END;

CREATE TRIGGER events_update BEFORE UPDATE ON events  BEGIN SELECT RAISE(ABORT, 'append_only_events'); END;

CREATE TRIGGER events_delete BEFORE DELETE ON events  BEGIN SELECT RAISE(ABORT, 'append_only_events'); END;

CREATE TRIGGER period_decisions_update BEFORE UPDATE ON period_decisions  BEGIN SELECT RAISE(ABORT, 'append_only_period_decisions'); END;

CREATE TRIGGER period_decisions_delete BEFORE DELETE ON period_decisions  BEGIN SELECT RAISE(ABORT, 'append_only_period_decisions'); END;

CREATE TRIGGER assessments_update BEFORE UPDATE ON assessments  BEGIN SELECT RAISE(ABORT, 'append_only_assessments'); END;

CREATE TRIGGER assessments_delete BEFORE DELETE ON assessments  BEGIN SELECT RAISE(ABORT, 'append_only_assessments'); END;

CREATE TRIGGER answers_update BEFORE UPDATE ON answers  BEGIN SELECT RAISE(ABORT, 'append_only_answers'); END;

CREATE TRIGGER answers_delete BEFORE DELETE ON answers  BEGIN SELECT RAISE(ABORT, 'append_only_answers'); END;

CREATE TRIGGER handovers_update BEFORE UPDATE ON handovers  BEGIN SELECT RAISE(ABORT, 'append_only_handovers'); END;

CREATE TRIGGER handovers_delete BEFORE DELETE ON handovers  BEGIN SELECT RAISE(ABORT, 'append_only_handovers'); END;

CREATE TRIGGER handover_proofs_update BEFORE UPDATE ON handover_proofs  BEGIN SELECT RAISE(ABORT, 'append_only_handover_proofs'); END;

CREATE TRIGGER handover_proofs_delete BEFORE DELETE ON handover_proofs  BEGIN SELECT RAISE(ABORT, 'append_only_handover_proofs'); END;

CREATE TRIGGER end_proposals_update BEFORE UPDATE ON end_proposals  BEGIN SELECT RAISE(ABORT, 'append_only_end_proposals'); END;

CREATE TRIGGER end_proposals_delete BEFORE DELETE ON end_proposals  BEGIN SELECT RAISE(ABORT, 'append_only_end_proposals'); END;

CREATE TRIGGER end_withdrawals_update BEFORE UPDATE ON end_withdrawals  BEGIN SELECT RAISE(ABORT, 'append_only_end_withdrawals'); END;

CREATE TRIGGER end_withdrawals_delete BEFORE DELETE ON end_withdrawals  BEGIN SELECT RAISE(ABORT, 'append_only_end_withdrawals'); END;

CREATE TRIGGER ends_update BEFORE UPDATE ON ends  BEGIN SELECT RAISE(ABORT, 'append_only_ends'); END;

CREATE TRIGGER ends_delete BEFORE DELETE ON ends  BEGIN SELECT RAISE(ABORT, 'append_only_ends'); END;

CREATE TRIGGER paid_otherwise_update BEFORE UPDATE ON paid_otherwise  BEGIN SELECT RAISE(ABORT, 'append_only_paid_otherwise'); END;

CREATE TRIGGER paid_otherwise_delete BEFORE DELETE ON paid_otherwise  BEGIN SELECT RAISE(ABORT, 'append_only_paid_otherwise'); END;

CREATE TRIGGER catch_ups_update BEFORE UPDATE ON catch_ups  BEGIN SELECT RAISE(ABORT, 'append_only_catch_ups'); END;

CREATE TRIGGER catch_ups_delete BEFORE DELETE ON catch_ups  BEGIN SELECT RAISE(ABORT, 'append_only_catch_ups'); END;

CREATE TRIGGER absent_costs_update BEFORE UPDATE ON absent_costs  BEGIN SELECT RAISE(ABORT, 'append_only_absent_costs'); END;

CREATE TRIGGER absent_costs_delete BEFORE DELETE ON absent_costs  BEGIN SELECT RAISE(ABORT, 'append_only_absent_costs'); END;

CREATE TRIGGER budget_lines_update BEFORE UPDATE ON budget_lines  BEGIN SELECT RAISE(ABORT, 'append_only_budget_lines'); END;

CREATE TRIGGER budget_lines_delete BEFORE DELETE ON budget_lines  BEGIN SELECT RAISE(ABORT, 'append_only_budget_lines'); END;

CREATE TRIGGER notices_update BEFORE UPDATE ON notices  BEGIN SELECT RAISE(ABORT, 'append_only_notices'); END;

CREATE TRIGGER notices_delete BEFORE DELETE ON notices  BEGIN SELECT RAISE(ABORT, 'append_only_notices'); END;

CREATE TRIGGER reviews_update BEFORE UPDATE ON reviews  BEGIN SELECT RAISE(ABORT, 'append_only_reviews'); END;

CREATE TRIGGER reviews_delete BEFORE DELETE ON reviews  BEGIN SELECT RAISE(ABORT, 'append_only_reviews'); END;

CREATE TRIGGER runs_delete BEFORE DELETE ON runs  BEGIN SELECT RAISE(ABORT, 'append_only_runs'); END;

CREATE TRIGGER runs_fixed BEFORE UPDATE OF run_id, gemeente, month, sequence, execution_date, made_by, made_at, benefit_cents, withheld_cents, remainder_cents, ended_before ON runs  BEGIN SELECT RAISE(ABORT, 'append_only_runs'); END;

CREATE TRIGGER runs_step BEFORE UPDATE OF state ON runs WHEN (NOT (OLD.state = NEW.state OR (OLD.state = 'waiting_for_approval' AND NEW.state = 'done'))) BEGIN SELECT RAISE(ABORT, 'transition_runs'); END;

CREATE TRIGGER payment_files_delete BEFORE DELETE ON payment_files  BEGIN SELECT RAISE(ABORT, 'append_only_payment_files'); END;

CREATE TRIGGER payment_files_fixed BEFORE UPDATE OF file_id, run_id, gemeente, month, message_id, payment_information_id, created_at, execution_date, debtor_iban, transactions, control_sum_cents, content, sha256, sha1, made_by ON payment_files  BEGIN SELECT RAISE(ABORT, 'append_only_payment_files'); END;

CREATE TRIGGER payment_files_step BEFORE UPDATE OF state ON payment_files WHEN (NOT (OLD.state = NEW.state OR (OLD.state = 'generated' AND NEW.state = 'approved') OR (OLD.state = 'generated' AND NEW.state = 'cancelled') OR (OLD.state = 'approved' AND NEW.state = 'cancelled') OR (OLD.state = 'approved' AND NEW.state = 'released') OR (OLD.state = 'released' AND NEW.state = 'accepted') OR (OLD.state = 'released' AND NEW.state = 'partly_rejected') OR (OLD.state = 'released' AND NEW.state = 'rejected') OR (OLD.state = 'accepted' AND NEW.state = 'partly_rejected') OR (OLD.state = 'partly_rejected' AND NEW.state = 'rejected') OR (OLD.state = 'rejected' AND NEW.state = 'partly_rejected') OR (OLD.state = 'rejected' AND NEW.state = 'accepted') OR (OLD.state = 'partly_rejected' AND NEW.state = 'accepted'))) BEGIN SELECT RAISE(ABORT, 'transition_payment_files'); END;

CREATE TRIGGER payments_delete BEFORE DELETE ON payments  BEGIN SELECT RAISE(ABORT, 'append_only_payments'); END;

CREATE TRIGGER payments_fixed BEFORE UPDATE OF payment_id, file_id, obligation, covers, withholding, amount_cents, client, creditor, creditor_name, creditor_iban, remittance ON payments  BEGIN SELECT RAISE(ABORT, 'append_only_payments'); END;

CREATE TRIGGER payments_step BEFORE UPDATE OF state ON payments WHEN (NOT (OLD.state = NEW.state OR (OLD.state = 'planned' AND NEW.state = 'instructed') OR (OLD.state = 'planned' AND NEW.state = 'cancelled') OR (OLD.state = 'instructed' AND NEW.state = 'booked') OR (OLD.state = 'instructed' AND NEW.state = 'rejected') OR (OLD.state = 'rejected' AND NEW.state = 'booked') OR (OLD.state = 'booked' AND NEW.state = 'settled') OR (OLD.state = 'booked' AND NEW.state = 'returned') OR (OLD.state = 'settled' AND NEW.state = 'returned'))) BEGIN SELECT RAISE(ABORT, 'transition_payments'); END;

CREATE TRIGGER trajectories_delete BEFORE DELETE ON trajectories  BEGIN SELECT RAISE(ABORT, 'append_only_trajectories'); END;

CREATE TRIGGER trajectories_fixed BEFORE UPDATE OF client, number, opened_on, why, opened_by, opened_at ON trajectories  BEGIN SELECT RAISE(ABORT, 'append_only_trajectories'); END;

CREATE TRIGGER trajectories_step BEFORE UPDATE OF state ON trajectories WHEN (NOT (OLD.state = NEW.state OR (OLD.state = 'open' AND NEW.state = 'end_proposed') OR (OLD.state = 'end_proposed' AND NEW.state = 'open') OR (OLD.state = 'end_proposed' AND NEW.state = 'ended'))) BEGIN SELECT RAISE(ABORT, 'transition_trajectories'); END;

CREATE TRIGGER transfers_closed BEFORE INSERT ON transfers WHEN EXISTS (SELECT 1 FROM month_closings WHERE month = NEW.month) BEGIN SELECT RAISE(ABORT, 'closed_month_transfers'); END;

CREATE TRIGGER runs_closed BEFORE INSERT ON runs WHEN EXISTS (SELECT 1 FROM month_closings WHERE month = NEW.month) BEGIN SELECT RAISE(ABORT, 'closed_month_runs'); END;

CREATE TRIGGER withholdings_once BEFORE INSERT ON withholdings WHEN (NEW.sequence <> 1 AND NOT EXISTS (SELECT 1 FROM given_back g WHERE g.obligation = NEW.obligation AND g.covers = NEW.covers AND g.withholding = NEW.sequence - 1) AND NOT EXISTS (SELECT 1 FROM payments p JOIN exceptions e ON e.payment_id = p.payment_id JOIN exception_resolutions r ON r.exception_id = e.exception_id WHERE p.obligation = NEW.obligation AND p.covers = NEW.covers AND p.withholding = NEW.sequence - 1 AND r.as_what = 'refund_to_client')) BEGIN SELECT RAISE(ABORT, 'withheld_once_until_given_back'); END;
