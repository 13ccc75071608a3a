"""Which columns of a table a seal covers: a written list for each version, never what the table has by now.

A column that a table gets later changes no list, and so breaks no seal of before. To seal that column too, add a new
version at the end of its table's list: decisions from then on are sealed by it, and say so (see seals.py). A version
that stands here is never edited: the proofs of every book rest on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SealedColumns:
    """One version: the columns of the key, by which rows are sorted, and the others, each in the order of the hash."""

    key: tuple[str, ...]
    rest: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, as they are hashed."""
        return self.key + self.rest


def _columns(key: str, rest: str = "") -> SealedColumns:
    return SealedColumns(tuple(key.split()), tuple(rest.split()))


VERSIONS: Mapping[str, tuple[SealedColumns, ...]] = {
    "staff": (_columns("user_name role", "added_by added_at"),),
    "staff_persons": (_columns("user_name", "person added_by added_at"),),
    "imports": (
        _columns("import_id", "kind sha256 from_month lines changed imported_by imported_at"),
        _columns("import_id", "kind sha256 from_month dated lines changed imported_by imported_at"),
    ),
    "creditor_versions": (_columns("creditor sequence", "from_month import_id name iban category reference_type"),),
    "client_versions": (
        _columns(
            "client sequence",
            "from_month import_id gemeente name household birth_date right_from right_until residence_ground "
            "must_integrate decision decision_date mandate_date iban language",
        ),
    ),
    "obligation_versions": (
        _columns(
            "obligation sequence",
            "from_month import_id client creditor category amount_cents reference first_covered last_covered frequency",
        ),
    ),
    "benefit_records": (
        _columns("reference", "client month component amount_cents suspended import_id"),
        _columns("reference", "client month component amount_cents suspended import_id deduction"),
    ),
    "creditors": (_columns("creditor"),),
    "clients": (_columns("client"),),
    "obligations": (_columns("obligation", "client"),),
    "creditor_ibans": (_columns("creditor iban sequence", "entered_by entered_at"),),
    "iban_confirmations": (_columns("creditor iban sequence", "entered_by confirmed_by how confirmed_at"),),
    "grounds": (_columns("client sequence", "ground from_day until_day decision reassess_on added_by added_at"),),
    "holds": (_columns("client sequence", "on_hold why decided_by decided_at"),),
    "runs": (
        _columns(
            "run_id",
            "gemeente month sequence execution_date made_by made_at benefit_cents withheld_cents remainder_cents",
        ),
        _columns(
            "run_id",
            "gemeente month sequence execution_date made_by made_at benefit_cents withheld_cents remainder_cents "
            "ended_before",
        ),
    ),
    "run_clients": (_columns("run_id client", "benefit_cents withheld_cents remainder_cents"),),
    "run_components": (_columns("run_id client component", "amount_cents"),),
    "run_held": (_columns("run_id client obligation", "reason"),),
    "run_shortfalls": (
        _columns("run_id obligation", "client category covers needed_cents available_cents"),
        _columns("run_id obligation covers", "client category needed_cents available_cents told_cents"),
    ),
    "withholdings": (
        _columns(
            "obligation covers",
            "reaches amount_cents run_id gemeente month client creditor category",
        ),
        _columns(
            "obligation covers sequence",
            "reaches amount_cents run_id gemeente month client creditor category component",
        ),
    ),
    "contributions": (
        _columns("obligation covers client", "amount_cents"),
        _columns("obligation covers withholding client", "amount_cents"),
    ),
    "payment_files": (
        _columns(
            "file_id",
            "run_id gemeente month message_id payment_information_id created_at execution_date debtor_iban "
            "transactions control_sum_cents sha256 sha1 made_by",
        ),
    ),
    "payments": (
        _columns(
            "payment_id",
            "file_id obligation covers amount_cents client creditor creditor_name creditor_iban remittance",
        ),
        _columns(
            "payment_id",
            "file_id obligation covers withholding amount_cents client creditor creditor_name creditor_iban remittance",
        ),
    ),
    "file_findings": (_columns("file_id sequence", "code payment_id text"),),
    "file_approvals": (_columns("file_id", "made_by sha256 control_sum_cents approved_by approved_at"),),
    "file_releases": (_columns("file_id", "approved_by released_by released_at"),),
    "file_cancellations": (_columns("file_id", "why cancelled_by cancelled_at"),),
    "remainder_files": (_columns("month number", "format sha256 lines due_cents made_by made_at"),),
    "remainder_lists": (
        _columns("gemeente month client sequence", "amount_cents listed_by listed_at"),
        _columns(
            "gemeente month client sequence",
            "amount_cents refund_cents whole_cents number benefit_cents withheld_cents waiting_cents advice reason "
            "listed_by listed_at",
        ),
    ),
    "bank_files": (_columns("sha256", "kind message_id read_by read_at"),),
    "bank_statements": (
        _columns(
            "statement",
            "gemeente account format sequence previous bank_statement_id day opening_cents closing_cents "
            "content_sha256 file_sha256",
        ),
    ),
    "bank_lines": (
        _columns(
            "line_id",
            "statement amount_cents direction booking_date end_to_end_id mentioned payment_information_id "
            "message_id transactions counterparty_iban counterparty_name text is_return reason",
        ),
    ),
    "exceptions": (
        _columns(
            "exception_id",
            "kind gemeente month line_id payment_id client amount_cents direction reason candidates since owner",
        ),
    ),
    "payee_verifications": (_columns("file_sha256 payment_id", "creditor iban result told_on"),),
    "rejections": (_columns("payment_id", "file_sha256 level reason rejected_on"),),
    "settlement_parts": (
        _columns("line_id", "payment_id kind amount_cents"),
        _columns("line_id payment_id", "kind amount_cents"),
    ),
    "refund_shares": (_columns("exception_id sequence client", "amount_cents"),),
    "exception_resolutions": (
        _columns(
            "exception_id sequence",
            "previous after_what as_what why client resolved_by resolved_at",
        ),
    ),
    "resubmissions": (
        _columns("obligation covers attempt", "exception_id"),
        _columns("obligation covers attempt", "withholding exception_id"),
    ),
    "given_back": (
        _columns("obligation covers", "amount_cents why given_back_by given_back_at"),
        _columns(
            "obligation covers withholding",
            "amount_cents plan_anew after_run file_id why given_back_by given_back_at",
        ),
    ),
    "month_closings": (_columns("month", "closed_by closed_at bank_cents books_cents"),),
    "transfers": (_columns("event_key line", "gemeente month booked_on debit credit amount_cents"),),
    "trajectories": (_columns("client number", "opened_on why opened_by opened_at"),),
    "accepted_doubles": (_columns("obligation", "why accepted_by accepted_at"),),
    "events": (_columns("client sequence", "kind on_day why decision recorded_by recorded_at"),),
    "period_decisions": (_columns("client right_from", "decided period_from why decided_by decided_at"),),
    "assessments": (
        _columns(
            "client trajectory sequence",
            "assessed_on checklist waive_proof content_sha256 assessed_by assessed_at",
        ),
    ),
    "answers": (_columns("client trajectory sequence code", "met score evidence"),),
    "handovers": (_columns("obligation sequence", "first_own method back_from why recorded_by recorded_at"),),
    "handover_proofs": (_columns("obligation covers sequence", "paid why observed_by observed_at"),),
    "end_proposals": (
        _columns(
            "client trajectory sequence",
            "end_date floor_date reason why verdict assessment missing proposed_by proposed_at",
        ),
    ),
    "end_withdrawals": (_columns("client trajectory sequence", "why withdrawn_by withdrawn_at"),),
    "ends": (_columns("client trajectory", "sequence end_date proposed_by confirmed_by confirmed_at"),),
    "paid_otherwise": (_columns("obligation covers sequence", "reaches paid_by why recorded_by recorded_at"),),
    "catch_ups": (_columns("obligation covers sequence", "from_benefit component why decided_by decided_at"),),
    "absent_costs": (_columns("client category", "why recorded_by recorded_at"),),
    "budget_lines": (
        _columns(
            "client sequence",
            "kind name amount_cents first_month last_month recorded_by recorded_at",
        ),
    ),
    "notices": (_columns("client obligation kind about", "text_sha256 made_by made_at"),),
    "reviews": (_columns("gemeente day items_sha256", "items made_by made_at"),),
}
"""Version 1, 2, ... of each table; the last one seals what is decided from now on."""

