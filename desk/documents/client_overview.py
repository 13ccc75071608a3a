"""The client's overview of one month in Dutch of level A2: as text, as an accessible page, and as the same facts.

What is shown is decided once, as parts with rows; text and page only set it out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from desk.words import client as words
from desk.words.formats import day_in_words, euros_with_sign, month_in_words
from desk.words.labels import COST_NAMES
from ledgers.views.client_month import ClientMonth, Cost, Unpaid
from ledgers.views.payment_attempts import PaymentAttempt
from payments.parties import BenefitRecord, Category, Component, DeductionKind
from payments.plan.grounds import HeldReason
from payments.states import PaymentState, SettlementKind

STATUS = "Status"  # the one fact whose value is a label itself
_COUNTED = (Component.REGULAR, Component.TOP_UP)


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One thing with its facts; a label and a value are Dutch, and shown in the own language where we have it."""

    title: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OverviewPart:
    """One part of the overview: a heading, sentences, rows of facts, and what to know after them."""

    heading: str
    sentences: tuple[str, ...]
    rows: tuple[OverviewRow, ...] = ()
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    """What became of a cost in the words of the overview; `day` where the bank moved, or will move, the money."""

    state: str  # a key of client_words.STATES
    why: str
    day: date | None


def outcome(cost: Cost, facts: ClientMonth) -> PaymentOutcome:
    """Say plainly whether a cost is paid, and if not, why."""
    if not cost.attempts:
        if cost.given_back:
            return PaymentOutcome("not_paid", _what_next(None, cost), None)
        reason = next((h.reason for h in facts.held if h.obligation == cost.obligation and h.reason), None)
        return PaymentOutcome("not_paid", " ".join(words.HELD[HeldReason(reason)]) if reason else words.NOT_MADE, None)
    last = cost.attempts[-1]
    again = words.SECOND_TIME if len(cost.attempts) > 1 else ""
    booked = PaymentOutcome("paid", again, _moved(last, SettlementKind.BOOKED, SettlementKind.REJECTED_DEBITED))
    if 0 < last.came_back_cents < last.amount_cents:
        booked = _partly_back(last)
    next_step = _what_next(last.decision, cost)
    return {
        PaymentState.PLANNED: PaymentOutcome("not_paid", words.NOT_SENT, None),
        PaymentState.INSTRUCTED: PaymentOutcome("on_the_way", again, last.execution_date),
        PaymentState.BOOKED: booked,
        PaymentState.SETTLED: booked,
        PaymentState.RETURNED: PaymentOutcome(
            "came_back", f"{words.BACK_WITH_US} {next_step}", _moved(last, SettlementKind.RETURNED)
        ),
        PaymentState.REJECTED: PaymentOutcome("not_paid", f"{words.REFUSED_BY_BANK} {next_step}", last.rejected_on),
        PaymentState.CANCELLED: PaymentOutcome("not_paid", words.STOPPED, None),
    }[PaymentState(last.state)]


def _partly_back(attempt: PaymentAttempt) -> PaymentOutcome:
    """A payment of which a part is with us again: how much, and whose step is next."""
    said = words.PART_BACK_WITH_US.format(amount=euros_with_sign(attempt.came_back_cents))
    step = words.PART_REFUND if attempt.decision == "refund_to_client" else words.CAME_BACK[""]
    return PaymentOutcome("partly_back", f"{said} {step}", _moved(attempt, SettlementKind.RETURNED))


def _moved(attempt: PaymentAttempt, *kinds: str) -> date | None:
    return next((line.booked_on for line in attempt.lines if line.kind in kinds), None)


def _what_next(decision: str | None, cost: Cost) -> str:
    """Money that is given back goes to whoever it was withheld from, each their own part."""
    refunded = cost.given_back or decision == "refund_to_client"
    if refunded:
        return words.SHARED_REFUND if cost.own_cents != cost.amount_cents else words.CAME_BACK["refund_to_client"]
    return words.CAME_BACK.get(decision or "", words.CAME_BACK[""])


def parts(facts: ClientMonth) -> tuple[OverviewPart, ...]:
    """The overview from top to bottom; parts about which there is nothing to say are left out."""
    return tuple(_parts(facts))


def _parts(facts: ClientMonth) -> Iterator[OverviewPart]:
    deducted = [record for record in facts.benefits if record.component is Component.DEDUCTION]
    if len(deducted) < len(facts.benefits):
        yield _benefit(facts)
    if deducted:
        yield _deducted(deducted)
    if facts.run_id is None:
        yield OverviewPart(
            "Uw rekeningen", ("Wij hebben voor deze maand nog niets betaald.", "Kijk later nog een keer.")
        )
    elif facts.costs:
        yield _bills(facts)
    else:
        yield OverviewPart("Uw rekeningen", ("Wij hebben deze maand geen rekeningen voor u betaald.",))
    if facts.shortfalls:
        yield OverviewPart("Te weinig geld", words.SHORT_OF_MONEY, tuple(map(_short, facts.shortfalls)))
    held = _held_without_cost(facts)
    if held:
        yield OverviewPart("Niet betaald", (), tuple(map(_held, held)))
    if facts.included is not None:
        yield _left(facts)
    yield OverviewPart("Vragen?", ("Bel of mail uw contactpersoon bij de gemeente.", "Houd dit overzicht erbij."))


