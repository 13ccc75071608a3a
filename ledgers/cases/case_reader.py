"""Read the cases of clients: everything that a dossier, a worklist or a decision rests on."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, select, union_all

from ledgers.bank.open_items import list_items
from ledgers.cases.coverage_reader import came_back
from ledgers.dossier.absent_costs import absent
from ledgers.dossier.accepted_doubles import accepted
from ledgers.dossier.assessments import assessments_of
from ledgers.dossier.handovers import agreements, own_stretches, paid_months, proofs, standing
from ledgers.dossier.paid_otherwise import otherwise_months
from ledgers.dossier.trajectories import Periods, ended_clients, events_of, newest_trajectories, periods
from ledgers.registers.iban_confirmations import confirmed_ibans
from ledgers.registers.register import LATEST, clients_in_force, creditors_in_force, obligations_in_force
from ledgers.registers.versions import OBLIGATIONS, histories
from ledgers.schema.bank import given_back
from ledgers.schema.core import (
    contributions,
    grounds,
    holds,
    payments,
    run_shortfalls,
    runs,
    same_withholding,
    transfers,
    withholdings,
)
from ledgers.schema.dossier import end_proposals, end_withdrawals
from payments.dossier.case import (
    AddedGround,
    AssessmentMade,
    Case,
    EarlyReason,
    EndProposal,
    Event,
    FixedCost,
    Waiting,
    grounds_of,
    with_events,
    with_register_mandate,
)
from payments.month import Month, first_day
from payments.parties import Client, Obligation
from payments.plan.grounds import Ground, Segment
from payments.states import RELEASED, PaymentState, TrajectoryState


def load_case(connection: Connection, client: str, months: int, month: Month = LATEST) -> Case | None:
    """The case of one client; None for a stranger. `months` is the length of the mandatory ground."""
    return load_cases(connection, months, client=client, month=month).get(client)


def load_cases(
    connection: Connection,
    months: int,
    *,
    client: str | None = None,
    gemeente: str | None = None,
    month: Month = LATEST,
) -> dict[str, Case]:
    """The cases of everyone, of a gemeente or of one client, by klantnummer, by the registers of a benefit month."""
    registered = clients_in_force(connection, month, gemeente)
    if client is not None:
        registered = {code: known for code, known in registered.items() if code == client}
    read = _Read(connection, client, month)
    return {code: read.case(known, months) for code, known in sorted(registered.items())}


class _Read:
    """All rows that cases are made of, by client."""

    def __init__(self, connection: Connection, client: str | None, month: Month) -> None:
        self.events = events_of(connection, client)
        self.periods: Periods = periods(connection, client)
        self.trajectories = newest_trajectories(connection, client)
        self.ended = ended_clients(connection)
        self.accepted_doubles = accepted(connection)
        self.added = _added_grounds(connection, client)
        self.holds = hold_reasons(connection, client)
        self.obligations = _by_client(obligations_in_force(connection, month).values())
        self.paid = paid_months(connection, client)
        self.agreements = agreements(connection, client)
        self.proofs = _proofs_by_obligation(connection, client)
        self.months_paid = _months_paid(connection, client)
        self.shortages = _shortages(connection, client)
        self.creditors = creditors_in_force(connection, month)
        self.confirmed = confirmed_ibans(connection)
        self.open_items = _open_items(connection, client)
        self.open_payments = _open_payments(connection, client)
        self.ledger = _client_balances(connection, client)
        self.assessments = assessments_of(connection, client)
        self.proposals = _proposals(connection, client)
        self.absent = absent(connection, client)
        self.versions = histories(connection, OBLIGATIONS, client, changed=True)
        self.otherwise = otherwise_months(connection, client)
        self.waiting = came_back(connection, client)

    def case(self, client: Client, months: int) -> Case:
        """One client's case."""
        code = client.client
        happened: list[Event] = list(self.events.get(code, ()))
        known = with_events(client, happened)
        start = self.periods.start(client)
        trajectory = self.trajectories.get(code)
        added = self.added.get(code, [])
        for_grounds = with_register_mandate(known, client)
        costs = tuple(self._cost(o) for o in self.obligations.get(code, ()))
        made: list[AssessmentMade] = self.assessments.get((code, trajectory.number), []) if trajectory else []
        return Case(
            client=known,
            trajectory=trajectory.number if trajectory else None,
            stored_state=trajectory.state if trajectory else TrajectoryState.OPEN,
            period_from=start,
            months=months,
            segments=grounds_of(
                for_grounds, [a.segment for a in added], months, start, self.periods.in_scope_until.get(code)
            ),
            added=tuple(added),
            on_hold=self.holds.get(code),
            events=tuple(happened),
            costs=costs,
            months_paid=tuple(sorted(self.months_paid.get(code, ()))),
            shortages=tuple(sorted(self.shortages.get(code, ()))),
            unconfirmed=tuple(sorted(self._unconfirmed(self.obligations.get(code, [])))),
            open_items=tuple(self.open_items.get(code, ())),
            open_payments=tuple(self.open_payments.get(code, ())),
            ledger_cents=self.ledger.get(code, 0),
            assessments=tuple(made),
            proposal=self.proposals.get((code, trajectory.number)) if trajectory else None,
            ended_on=self.ended.get(code),
            without=self.absent.get(code, frozenset()),
            accepted_doubles=frozenset(cost.obligation.obligation for cost in costs) & self.accepted_doubles,
        )

    def _cost(self, obligation: Obligation) -> FixedCost:
        code = obligation.obligation
        agreed = self.agreements.get(code, ())
        handover = standing(agreed)
        return FixedCost(
            obligation=obligation,
            paid=self.paid.get(code, ()),
            first_own=handover.first_own if handover else None,
            method=handover.method if handover else None,
            proofs=self.proofs.get(code, {}),
            taken_back=tuple(stretch for stretch in own_stretches(agreed) if stretch.back_from is not None),
            versions=tuple(self.versions.get(code, ())),
            otherwise=self.otherwise.get(code, ()),
            waiting=tuple(sorted(self.waiting.get(code, ()))),
        )

    def _unconfirmed(self, costs: list[Obligation]) -> Iterator[str]:
        for obligation in costs:
            iban = self.creditors[obligation.creditor].iban
            if (obligation.creditor, iban) not in self.confirmed:
                yield obligation.obligation


