"""What the books know of one client's benefit month: granted, withheld, each attempt to pay, short and held.

Reading only. A cost belongs to the benefit month out of which it was withheld, also where its payment, or a new
attempt, went out with the file of a later month.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, Exists, exists, func, or_, select

from ledgers.bank import open_items
from ledgers.dossier.trajectories import ended_clients
from ledgers.errors import Refused
from ledgers.registers.register import benefit_from
from ledgers.schema.bank import given_back
from ledgers.schema.core import (
    benefit_records,
    client_versions,
    contributions,
    creditor_versions,
    obligation_versions,
    remainder_lists,
    run_clients,
    run_held,
    run_shortfalls,
    runs,
    same_withholding,
    withholdings,
)
from ledgers.views.payment_attempts import PaymentAttempt, attempts_for
from payments.month import Month
from payments.parties import BenefitRecord, Component
from payments.plan.grounds import HeldReason
from payments.plan.withholding import Included


@dataclass(frozen=True, slots=True)
class Cost:
    """One obligation's covered month that was withheld; `own_cents` came out of this client's own benefit."""

    obligation: str
    owner: str
    category: str
    covers: Month
    creditor: str
    creditor_name: str
    amount_cents: int
    own_cents: int
    attempts: tuple[PaymentAttempt, ...]
    given_back: bool = False  # to the clients, before any payment arrived
    benefit_month: Month = ""  # out of whose benefit it was withheld


@dataclass(frozen=True, slots=True)
class Unpaid:
    """A bill of the client that the newest run did not pay: for want of money, or held for a reason.

    No obligation: the client as a whole is held.
    """

    obligation: str | None
    category: str | None
    creditor_name: str | None
    covers: Month | None
    needed_cents: int
    available_cents: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class ClientMonth:
    """One client's month as its newest run left it; `run_id` is None before the first."""

    client: str
    name: str
    language: str | None
    gemeente: str
    month: Month
    run_id: str | None
    benefits: tuple[BenefitRecord, ...]
    included: Included | None
    refund_cents: int  # came back from creditors and was given to the client
    listed_cents: int  # what the benefits office was told to pay
    listed_on: date | None
    costs: tuple[Cost, ...]
    shortfalls: tuple[Unpaid, ...]
    held: tuple[Unpaid, ...]
    one_off: tuple[tuple[Component, int], ...] = ()  # of one-off money, what a decision used for bills


def client_month(connection: Connection, client: str, month: Month) -> ClientMonth:
    """Read one client's month; Refused when the register has no such client."""
    v = client_versions.c
    versions = select(client_versions).where(v.client == client, v.from_month <= month).order_by(v.sequence.desc())
    person = connection.execute(versions.limit(1)).first()
    if person is None:
        raise Refused(f"There is no client {client} in the register.")
    gemeente, run_id = _newest_run(connection, client, month, person.gemeente)
    listed_cents, listed_at = _listed(connection, client, month)
    shortfalls, held = _unpaid(connection, client, month, run_id)
    r, b = run_clients.c, benefit_records.c
    counted = connection.execute(select(run_clients).where(r.run_id == run_id, r.client == client)).first()
    if run_id is not None and counted is None and not held and ended_clients(connection, client):
        held = (Unpaid(None, None, None, None, 0, 0, HeldReason.ENDED),)  # before the month before: counted by the run
    granted = select(benefit_records).where(b.client == client, b.month == month).order_by(b.reference)
    return ClientMonth(
        client=client,
        name=person.name,
        language=person.language,
        gemeente=gemeente,
        month=month,
        run_id=run_id,
        benefits=tuple(benefit_from(row) for row in connection.execute(granted)),
        included=None if counted is None else Included(client, counted.benefit_cents, counted.withheld_cents),
        refund_cents=open_items.refunds(connection, gemeente, month).get(client, 0),
        listed_cents=listed_cents,
        listed_on=None if listed_at is None else datetime.fromisoformat(listed_at).date(),
        costs=_costs(connection, client, month, withholdings.c.month == month),
        shortfalls=shortfalls,
        held=held,
        one_off=_one_off(connection, client, run_id),
    )


def _newest_run(connection: Connection, client: str, month: Month, home: str) -> tuple[str, str | None]:
    """The gemeente that counted the client's benefit of the month (else where they live), and its newest run."""
    counted = (
        select(runs.c.gemeente)
        .join(run_clients, run_clients.c.run_id == runs.c.run_id)
        .where(run_clients.c.client == client, runs.c.month == month)
    )
    gemeente = connection.execute(counted.limit(1)).scalar() or home
    newest = select(runs.c.run_id).where(runs.c.gemeente == gemeente, runs.c.month == month)
    return gemeente, connection.execute(newest.order_by(runs.c.sequence.desc()).limit(1)).scalar()


def _listed(connection: Connection, client: str, month: Month) -> tuple[int, str | None]:
    l = remainder_lists.c  # noqa: E741 - the letter of its table, like every other query here
    query = select(func.coalesce(func.sum(l.amount_cents), 0), func.max(l.listed_at))
    total, last = connection.execute(query.where(l.client == client, l.month == month)).one()
    return int(total), last


