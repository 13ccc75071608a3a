"""The end of an ontzorgen: proposed by one person, confirmed by another, refused by the database otherwise."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from ledgers.bank.open_items import refunds
from ledgers.cases.case_reader import load_case
from ledgers.dossier.trajectories import Trajectory, newest_trajectories, set_state
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit
from ledgers.journal.bookings import client_account
from ledgers.month.remainders import told_refunds
from ledgers.registers.later_changes import LaterChange, later_changes
from ledgers.registers.staff import same_person
from ledgers.schema.core import payment_files, payments, runs, same_withholding, transfers, withholdings
from ledgers.schema.dossier import end_proposals, end_withdrawals, ends
from payments.dossier.case import Case, EarlyReason
from payments.dossier.checklist import Assessment, Checklist
from payments.dossier.ending import Junction, MonthRule, Obstacle, codes, coming_months, judge, junction, obstacles
from payments.dossier.reassessment import asked_again
from payments.month import Month, month_of
from payments.states import PaymentState, TrajectoryState


class NotYet(Refused):
    """An ordinary end is refused; `missing` holds the codes, and `proposed` whether it was proposed before."""

    def __init__(self, client: str, found: Sequence[Obstacle], *, proposed: bool) -> None:
        self.client, self.obstacles, self.proposed = client, tuple(found), proposed
        self.missing = codes(found)
        super().__init__(f"The ontzorgen of {client} cannot end yet: {', '.join(self.missing)}.")

    @property
    def details(self) -> Mapping[str, object]:
        """The codes of what is missing."""
        return {"missing": list(self.missing)}


@dataclass(frozen=True, slots=True)
class EndRules:
    """What a decision about an end is measured by; made from the settings once."""

    months: int
    checklists: Mapping[str, Checklist]
    current: Checklist
    gemeenten: Mapping[str, MonthRule]
    reassessment_months: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One client against the rules of an ordinary end on one day."""

    case: Case
    assessment: Assessment
    junctions: tuple[Junction, ...]
    obstacles: tuple[Obstacle, ...]
    changes: tuple[LaterChange, ...] = ()  # of the registers, from months to come
    coming: tuple[Month, ...] = ()  # benefit months that will still be paid
    again: date | None = None  # the day of one more re-assessment, after one that was not passed


def months_run(connection: Connection, gemeente: str) -> frozenset[Month]:
    """The months of a gemeente that were run."""
    return frozenset(connection.execute(select(runs.c.month).where(runs.c.gemeente == gemeente)).scalars())


def standing(connection: Connection, client: str, rules: EndRules, today: date, end: date | None = None) -> Standing:
    """How far a client is from an ordinary end on `end` (None: today, with the hand-overs as agreed).

    The registers count as they stand for the benefit month of today, as for its run.
    """
    case = load_case(connection, client, rules.months, month_of(today))
    if case is None:
        raise Refused(f"There is no client {client} in the register.")
    found = stand(
        case, rules, months_run(connection, case.client.gemeente), today, end, unlisted_refunds(connection, client)
    )
    return replace(found, changes=later_changes(connection, client, month_of(today)))


def stand(
    case: Case, rules: EndRules, ran: frozenset[Month], today: date, end: date | None, unlisted_cents: int
) -> Standing:
    """The same from what was read before."""
    rule = rules.gemeenten.get(case.client.gemeente)
    if rule is None:
        raise Refused(f"The settings have no gemeente {case.client.gemeente}, where {case.client.client} lives.")
    coming = coming_months(case, rule, ran, today, end)
    junctions = tuple(junction(cost, coming, rule.policy, end or today, case.client.right_from) for cost in case.costs)
    assessment = judge(case, rules.checklists, rules.current)
    found = obstacles(case, assessment.verdict, junctions, end or today, unlisted_cents)
    again = asked_again(case, assessment.verdict, rules.reassessment_months, today)
    return Standing(case, assessment, junctions, tuple(found), coming=tuple(coming), again=again)


def unlisted_refunds(connection: Connection, client: str) -> int:
    """What was given back to a client and stands on no remainder list yet, of whichever gemeente."""
    mine = select(transfers.c.gemeente, transfers.c.month).where(transfers.c.credit == client_account(client))
    total = 0
    for gemeente, month in connection.execute(mine.distinct()).all():
        refund = refunds(connection, gemeente, month).get(client, 0)
        total += refund - told_refunds(connection, gemeente, month, client) if refund else 0
    return total