def _by_client(obligations: Any) -> dict[str, list[Obligation]]:
    found: dict[str, list[Obligation]] = defaultdict(list)
    for obligation in sorted(obligations, key=lambda o: o.obligation):
        found[obligation.client].append(obligation)
    return found


def _added_grounds(connection: Connection, client: str | None) -> dict[str, list[AddedGround]]:
    query = select(grounds).order_by(grounds.c.client, grounds.c.sequence)
    if client is not None:
        query = query.where(grounds.c.client == client)
    found: dict[str, list[AddedGround]] = defaultdict(list)
    for row in connection.execute(query):
        segment = Segment(Ground(row.ground), row.from_day, row.until_day, row.decision)
        found[row.client].append(AddedGround(segment, row.reassess_on))
    return found


def hold_reasons(connection: Connection, client: str | None = None) -> dict[str, str]:
    """Why each client on hold is held."""
    query = select(holds.c.client, holds.c.on_hold, holds.c.why).order_by(holds.c.client, holds.c.sequence)
    if client is not None:
        query = query.where(holds.c.client == client)
    newest = {row.client: row for row in connection.execute(query)}
    return {code: row.why for code, row in newest.items() if row.on_hold}


def _proofs_by_obligation(connection: Connection, client: str | None) -> dict[str, dict[Month, bool]]:
    found: dict[str, dict[Month, bool]] = defaultdict(dict)
    for (obligation, covers), paid in proofs(connection, client).items():
        found[obligation][covers] = paid
    return found


def _months_paid(connection: Connection, client: str | None) -> dict[str, set[Month]]:
    """Benefit months of which something of the client's reached the bank and did not come back."""
    w, c, p = withholdings.c, contributions.c, payments.c
    query = (
        select(c.client, w.month)
        .join(withholdings, same_withholding(c, w))
        .join(payments, same_withholding(p, w))
        .where(p.state.in_(RELEASED))
        .distinct()
    )
    if client is not None:
        query = query.where(c.client == client)
    found: dict[str, set[Month]] = defaultdict(set)
    for code, month in connection.execute(query):
        found[code].add(month)
    return found


