"""What a change does to a run before it happens: the difference between two plans of the same month."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from payments.month import Month
from payments.plan.grounds import HeldReason
from payments.plan.stale_payments import StalePayment
from payments.plan.withholding import Plan

Key = tuple[str, Month]  # obligation and covered month


@dataclass(frozen=True, slots=True)
class Pays:
    """One payment of a plan."""

    creditor: str
    amount_cents: int


@dataclass(frozen=True, slots=True)
class PaymentEffect:
    """A payment that appears (no `before`), disappears (no `after`) or changes."""

    obligation: str
    covers: Month
    before: Pays | None
    after: Pays | None


@dataclass(frozen=True, slots=True)
class Hold:
    """A reason not to pay for a client, or for one obligation."""

    obligation: str | None
    reason: HeldReason


@dataclass(frozen=True, slots=True)
class Short:
    """A fixed cost that does not fit in the money."""

    obligation: str
    covers: Month
    needed_cents: int


@dataclass(frozen=True, slots=True)
class ClientEffect:
    """Everything that becomes different for one client; a remainder is None while nothing is planned for them."""

    client: str
    payments: tuple[PaymentEffect, ...]
    held_before: tuple[Hold, ...]  # reasons that disappear
    held_after: tuple[Hold, ...]  # reasons that appear
    short_before: tuple[Short, ...]
    short_after: tuple[Short, ...]
    remainder_before_cents: int | None
    remainder_after_cents: int | None


@dataclass(frozen=True, slots=True)
class RunEffect:
    """One gemeente's next run and what waits, and whom the change touches."""

    gemeente: str
    month: Month
    execution_date: date
    clients: tuple[ClientEffect, ...]
    stale: tuple[StalePayment, ...] = ()  # payments of files that wait, which the change would make others


def compare(before: Plan, after: Plan) -> tuple[ClientEffect, ...]:
    """Whatever differs between two plans of one month, per client; nothing for whom nothing changes."""
    was, becomes = _of_clients(before), _of_clients(after)
    nothing = _Planned()
    differences = (
        _difference(client, was.get(client, nothing), becomes.get(client, nothing))
        for client in sorted(was.keys() | becomes.keys())
        if was.get(client) != becomes.get(client)
    )
    return tuple(differences)


@dataclass(slots=True)
class _Planned:
    """One client's part of a plan; the values of holds and shorts say nothing, the order of their keys does."""

    payments: dict[Key, Pays] = field(default_factory=dict)
    holds: dict[Hold, None] = field(default_factory=dict)
    shorts: dict[Short, None] = field(default_factory=dict)
    remainder_cents: int | None = None


def _of_clients(plan: Plan) -> dict[str, _Planned]:
    found: dict[str, _Planned] = {}
    for obligation, covers, cents in plan.payable:
        planned = found.setdefault(obligation.client, _Planned())
        planned.payments[obligation.obligation, covers] = Pays(obligation.creditor, cents)
    for held in plan.held:
        found.setdefault(held.client, _Planned()).holds[Hold(held.obligation, held.reason)] = None
    for short in plan.shortfalls:
        item = Short(short.obligation, short.covers, short.needed_cents)
        found.setdefault(short.client, _Planned()).shorts[item] = None
    for included in plan.included:
        found.setdefault(included.client, _Planned()).remainder_cents = included.remainder_cents
    return found


def _difference(client: str, was: _Planned, becomes: _Planned) -> ClientEffect:
    return ClientEffect(
        client,
        tuple(_payments(was.payments, becomes.payments)),
        tuple(hold for hold in was.holds if hold not in becomes.holds),
        tuple(hold for hold in becomes.holds if hold not in was.holds),
        tuple(short for short in was.shorts if short not in becomes.shorts),
        tuple(short for short in becomes.shorts if short not in was.shorts),
        was.remainder_cents,
        becomes.remainder_cents,
    )


def _payments(was: Mapping[Key, Pays], becomes: Mapping[Key, Pays]) -> Iterator[PaymentEffect]:
    for key in sorted(was.keys() | becomes.keys()):
        if was.get(key) != becomes.get(key):
            yield PaymentEffect(*key, was.get(key), becomes.get(key))