def propose(
    connection: Connection,
    client: str,
    end: date,
    reason: EarlyReason | None,
    why: str,
    rules: EndRules,
    actor: str,
    now: datetime,
) -> tuple[Standing, bool]:
    """Propose to end; (what was found, False when the very same is proposed or confirmed already).

    Without a reason everything must be in place: NotYet names all that is missing. An early reason needs none of it,
    and what it passes over is stored with it.
    """
    found = standing(connection, client, rules, now.date(), end)
    case = found.case
    trajectory = _open_trajectory(connection, client)
    if case.proposal is not None:
        if (case.proposal.end_date, case.proposal.reason) == (end, reason):
            return found, False
        was = f"{case.proposal.end_date}" + (f" ({case.proposal.reason})" if case.proposal.reason else "")
        state = "confirmed" if trajectory.state == TrajectoryState.ENDED else "proposed"
        way_out = "" if state == "confirmed" else " `ontzorgen end withdraw` takes it back."
        raise Conflict(f"The end of {client} is {state} for {was} already.{way_out}")
    if end < case.client.right_from:
        raise Refused(f"The right of {client} began on {case.client.right_from}; it cannot end on {end}.")
    if reason is None:
        if found.obstacles:
            raise NotYet(client, found.obstacles, proposed=False)
        last = last_paying_day(connection, client)
        if last is not None and end < last:
            raise Refused(f"{client} was paid for on {last}: the end cannot lie before it. Choose {last} or later.")
    p = end_proposals.c
    here = (p.client == client) & (p.trajectory == trajectory.number)
    count = connection.execute(select(func.count()).select_from(end_proposals).where(here)).scalar_one()
    row = {
        "client": client,
        "trajectory": trajectory.number,
        "sequence": count + 1,
        "end_date": end,
        "floor_date": case.floor,
        "reason": reason.value if reason else None,
        "why": why.strip() or None,
        "verdict": found.assessment.verdict.value,
        "assessment": case.assessments[-1].sequence if case.assessments else None,
        "missing": json.dumps(codes(found.obstacles)),
        "proposed_by": actor,
        "proposed_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(end_proposals.insert(), row)
    set_state(connection, trajectory, TrajectoryState.END_PROPOSED)
    subject = {
        "client": client,
        "trajectory": trajectory.number,
        "sequence": count + 1,
        "end": str(end),
        "reason": row["reason"],
        "passed_over": codes(found.obstacles),
    }
    audit.append(connection, now, actor, "end_proposed", subject)
    return found, True


def withdraw(connection: Connection, client: str, why: str, actor: str, now: datetime) -> tuple[int, bool]:
    """Take an end back that nobody confirmed yet; (number of the proposal, False when it was taken back before)."""
    if not why.strip():
        raise Refused("Say with --why for what reason the proposal is taken back.")
    trajectory = _open_trajectory(connection, client)
    case = load_case(connection, client, 1)
    if trajectory.state != TrajectoryState.END_PROPOSED or case is None or case.proposal is None:
        before = _last_withdrawn(connection, trajectory) if trajectory.state == TrajectoryState.OPEN else None
        if before is not None:
            return before, False
        raise Refused(f"No end is proposed for {client}: nothing to take back.")
    sequence = case.proposal.sequence
    row = {
        "client": client,
        "trajectory": trajectory.number,
        "sequence": sequence,
        "why": why,
        "withdrawn_by": actor,
        "withdrawn_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(end_withdrawals.insert(), row)
    set_state(connection, trajectory, TrajectoryState.OPEN)
    subject = {"client": client, "trajectory": trajectory.number, "sequence": sequence}
    audit.append(connection, now, actor, "end_withdrawn", subject)
    return sequence, True


def _last_withdrawn(connection: Connection, trajectory: Trajectory) -> int | None:
    x = end_withdrawals.c
    here = (x.client == trajectory.client) & (x.trajectory == trajectory.number)
    found: int | None = connection.execute(select(func.max(x.sequence)).where(here)).scalar()
    return found


def confirm(connection: Connection, client: str, rules: EndRules, actor: str, now: datetime) -> tuple[Standing, bool]:
    """Confirm the proposed end as a second person; everything is looked at once more. False when it was confirmed."""
    trajectory = _open_trajectory(connection, client)
    case = load_case(connection, client, rules.months, month_of(now.date()))
    if case is None or case.proposal is None:
        raise Refused(f"No end is proposed for {client}: `ontzorgen end propose` by the regievoerder comes first.")
    proposal = case.proposal
    found = standing(connection, client, rules, now.date(), proposal.end_date)
    if trajectory.state == TrajectoryState.ENDED:
        return found, False
    if same_person(connection, proposal.proposed_by, actor):
        raise Refused(f"{proposal.proposed_by} proposed this end; a second person has to confirm it.")
    require_still_in_place(found)
    row = {
        "client": client,
        "trajectory": trajectory.number,
        "sequence": proposal.sequence,
        "end_date": proposal.end_date,
        "proposed_by": proposal.proposed_by,
        "confirmed_by": actor,
        "confirmed_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(ends.insert(), row)
    set_state(connection, trajectory, TrajectoryState.ENDED)
    reason = proposal.reason.value if proposal.reason else None
    subject = {
        "client": client,
        "trajectory": trajectory.number,
        "sequence": proposal.sequence,
        "end": str(proposal.end_date),
        "reason": reason,
        "proposed_by": proposal.proposed_by,
    }
    audit.append(connection, now, actor, "ended", subject)
    return found, True


def require_still_in_place(found: Standing) -> None:
    """NotYet where an ordinary end is proposed and something came in its way since; what is confirmed stays so."""
    proposal = found.case.proposal
    if proposal is None or proposal.reason is not None or found.case.stored_state == TrajectoryState.ENDED:
        return
    if found.obstacles:
        raise NotYet(found.case.client.client, found.obstacles, proposed=True)


def last_paying_day(connection: Connection, client: str) -> date | None:
    """The newest execution date on which something was paid in this client's name."""
    f, p = payment_files.c, payments.c
    query = (
        select(func.max(f.execution_date))
        .join(payments, p.file_id == f.file_id)
        .join(withholdings, same_withholding(p, withholdings.c))
        .where(p.client == client, p.state.not_in((PaymentState.REJECTED, PaymentState.CANCELLED)))
    )
    found: date | None = connection.execute(query).scalar()
    return found


def _open_trajectory(connection: Connection, client: str) -> Trajectory:
    trajectory = newest_trajectories(connection, client).get(client)
    if trajectory is None:
        raise Refused(f"Client {client} has no trajectory: unknown, or never in scope of ontzorgen.")
    return trajectory
