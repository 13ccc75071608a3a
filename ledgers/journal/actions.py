"""Every action of the audit trail: who may do it, and in which tables it writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, select

from ledgers.journal.roles import Role, require
from ledgers.schema import bank as b
from ledgers.schema import core as t
from ledgers.schema import dossier as d

MONEY = (Role.FINANCE, Role.ADMINISTRATION)
CASEWORK = (Role.CASE_DIRECTOR, Role.CONSULTANT)  # who decides about one client, and sees what becomes of it
STAFF_ADDED = "staff_added"


@dataclass(frozen=True, slots=True)
class Action:
    """The roles of which the actor has one, and the tables in which the decision writes."""

    may: tuple[Role, ...]
    writes: tuple[Table, ...] = ()


ACTIONS: Mapping[str, Action] = {
    STAFF_ADDED: Action((Role.MANAGEMENT,), (t.staff, t.staff_persons)),
    "imported": Action(
        MONEY,
        (
            t.imports,
            t.creditors,
            t.clients,
            t.obligations,
            t.creditor_versions,
            t.client_versions,
            t.obligation_versions,
            t.benefit_records,
            t.creditor_ibans,
        ),
    ),
    "iban_confirmed": Action(MONEY, (t.iban_confirmations,)),
    "iban_blocked": Action((*MONEY, Role.CONSULTANT), (t.creditor_ibans,)),
    "ground_added": Action(CASEWORK, (t.grounds,)),
    "held": Action((*CASEWORK, *MONEY), (t.holds,)),
    "hold_lifted": Action((*CASEWORK, *MONEY), (t.holds,)),
    "planned": Action(
        MONEY, (t.runs, t.run_clients, t.run_components, t.run_held, t.run_shortfalls, t.withholdings, t.contributions)
    ),
    "file_made": Action(MONEY, (t.payment_files, t.payments, t.file_findings)),
    "approved": Action((Role.APPROVER,), (t.file_approvals,)),
    "released": Action((Role.FINANCE,), (t.file_releases,)),
    "file_cancelled": Action((*MONEY, Role.APPROVER), (t.file_cancellations, b.given_back)),
    "remainders_listed": Action(MONEY, (t.remainder_files, t.remainder_lists)),
    "bank_file_read": Action(
        MONEY,
        (
            b.bank_files,
            b.bank_statements,
            b.bank_lines,
            b.exceptions,
            b.rejections,
            b.payee_verifications,
            b.settlement_parts,
            b.exception_resolutions,
        ),
    ),
    "reconciled": Action(MONEY),  # its settlements are proven by ledgers/checks/states.py
    "exception_resolved": Action(  # finance, or the owner of the exception
        (Role.FINANCE, Role.CONSULTANT),
        (b.exception_resolutions, b.refund_shares, b.resubmissions, b.exceptions, b.rejections, b.settlement_parts),
    ),
    "double_accepted": Action((*CASEWORK, *MONEY), (d.accepted_doubles,)),
    "given_back": Action((Role.FINANCE,), (b.given_back,)),
    "month_closed": Action((Role.FINANCE,), (b.month_closings, t.transfers)),
    "trajectories_opened": Action(MONEY, (d.trajectories,)),
    "event_recorded": Action((*CASEWORK, Role.ADMINISTRATION), (d.events,)),
    "period_decided": Action(CASEWORK, (d.period_decisions, d.trajectories)),
    "trajectory_opened": Action(CASEWORK, (d.trajectories,)),
    "assessed": Action((Role.CASE_DIRECTOR,), (d.assessments, d.answers)),
    "handed_over": Action(CASEWORK, (d.handovers,)),
    "taken_back": Action(CASEWORK, (d.handovers,)),
    "own_payment_seen": Action(CASEWORK, (d.handover_proofs,)),
    "paid_otherwise": Action((*CASEWORK, Role.FINANCE), (d.paid_otherwise,)),
    "catch_up_decided": Action((*CASEWORK, Role.FINANCE), (d.catch_ups,)),
    "cost_absent": Action((*CASEWORK, *MONEY), (d.absent_costs,)),
    "end_proposed": Action((Role.CASE_DIRECTOR,), (d.end_proposals,)),
    "end_withdrawn": Action(CASEWORK, (d.end_withdrawals,)),
    "ended": Action((Role.CONSULTANT,), (d.ends,)),
    "budget_line_added": Action(CASEWORK, (d.budget_lines,)),
    "reviewed": Action((*CASEWORK, *MONEY), (d.reviews,)),
    "notices_made": Action((*CASEWORK, *MONEY), (d.notices,)),  # the review makes them, `systeem` too
    "transfer_made": Action(CASEWORK),  # papers, of which the books keep the hashes alone
    "monitoring_traced": Action((*CASEWORK, Role.FINANCE)),
}


def known_action(action: str) -> Action:
    """What stands here of an action; one that does not is an error of ours, and is never stored."""
    if action not in ACTIONS:
        raise LookupError(f"'{action}' is no action of the audit trail: say in ledgers/journal/actions.py what it is.")
    return ACTIONS[action]


def require_role(connection: Connection, action: str, actor: str, at: datetime) -> None:
    """Refuse a decision of somebody who has none of the roles that it needs."""
    may = known_action(action).may
    if action != STAFF_ADDED or _somebody_managed_before(connection, actor, at):
        require(connection, actor, *may)


def _somebody_managed_before(connection: Connection, actor: str, at: datetime) -> bool:
    """Whether anybody had `beheer` but who gets it by this decision: until then `staff add` is open to anyone."""
    s = t.staff.c
    given_here = (s.added_by == actor) & (s.added_at == at.isoformat(timespec="seconds"))
    query = select(s.user_name).where(s.role == Role.MANAGEMENT, ~given_here).limit(1)
    return connection.execute(query).first() is not None
