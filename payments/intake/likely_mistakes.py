"""Slips of a tired hand that every single value allows: a column copied down, a comma moved, the wrong year."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from payments.money import about_hundredfold, format_amount
from payments.month import Month, index
from payments.parties import BenefitRecord, Client, Component, Creditor, Obligation
from payments.problems import Problem

SAME_ACCOUNT = 3  # two codes of one landlord are ordinary
YEAR = 12


def copied_accounts(records: Iterable[Creditor], file: str) -> Iterator[Problem]:
    """One account number under several names."""
    ordered = sorted(records, key=lambda record: record.iban)
    for _, group in groupby(ordered, key=lambda record: record.iban):
        same = list(group)
        if len({record.name for record in same}) >= SAME_ACCOUNT:
            codes = ", ".join(sorted(record.creditor for record in same)[:10])
            what = (
                f"is the same account for {codes}, which have different names: was one cell copied down? Correct the "
                "column; if they truly share it, give them in files of their own"
            )
            yield Problem(file, None, "iban", None, what)


def household_doubts(records: Iterable[Client], known: Mapping[str, Client]) -> Iterator[str]:
    """Household codes that differ in capitals or spaces alone, or that stand in two gemeenten: one family or two?"""
    new = {record.client: record for record in records}
    spelled: dict[str, set[tuple[str, str]]] = {}
    for client in {**known, **new}.values():
        spelled.setdefault(client.household.casefold().strip(), set()).add((client.household, client.gemeente))
    for code in sorted({client.household.casefold().strip() for client in new.values()}):
        codes, gemeenten = ({place[at] for place in spelled[code]} for at in (0, 1))
        if len(codes) > 1:
            named = " and ".join(sorted(codes))
            yield f"households {named} differ in their writing alone: if they are one family, give them one code"
        elif len(gemeenten) > 1:
            named = " and ".join(sorted(gemeenten))
            yield f"household {min(codes)} stands in {named}: members share money only within one gemeente"


def moved_commas(records: Iterable[Obligation], known: Mapping[str, Obligation], file: str) -> Iterator[Problem]:
    """An amount about a hundred times, or a hundredth of, what holds now."""
    for record in records:
        before = known.get(record.obligation)
        if before is None:
            continue
        new, old = record.amount_cents, before.amount_cents
        times = (
            "100 times" if about_hundredfold(new, old) else "a hundredth of" if about_hundredfold(old, new) else None
        )
        if times:
            what = (
                f"of {record.obligation} is about {times} what holds now ({format_amount(old)}): does the comma stand "
                "in the right place, or were cents taken for euros? If it is right, give it a vaste last of its own"
            )
            yield Problem(file, None, "bedrag", format_amount(new), what)


def hundredfold_benefits(
    records: Iterable[BenefitRecord],
    before: Mapping[tuple[str, Month], BenefitRecord],
    lines: Mapping[str, int],
    file: str,
) -> Iterator[Problem]:
    """A benefit about a hundred times, or a hundredth of, the last regular one `before` its month.

    What comes beside the regular benefit may be small: of that only the hundredfold is a slip.
    """
    for record in records:
        last = before.get((record.client, record.month))
        if last is None or not last.amount_cents:
            continue
        new, old = record.amount_cents, last.amount_cents
        small = record.component is Component.REGULAR and about_hundredfold(old, new)
        times = "100 times" if about_hundredfold(new, old) else "a hundredth of" if small else None
        if times:
            what = (
                f"for {record.client} is about {times} the regular benefit of {last.month} ({format_amount(old)}): "
                "does the comma stand in the right place, or were cents taken for euros? If it is meant: "
                f"--accept {record.client}"
            )
            yield Problem(file, lines.get(record.reference), "bedrag", format_amount(new), what)


def wrong_years(records: Iterable[BenefitRecord], now: Month, file: str) -> Iterator[Problem]:
    """A regular benefit of a year or more away from today."""
    far = [r for r in records if r.component is Component.REGULAR and abs(index(r.month) - index(now)) >= YEAR]
    for month in sorted({record.month for record in far}):
        lines = [record.reference for record in far if record.month == month]
        what = (
            f"is a year or more away from now ({now}): is the year right? It stands in {len(lines)} regular line(s), "
            f"first {lines[0]}"
        )
        yield Problem(file, None, "maand", month, what)
