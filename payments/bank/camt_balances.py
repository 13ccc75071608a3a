"""Opening balance plus booked entries is the closing balance, per currency: what a statement stands or falls with."""

from collections.abc import Sequence

from payments.bank.camt_model import Balance
from payments.bank.fields import Wrong
from payments.money import format_amount

BOOKED_BALANCES = frozenset({"OPBD", "PRCD", "ITBD", "CLBD"})  # the others are availability and forecasts
LaidOut = tuple[Balance, int]  # a balance and the line it stands on


def opening_and_closing(balances: Sequence[LaidOut], unit: str) -> tuple[LaidOut | None, LaidOut | None]:
    """Choose OPBD or else PRCD, and CLBD; a page inside a statement has interim balances (ITBD) instead."""
    own = [found for found in balances if found[0].currency == unit]
    opening = _only(own, "OPBD") or _only(own, "PRCD")
    closing = _only(own, "CLBD")
    interim = [found for found in own if found[0].code == "ITBD"]
    if opening is None and interim:
        opening = interim.pop(0)
    if closing is None and interim:
        closing = interim.pop()
    return opening, closing


def _only(balances: Sequence[LaidOut], code: str) -> LaidOut | None:
    found = [laid_out for laid_out in balances if laid_out[0].code == code]
    if len({balance.signed_cents for balance, _ in found}) > 1:
        raise Wrong(found[-1][1], "Bal", code, "stands here with two different amounts")
    return found[-1] if found else None


def prove(balances: Sequence[LaidOut], booked: dict[str, int]) -> tuple[bool, list[str]]:
    """Whether every currency was proved, and what could not be; raises `Wrong` where the sum is not right."""
    relevant = {balance.currency for balance, _ in balances if balance.code in BOOKED_BALANCES}
    proved, remarks = True, []
    for unit in sorted(relevant | booked.keys()):
        opening, closing = opening_and_closing(balances, unit)
        if opening is None or closing is None:
            proved = False
            missing = " and ".join(
                word for word, found in (("opening", opening), ("closing", closing)) if found is None
            )
            remarks.append(f"has no {missing} balance in {unit}: that its entries are all there is not proved")
            continue
        due = opening[0].signed_cents + booked.get(unit, 0)
        if due != closing[0].signed_cents:
            raise Wrong(
                closing[1],
                "Bal",
                format_amount(closing[0].signed_cents),
                f"is the closing balance, but opening {format_amount(opening[0].signed_cents)} and booked entries"
                f" {format_amount(booked.get(unit, 0))} make {format_amount(due)} {unit}",
            )
        previous = _only([found for found in balances if found[0].currency == unit], "PRCD")
        if previous is not None and previous[0].signed_cents != opening[0].signed_cents:
            remarks.append(f"opens in {unit} with another amount than the previous statement closed with (PRCD)")
    return proved and bool(relevant), remarks
