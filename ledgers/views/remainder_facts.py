"""Every client with something to tell the benefits office of a month, as the newest runs and the register have it."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, exists, func, select

from ledgers.bank import open_items
from ledgers.dossier.grounds_and_holds import clients_on_hold
from ledgers.dossier.trajectories import ended_clients
from ledgers.journal import closed_months
from ledgers.month.runs import LatestRun, latest_run
from ledgers.registers.versions import homes
from ledgers.schema.bank import given_back
from ledgers.schema.core import (
    benefit_records,
    contributions,
    run_held,
    runs,
    same_withholding,
    withholdings,
)
from payments.month import Month, add_months
from payments.parties import Component, DeductionKind
from payments.plan.grounds import HeldReason
from payments.plan.remainder_lines import Standing

_RESERVES = (HeldReason.IBAN_UNCONFIRMED.value, HeldReason.PAYMENT_REFUSED.value)
_COUNTED = (Component.REGULAR.value, Component.TOP_UP.value)


@dataclass(slots=True)
class _Granted:
    """The lines of one client's benefit that count, apart as they are suspended or not, and what is deducted."""

    home: str
    cents: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})
    deducted: Counter[DeductionKind] = field(default_factory=Counter)

    def whole(self, *, gross: bool) -> tuple[int, int]:
        """What can be paid out, and what is suspended; where the benefit is gross, less what goes off it."""
        free = max(0, self.cents[False] - (self.deducted.total() if gross else 0))
        owed = sum(self.cents.values()) - (self.deducted.total() if gross else 0)
        return free, max(0, owed - free)


def standings(
    connection: Connection, gemeenten: Sequence[str], month: Month, gross: Container[str]
) -> Iterator[Standing]:
    """One of each client with a benefit line of the month or money given back in it: the named gemeenten first.

    `gross` are the gemeenten whose `regulier` still holds what is deducted.
    """
    granted = _granted(connection, month)
    known = [*gemeenten, *sorted(_gemeenten(connection, granted) - {*gemeenten})]
    outcomes = {gemeente: latest_run(connection, gemeente, month) for gemeente in known}
    counted = {item.client for outcome in outcomes.values() if outcome for item in outcome.included}
    lodged: dict[str, list[str]] = defaultdict(list)
    for client, own in granted.items():
        if client not in counted:
            lodged[own.home].append(client)
    ended = ended_clients(connection)
    on_hold, final = clients_on_hold(connection), month in closed_months.closed_months(connection)
    reserved = _reserved(connection, month, known, [outcome.run_id for outcome in outcomes.values() if outcome])
    for gemeente, outcome in outcomes.items():
        refunds = open_items.refunds(connection, gemeente, month)
        for item in _of_gemeente(gemeente, month, outcome, lodged[gemeente], refunds, ended):
            lines = granted.get(item.client)
            # Money given back by a gemeente where the client no longer lives is that gemeente's line, and no benefit.
            here = lines is not None and (item.included is not None or lines.home == gemeente)
            free, suspended = lines.whole(gross=gemeente in gross) if here and lines else (0, 0)
            yield replace(
                item,
                granted_cents=free,
                suspended_cents=suspended,
                deductions=tuple(sorted(lines.deducted.items())) if here and lines else (),
                on_hold=item.client in on_hold,
                reserved_cents=reserved[gemeente, item.client],
                refund_cents=refunds.get(item.client, 0),
                final=final,
                has_benefit=here,
            )


def _of_gemeente(
    gemeente: str,
    month: Month,
    outcome: LatestRun | None,
    lodged: Iterable[str],
    refunds: Mapping[str, int],
    ended: Container[str],
) -> Iterator[Standing]:
    included = {item.client: item for item in outcome.included} if outcome else {}
    whole: dict[str, HeldReason] = {}
    costs: dict[str, list[HeldReason]] = defaultdict(list)
    for held in outcome.held if outcome else ():
        if held.obligation is None:
            whole[held.client] = held.reason
        else:
            costs[held.client].append(held.reason)
    if outcome:  # who ended before the month before is counted by the run, and not named
        whole |= {client: HeldReason.ENDED for client in lodged if client in ended and client not in whole}
    short = {item.client for item in outcome.shortfalls} if outcome else set()
    for client in sorted({*included, *lodged, *refunds}):
        yield Standing(
            gemeente,
            client,
            month,
            included=included.get(client),
            held=whole.get(client),
            held_costs=tuple(costs[client]),
            short=client in short,
            planned=client in included or client in whole,
        )


def _granted(connection: Connection, month: Month) -> dict[str, _Granted]:
    b, home = benefit_records.c, homes(month).subquery()
    columns = b.client, home.c.gemeente, b.component, b.suspended, b.deduction
    query = (
        select(*columns, func.sum(b.amount_cents))
        .join(home, home.c.client == b.client)
        .where(b.month == month)
        .group_by(*columns)
    )
    found: dict[str, _Granted] = {}
    for client, gemeente, component, suspended, deduction, cents in connection.execute(query):
        lines = found.setdefault(client, _Granted(gemeente))
        if component in _COUNTED:
            lines.cents[bool(suspended)] += int(cents)
        elif deduction is not None and not suspended:
            lines.deducted[DeductionKind(deduction)] += int(cents)
    return found


def benefits_before(connection: Connection, month: Month) -> dict[str, int]:
    """Per client the benefit that counted in the month before, to see a slip of the comma by."""
    before = _granted(connection, add_months(month, -1))
    return {client: lines.cents[False] + lines.cents[True] for client, lines in before.items()}


def _gemeenten(connection: Connection, granted: Mapping[str, _Granted]) -> set[str]:
    """Every gemeente of the books that has something to tell, also one that the settings no longer know."""
    ran = select(runs.c.gemeente).distinct()  # few rows; where no month was ever run nothing was given back either
    return {*connection.execute(ran).scalars(), *(lines.home for lines in granted.values())}


def _reserved(
    connection: Connection, month: Month, gemeenten: Sequence[str], run_ids: Sequence[str]
) -> Counter[tuple[str, str]]:
    """What the newest runs hold of each client's benefit for an IBAN to confirm or a line to mend."""
    w, c, h = withholdings.c, contributions.c, run_held.c
    returned = exists().where(same_withholding(given_back.c, w))
    query = (
        select(w.gemeente, c.client, func.sum(c.amount_cents))
        .join(withholdings, same_withholding(c, w))
        .join(run_held, h.obligation == w.obligation)
        .where(w.month == month, w.gemeente.in_(gemeenten), h.run_id.in_(run_ids), h.reason.in_(_RESERVES), ~returned)
        .group_by(w.gemeente, c.client)
    )
    return Counter({(gemeente, client): int(cents) for gemeente, client, cents in connection.execute(query)})
