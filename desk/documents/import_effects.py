"""What a register file changes in the next run: in cents for programs, in euros on a screen."""

from collections.abc import Iterator, Sequence
from typing import Any

from payments.money import format_amount
from payments.plan.plan_changes import PaymentEffect, RunEffect

SHOWN = 20


def document(effects: Sequence[RunEffect]) -> list[dict[str, Any]]:
    """Every payment of a next run that becomes another: what it was and what it will be."""
    return [
        {
            "client": client,
            "obligation": payment.obligation,
            "was_cents": _cents(payment)[0],
            "will_be_cents": _cents(payment)[1],
            "covers": payment.covers,
        }
        for _, client, payment in _payments(effects)
    ]


def lines(effects: Sequence[RunEffect]) -> Iterator[str]:
    """The same for people, the first of many."""
    found = [*_payments(effects)]
    if effects and not found:
        yield "Nothing changes in the next run."
    for run, client, payment in found[:SHOWN]:
        was, becomes = (format_amount(cents) for cents in _cents(payment))
        what = f"client {client}, {payment.obligation} for {payment.covers}"
        yield f"Next run {run.gemeente} {run.month}: {what}: {was} becomes {becomes}."
    if len(found) > SHOWN:
        yield f"{len(found) - SHOWN} more payments of next runs change: --json has them all."


def _payments(effects: Sequence[RunEffect]) -> Iterator[tuple[RunEffect, str, PaymentEffect]]:
    for run in effects:
        for client in run.clients:
            for payment in client.payments:
                if _cents(payment)[0] != _cents(payment)[1]:
                    yield run, client.client, payment


def _cents(payment: PaymentEffect) -> tuple[int, int]:
    was, becomes = payment.before, payment.after
    return was.amount_cents if was else 0, becomes.amount_cents if becomes else 0
