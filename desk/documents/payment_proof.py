"""The betaalbewijs: where each payment for a month, or out of its benefit, can be found: for who says nothing came.

It may be shown to a creditor, so it says nothing about why the gemeente paid, and holds no other client's data: of a
bank line that covers several payments it gives number and day, not the amount.
"""

from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any

from desk.words.formats import day_in_words, euros, grouped, labelled, month_in_words
from desk.words.labels import BANK_LINES, COST_NAMES, PAYMENT_STATES
from ledgers.views.client_month import ClientMonth, Cost
from ledgers.views.payment_attempts import BankLine, PaymentAttempt
from payments.bank.reasons import reason_group
from payments.calendar import AMSTERDAM
from payments.parties import Category
from payments.states import CAME_BACK, SettlementKind

_LABEL = 24
_fact = partial(labelled, _LABEL)


def document(facts: ClientMonth, obligation: str | None = None) -> dict[str, Any]:
    """The proof as `report proof --json` gives it.

    `{"client", "name", "gemeente", "month", "run_id", "obligations": [{"obligation", "category", "covers", "creditor",
    "creditor_name", "amount_cents", "benefit_month", "attempts": [{"attempt", "end_to_end_id", "creditor_name",
    "creditor_iban", "amount_cents", "remittance", "file_id", "sha256", "debtor_iban", "execution_date", "released_on",
    "state", "rejected_on", "came_back_cents", "reason", "reason_text", "bank_lines": [{"kind", "statement",
    "bank_statement_id", "line", "booked_on", "amount_cents", "reason"}]}]}]}`. `run_id` is null while the month was
    not run; `amount_cents` of a bank line is null where it covers more than this payment; `came_back_cents` is what is
    back with us of the payment; `reason` is the bank's code for a refusal or return.
    """
    return {
        "client": facts.client,
        "name": facts.name,
        "gemeente": facts.gemeente,
        "month": facts.month,
        "run_id": facts.run_id,
        "obligations": [_cost_json(cost) for cost in proven(facts, obligation)],
    }


def proven(facts: ClientMonth, obligation: str | None = None) -> tuple[Cost, ...]:
    """The client's own obligations with at least one payment; with a code only that one."""
    own = (cost for cost in facts.costs if cost.owner == facts.client and cost.attempts)
    return tuple(cost for cost in own if obligation in (None, cost.obligation))


def text(facts: ClientMonth, sender: str, obligation: str | None = None) -> str:
    """The proof in Dutch, as plain text."""
    lines = [
        "BETAALBEWIJS",
        "============",
        _fact("Betaald door", sender),
        _fact("Namens", facts.name),
        _fact("Maand", month_in_words(facts.month)),
    ]
    found = proven(facts, obligation)
    if facts.run_id is None and not found:
        lines += ["", "Voor deze maand zijn nog geen betalingen gemaakt."]
    elif not found:
        lines += ["", "In deze maand is niets betaald."]
    for cost in found:
        lines += ["", *_cost(cost)]
    return "\n".join(lines) + "\n"


def _cost(cost: Cost) -> Iterator[str]:
    title = f"{COST_NAMES[Category(cost.category)]} over {month_in_words(cost.covers)}"
    yield f"{title}, vaste last {cost.obligation}, betaalmaand {month_in_words(cost.benefit_month)}"
    for number, attempt in enumerate(cost.attempts, start=1):
        yield f"{number}e betaling" + ("" if number == len(cost.attempts) else " (vervangen door een volgende)")
        for label, value in _attempt(attempt):
            yield "  " + _fact(label, value)


def _attempt(attempt: PaymentAttempt) -> Iterator[tuple[str, str]]:
    yield "Aan", attempt.creditor_name
    yield "Rekening", grouped(attempt.creditor_iban)
    yield "Van rekening", grouped(attempt.debtor_iban)
    yield "Bedrag", euros(attempt.amount_cents)
    yield "Omschrijving", attempt.remittance
    yield "EndToEndId", attempt.end_to_end_id
    yield "Stand", PAYMENT_STATES[attempt.state]
    yield "Uitvoeringsdatum", day_in_words(attempt.execution_date)
    yield "Betaalbestand", attempt.file_id
    yield "SHA-256 van bestand", attempt.sha256
    if attempt.released_at is None:
        yield "Aangeboden aan de bank", "nog niet"
    else:
        yield "Aangeboden aan de bank", day_in_words(attempt.released_at.astimezone(AMSTERDAM).date())
    if attempt.rejected_on is not None:
        yield "Geweigerd door de bank", day_in_words(attempt.rejected_on)
    for line in attempt.lines:
        yield from _bank_line(line)
    if 0 < attempt.came_back_cents < attempt.amount_cents:
        yield "Teruggekomen", f"{euros(attempt.came_back_cents)} van {euros(attempt.amount_cents)}"
    reason = _reason(attempt)
    if reason is not None or attempt.came_back_cents or attempt.state in CAME_BACK:
        yield "Reden", f"{reason or 'geen code'}: {reason_group(reason).value}"


def _bank_line(line: BankLine) -> Iterator[tuple[str, str]]:
    yield BANK_LINES[line.kind], day_in_words(line.booked_on)
    yield "  Afschrift", f"{line.bank_statement_id} ({line.statement})"
    shown = "samen met andere betalingen" if line.amount_cents is None else euros(line.amount_cents)
    yield "  Regel", f"{line.line}, {shown}"


def _reason(attempt: PaymentAttempt) -> str | None:
    """The bank's code for why a payment was refused or came back."""
    said = (line.reason for line in attempt.lines if line.kind != SettlementKind.BOOKED and line.reason)
    return attempt.rejected_reason or next(said, None)


def _cost_json(cost: Cost) -> dict[str, Any]:
    names = ("obligation", "category", "covers", "creditor", "creditor_name", "amount_cents", "benefit_month")
    attempts = [_attempt_json(number, attempt) for number, attempt in enumerate(cost.attempts, start=1)]
    return {name: getattr(cost, name) for name in names} | {"attempts": attempts}


def _attempt_json(number: int, attempt: PaymentAttempt) -> dict[str, Any]:
    names = (
        "end_to_end_id",
        "creditor_name",
        "creditor_iban",
        "amount_cents",
        "remittance",
        "file_id",
        "sha256",
        "debtor_iban",
        "state",
    )
    reason = _reason(attempt)
    came_back = reason is not None or attempt.came_back_cents > 0 or attempt.state in CAME_BACK
    return {
        "attempt": number,
        **{name: getattr(attempt, name) for name in names},
        "execution_date": attempt.execution_date.isoformat(),
        "released_on": attempt.released_at and attempt.released_at.astimezone(AMSTERDAM).date().isoformat(),
        "rejected_on": attempt.rejected_on and attempt.rejected_on.isoformat(),
        "came_back_cents": attempt.came_back_cents,
        "reason": reason,
        "reason_text": reason_group(reason).value if came_back else None,
        "bank_lines": [asdict(line) | {"booked_on": line.booked_on.isoformat()} for line in attempt.lines],
    }