def _shortages(connection: Connection, client: str | None) -> dict[str, list[tuple[Month, str]]]:
    newest = select(runs.c.gemeente, runs.c.month, func.max(runs.c.sequence).label("sequence"))
    last = newest.group_by(runs.c.gemeente, runs.c.month).subquery()
    query = (
        select(run_shortfalls.c.client, runs.c.month, run_shortfalls.c.obligation)
        .join(runs, runs.c.run_id == run_shortfalls.c.run_id)
        .join(last, and_(*(last.c[n] == runs.c[n] for n in ("gemeente", "month", "sequence"))))
    )
    if client is not None:
        query = query.where(run_shortfalls.c.client == client)
    found: dict[str, list[tuple[Month, str]]] = defaultdict(list)
    for code, month, obligation in connection.execute(query):
        found[code].append((month, obligation))
    return found


def _open_items(connection: Connection, client: str | None) -> dict[str, list[Waiting]]:
    found: dict[str, list[Waiting]] = defaultdict(list)
    for item in list_items(connection):
        if item.client is not None and client in (None, item.client):
            found[item.client].append(Waiting(item.exception_id, item.kind, item.since, item.amount_cents))
    return found


def _open_payments(connection: Connection, client: str | None) -> dict[str, list[Waiting]]:
    """Payments the bank has not booked, and money set apart for a payment that is still to be made."""
    p, w = payments.c, withholdings.c
    sent = select(p.client, p.payment_id, p.state, w.month, p.amount_cents).join(withholdings, same_withholding(p, w))
    sent = sent.where(p.state.in_((PaymentState.PLANNED, PaymentState.INSTRUCTED)))
    reserved = select(w.client, w.obligation, w.month, w.covers, w.amount_cents).where(
        ~select(p.payment_id).where(same_withholding(p, w), p.state != PaymentState.CANCELLED).exists(),
        ~select(given_back.c.obligation).where(same_withholding(given_back.c, w)).exists(),
    )
    if client is not None:
        sent, reserved = sent.where(p.client == client), reserved.where(w.client == client)
    found: dict[str, list[Waiting]] = defaultdict(list)
    for row in connection.execute(sent):
        found[row.client].append(Waiting(row.payment_id, row.state, first_day(row.month), row.amount_cents))
    for row in connection.execute(reserved):
        key = f"{row.obligation} {row.covers}"
        found[row.client].append(Waiting(key, "reserved", first_day(row.month), row.amount_cents))
    return found


def _client_balances(connection: Connection, client: str | None) -> dict[str, int]:
    """What we hold of each client, in cents."""
    t = transfers.c
    credit = select(t.credit.label("account"), t.amount_cents.label("cents"))
    debit = select(t.debit, -t.amount_cents)
    if client is not None:
        credit, debit = credit.where(t.credit == f"client:{client}"), debit.where(t.debit == f"client:{client}")
    else:
        credit, debit = credit.where(t.credit.like("client:%")), debit.where(t.debit.like("client:%"))
    both = union_all(credit, debit).subquery()
    query = select(both.c.account, func.sum(both.c.cents)).group_by(both.c.account)
    return {account.removeprefix("client:"): int(cents) for account, cents in connection.execute(query)}


def _proposals(connection: Connection, client: str | None) -> dict[tuple[str, int], EndProposal]:
    """The newest proposal of each trajectory that was not withdrawn."""
    p, x = end_proposals.c, end_withdrawals.c
    same = and_(*(p[n] == x[n] for n in ("client", "trajectory", "sequence")))
    query = (
        select(end_proposals)
        .outerjoin(end_withdrawals, same)
        .where(x.client.is_(None))
        .order_by(p.client, p.trajectory, p.sequence)
    )
    if client is not None:
        query = query.where(p.client == client)
    return {
        (row.client, row.trajectory): EndProposal(
            sequence=row.sequence,
            end_date=row.end_date,
            floor_date=row.floor_date,
            reason=EarlyReason(row.reason) if row.reason else None,
            why=row.why,
            missing=tuple(json.loads(row.missing)),
            proposed_by=row.proposed_by,
            proposed_on=datetime.fromisoformat(row.proposed_at).date(),
        )
        for row in connection.execute(query)
    }