LEFT_OUT: Mapping[str, str] = {
    "runs.state": "changes after the decision; ledgers/checks proves it from what happened",
    "payment_files.state": "changes after the decision; ledgers/checks proves it from what happened",
    "payments.state": "changes after the decision; ledgers/checks proves it from what happened",
    "trajectories.state": "changes after the decision; ledgers/checks proves it from what happened",
    "payment_files.content": "its sha256 is sealed, and is compared with the bytes by ledgers/checks",
    "remainder_files.content": "its sha256 is sealed, and is compared with the bytes by ledgers/checks",
}
"""Columns that no seal covers, each with the reason."""

FREE_TEXT: Mapping[str, tuple[str, ...]] = {
    "staff": ("user_name",),
    "staff_persons": ("person",),
    "iban_confirmations": ("how",),
    "grounds": ("decision",),
    "holds": ("why",),
    "file_cancellations": ("why",),
    "exception_resolutions": ("why",),
    "given_back": ("why",),
    "trajectories": ("why",),
    "accepted_doubles": ("why",),
    "events": ("why", "decision"),
    "period_decisions": ("why",),
    "assessments": ("waive_proof",),
    "answers": ("evidence",),
    "handovers": ("why",),
    "handover_proofs": ("why",),
    "end_proposals": ("why",),
    "end_withdrawals": ("why",),
    "paid_otherwise": ("why",),
    "catch_ups": ("why",),
    "absent_costs": ("why",),
    "budget_lines": ("name",),
}
"""Columns with words that a person of the office chose: none may hold a BSN.

What a register's file or the bank says is not among them: a nine-digit number there is a customer's or a contract's.
"""