def costs_covering(connection: Connection, client: str, month: Month) -> tuple[Cost, ...]:
    """What was withheld for a month out of the benefit of another one: who asks for December's rent finds it here."""
    w = withholdings.c
    return _costs(connection, client, month, (w.covers <= month) & (w.reaches >= month) & (w.month != month))


def _costs(connection: Connection, client: str, month: Month, which: ColumnElement[bool]) -> tuple[Cost, ...]:
    w, c = withholdings.c, contributions.c
    same = same_withholding(c, w) & (c.client == client)
    query = (
        select(withholdings, c.amount_cents.label("own_cents"))
        .outerjoin(contributions, same)
        .where(which, or_(w.client == client, c.client == client), ~_set_apart_later(), ~_planned_since())
        .order_by(w.category, w.obligation, w.covers)
    )
    rows = connection.execute(query).all()
    names = _creditor_names(connection, {row.creditor for row in rows}, month)
    returned = _given_back(connection, {row.obligation for row in rows})
    attempts = attempts_for(connection, {row.obligation for row in rows}, {row.covers for row in rows})
    return tuple(
        Cost(
            row.obligation,
            row.client,
            row.category,
            row.covers,
            row.creditor,
            names[row.creditor],
            row.amount_cents,
            row.own_cents or 0,
            tuple(attempts[row.obligation, row.covers]),
            given_back=(row.obligation, row.covers, row.sequence) in returned,
            benefit_month=row.month,
        )
        for row in rows
    )


def _set_apart_later() -> Exists:
    """Given back, and withheld once more since: only the newest counts."""
    w, later = withholdings.c, withholdings.alias("later")
    return exists().where(
        later.c.obligation == w.obligation,
        later.c.covers == w.covers,
        later.c.month == w.month,
        later.c.sequence > w.sequence,
    )


def _planned_since() -> Exists:
    """Given back to be planned anew, and a run made since left it out: it stands among what was not paid."""
    w, g, later = withholdings.c, given_back.c, runs.alias("planned_since")
    return exists().where(
        same_withholding(g, w),
        g.plan_anew,
        later.c.gemeente == w.gemeente,
        later.c.month == w.month,
        later.c.sequence > g.after_run,
    )


def _one_off(connection: Connection, client: str, run_id: str | None) -> tuple[tuple[Component, int], ...]:
    """What of a client's one-off money was used for bills, by decision; what was given back since is not among it."""
    w, c = withholdings.c, contributions.c
    run = select(runs.c.gemeente, runs.c.month).where(runs.c.run_id == run_id).subquery()
    query = (
        select(w.component, func.sum(c.amount_cents))
        .join(contributions, same_withholding(c, w))
        .join(run, (run.c.gemeente == w.gemeente) & (run.c.month == w.month))
        .where(c.client == client, w.component != Component.REGULAR.value)
        .where(~exists().where(same_withholding(given_back.c, w)))
        .group_by(w.component)
        .order_by(w.component)
    )
    return tuple((Component(component), int(cents)) for component, cents in connection.execute(query))


def _creditor_names(connection: Connection, codes: Iterable[str], month: Month) -> dict[str, str]:
    v = creditor_versions.c
    query = select(v.creditor, v.name).where(v.creditor.in_(sorted(codes)), v.from_month <= month)
    return dict(connection.execute(query.order_by(v.sequence)).all())  # the newest comes last


def _given_back(connection: Connection, obligations: set[str]) -> set[tuple[str, Month, int]]:
    """Covered months whose money waited for a payment and went back to the clients instead."""
    g = given_back.c
    query = select(g.obligation, g.covers, g.withholding).where(~g.plan_anew, g.obligation.in_(sorted(obligations)))
    return {(obligation, covers, withholding) for obligation, covers, withholding in connection.execute(query)}


def _unpaid(
    connection: Connection, client: str, month: Month, run_id: str | None
) -> tuple[tuple[Unpaid, ...], tuple[Unpaid, ...]]:
    """What the newest run left unpaid: shortfalls, and what it held."""
    s, h = run_shortfalls.c, run_held.c
    short = select(run_shortfalls).where(s.run_id == run_id, s.client == client).order_by(s.category, s.obligation)
    held = select(run_held).where(h.run_id == run_id, h.client == client).order_by(h.obligation)
    bills = _bills(connection, client, month)
    shortfalls = []
    for row in connection.execute(short):
        category, name = bills[row.obligation]
        amounts = (row.needed_cents, row.available_cents)
        shortfalls.append(Unpaid(row.obligation, category, name, row.covers, *amounts, reason=None))
    holds = (
        Unpaid(row.obligation or None, *bills[row.obligation], None, 0, 0, row.reason)
        for row in connection.execute(held)
    )
    return tuple(shortfalls), tuple(holds)


def _bills(connection: Connection, client: str, month: Month) -> dict[str, tuple[str | None, str | None]]:
    """Category and creditor's name of every obligation, and neither for the empty code: the client as a whole."""
    v = obligation_versions.c
    query = select(v.obligation, v.category, v.creditor).where(v.client == client, v.from_month <= month)
    newest = {row.obligation: row for row in connection.execute(query.order_by(v.sequence))}
    names = _creditor_names(connection, {row.creditor for row in newest.values()}, month)
    return {"": (None, None)} | {code: (row.category, names[row.creditor]) for code, row in newest.items()}