def _benefit(facts: ClientMonth) -> OverviewPart:
    rows = []
    for record in facts.benefits:
        if record.component is Component.DEDUCTION:  # never money extra: a part of its own
            continue
        stopped = " (tijdelijk gestopt)" if record.suspended else ""
        rows.append(
            OverviewRow(
                words.COMPONENTS[record.component] + stopped, (("Bedrag", euros_with_sign(record.amount_cents)),)
            )
        )
    once = any(record.component not in (*_COUNTED, Component.DEDUCTION) for record in facts.benefits)
    said = ["Van uw gewone uitkering betalen wij rekeningen."]
    said += [
        f"Van ‘{words.COMPONENTS[component]}’ gebruiken wij {euros_with_sign(cents)} voor rekeningen."
        for component, cents in facts.one_off
    ] or ["Ander geld gebruiken wij daar niet voor."]
    return OverviewPart(
        "Uw uitkering", ("Dit geld is er deze maand voor u.",), tuple(rows), tuple(said) if once else ()
    )


def _deducted(records: Sequence[BenefitRecord]) -> OverviewPart:
    rows = []
    for record in records:
        stopped = " (tijdelijk gestopt)" if record.suspended else ""
        kind = words.DEDUCTIONS[record.deduction or DeductionKind.OTHER]
        rows.append(OverviewRow(kind + stopped, (("Bedrag", euros_with_sign(record.amount_cents)),)))
    return OverviewPart("Dit gaat van uw uitkering af", ("Dit geld krijgt u niet.",), tuple(rows))


def _bills(facts: ClientMonth) -> OverviewPart:
    shared = any(cost.own_cents != cost.amount_cents for cost in facts.costs)
    explained = ("Sommige rekeningen zijn voor uw hele huishouden.", "U betaalt dan alleen uw deel.")
    order = [*Category]
    costs = sorted(facts.costs, key=lambda cost: (order.index(Category(cost.category)), cost.obligation, cost.covers))
    rows = tuple(_bill(cost, facts, shared=shared) for cost in costs)
    return OverviewPart("Uw rekeningen", ("Deze rekeningen betalen wij voor u.",), rows, explained if shared else ())


def _bill(cost: Cost, facts: ClientMonth, *, shared: bool) -> OverviewRow:
    became = outcome(cost, facts)
    cells = [
        ("Aan", cost.creditor_name),
        ("Voor", month_in_words(cost.covers)),
        ("Bedrag", euros_with_sign(cost.amount_cents)),
        *([("Uw deel", euros_with_sign(cost.own_cents))] if shared else []),
        (STATUS, words.STATES[became.state]),
        ("Datum", day_in_words(became.day) if became.day else ""),
        ("Uitleg", became.why),
    ]
    return OverviewRow(COST_NAMES[Category(cost.category)], tuple(cells))


def _short(item: Unpaid) -> OverviewRow:
    cells = [("Aan", item.creditor_name or ""), ("Voor", month_in_words(item.covers) if item.covers else "")]
    cells += [("Bedrag", euros_with_sign(item.needed_cents)), ("Er was nog", euros_with_sign(item.available_cents))]
    return OverviewRow(_cost_name(item), tuple(cells))


def _cost_name(item: Unpaid) -> str:
    return COST_NAMES[Category(item.category)] if item.category else "Al uw rekeningen"


def _held_without_cost(facts: ClientMonth) -> list[Unpaid]:
    """What was held, except for a cost that already says so itself."""
    told = {cost.obligation for cost in facts.costs}
    return [item for item in facts.held if item.obligation not in told]


def _held(item: Unpaid) -> OverviewRow:
    why, what_to_do = words.HELD[HeldReason(item.reason or "")]
    return OverviewRow(
        _cost_name(item), (("Aan", item.creditor_name or ""), ("Uitleg", why), ("Wat u doet", what_to_do))
    )


def _left(facts: ClientMonth) -> OverviewPart:
    assert facts.included is not None
    rows = [
        OverviewRow("Uw uitkering", (("Bedrag", euros_with_sign(facts.included.benefit_cents)),)),
        OverviewRow("Voor uw rekeningen", (("Bedrag", euros_with_sign(facts.included.withheld_cents)),)),
        OverviewRow("Dit blijft over voor u", (("Bedrag", euros_with_sign(facts.included.remainder_cents)),)),
    ]
    if facts.refund_cents:
        rows.append(OverviewRow("Geld dat u terugkrijgt", (("Bedrag", euros_with_sign(facts.refund_cents)),)))
    total = facts.included.remainder_cents + facts.refund_cents
    if not total:
        return OverviewPart("Dit blijft over voor u", words.NOTHING_LEFT, tuple(rows))
    return OverviewPart("Dit blijft over voor u", (), tuple(rows), tuple(_who_pays(facts, total)))


def _who_pays(facts: ClientMonth, total: int) -> Iterator[str]:
    yield f"U krijgt samen {euros_with_sign(total)}." if facts.refund_cents else f"U krijgt {euros_with_sign(total)}."
    yield "De afdeling uitkeringen van de gemeente betaalt dit aan u."
    if facts.listed_on is not None and facts.listed_cents >= total:
        yield f"Zij weten dit sinds {day_in_words(facts.listed_on)}."
    else:
        yield "Wij geven dit nog aan hen door."


def text(facts: ClientMonth, sender: str) -> str:
    """The overview as plain text; foreign labels are isolated, so that Arabic does not turn the line around."""
    title = f"Uw geld in {month_in_words(facts.month)}"
    lines = [title, "=" * len(title), "", facts.name, f"Klantnummer {facts.client}", sender]
    for part in parts(facts):
        heading = _both(part.heading, facts.language)
        lines += ["", heading, "-" * len(heading), *part.sentences]
        for row in part.rows:
            lines += _row_lines(row, facts.language)
        lines += part.after
    return "\n".join(lines) + "\n"


def _row_lines(row: OverviewRow, language: str | None) -> Iterator[str]:
    title = _both(row.title, language)
    if len(row.facts) == 1:
        yield f"- {title}: {row.facts[0][1]}"
        return
    yield f"- {title}"
    for label, value in row.facts:
        if value:
            yield f"  {_both(label, language)}: {_both(value, language if label == STATUS else None)}"


def _both(label: str, language: str | None) -> str:
    own = words.in_own_language(label, language)
    return label if own is None else f"{label} (\u2068{own}\u2069)"


def document(facts: ClientMonth) -> dict[str, Any]:
    """The facts of the overview as `report client --json` gives them; amounts are null while the month was not run."""
    included = facts.included
    return {
        "client": facts.client,
        "name": facts.name,
        "gemeente": facts.gemeente,
        "month": facts.month,
        "language": facts.language,
        "run_id": facts.run_id,
        "benefits": [
            {
                "component": b.component.value,
                "amount_cents": b.amount_cents,
                "suspended": b.suspended,
                "counted": b.component in _COUNTED and not b.suspended,
            }
            for b in facts.benefits
            if b.component is not Component.DEDUCTION
        ],
        "deductions": [
            {"kind": b.deduction and b.deduction.value, "amount_cents": b.amount_cents, "suspended": b.suspended}
            for b in facts.benefits
            if b.component is Component.DEDUCTION
        ],
        "benefit_cents": included and included.benefit_cents,
        "withheld_cents": included and included.withheld_cents,
        "remainder_cents": included and included.remainder_cents,
        "refund_cents": facts.refund_cents,
        "remainder_paid_by": "benefits_office",
        "remainder_listed_cents": facts.listed_cents,
        "remainder_listed_on": facts.listed_on and facts.listed_on.isoformat(),
        "costs": [_cost_json(cost, facts) for cost in facts.costs],
        "shortfalls": [
            {
                "obligation": s.obligation,
                "category": s.category,
                "covers": s.covers,
                "creditor_name": s.creditor_name,
                "needed_cents": s.needed_cents,
                "available_cents": s.available_cents,
            }
            for s in facts.shortfalls
        ],
        "held": [{"obligation": h.obligation, "category": h.category, "reason": h.reason} for h in facts.held],
    }


def _cost_json(cost: Cost, facts: ClientMonth) -> dict[str, Any]:
    became = outcome(cost, facts)
    return {
        "obligation": cost.obligation,
        "category": cost.category,
        "covers": cost.covers,
        "creditor_name": cost.creditor_name,
        "amount_cents": cost.amount_cents,
        "own_cents": cost.own_cents,
        "in_own_name": cost.owner == facts.client,
        "state": became.state,
        "date": became.day and became.day.isoformat(),
        "why": became.why,
    }


def labels(rows: Sequence[OverviewRow]) -> list[str]:
    """The labels of rows that have at least one value to show, in order: the columns of a table."""
    every = dict.fromkeys(label for row in rows for label, _ in row.facts)
    return [label for label in every if any(dict(row.facts).get(label) for row in rows)]
