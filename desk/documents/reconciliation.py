"""Reconciling as the finance team reads it: plain Dutch text from the documents that --json gives."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from desk.words.formats import euros
from desk.words.labels import ACCOUNTS
from ledgers.bank.open_items import OpenItem
from ledgers.checks.month_close import AccountProof, age_group
from payments.money import format_amount


def reconciled_line(answer: Mapping[str, Any]) -> str:
    """One line about one bank file."""
    if answer["already"]:
        return f"{answer['file']}: {answer['kind']}: already read; nothing changed."
    others = answer["other_accounts"]
    left_out = f", {others} van een andere rekening overgeslagen" if others else ""
    return (
        f"{answer['file']}: {answer['kind']}: {answer['booked']} uitgevoerd, {answer['returned']} teruggeboekt, "
        f"{answer['rejected']} geweigerd, {answer['exceptions']} uit te zoeken{left_out}"
    )


def exception_document(item: OpenItem, today: date) -> dict[str, Any]:
    """One exception in the shape of `exceptions --json`."""
    age = item.age_days(today)
    return {
        "id": item.exception_id,
        "kind": item.kind,
        "client": item.client,
        "payment": item.payment_id,
        "amount_cents": item.amount_cents,
        "reason": item.reason,
        "since": item.since.isoformat(),
        "age_days": age,
        "age_group": age_group(age),
        "owner": item.owner,
        "state": item.state,
        "gemeente": item.gemeente,
        "month": item.month,
        "direction": item.direction,
        "line": item.line_id,
        "candidates": list(item.candidates),
        "as_what": item.as_what,
        "why": item.why,
        "resolved_by": item.resolved_by,
    }


def exceptions_text(items: Sequence[Mapping[str, Any]]) -> str:
    """The open items as a list, oldest first."""
    if not items:
        return "Er is niets uit te zoeken."
    lines = []
    for item in items:
        whose = f" klant {item['client']}" if item["client"] else ""
        lines.append(
            f"{item['id']}  {item['kind']}  {euros(item['amount_cents'])}{whose}  "
            f"{item['age_days']} dagen  {item['owner']}: {item['reason']}"
        )
        if item["candidates"]:
            lines.append(f"    kan horen bij: {', '.join(item['candidates'][:5])}")
        if item["as_what"]:
            lines.append(f"    afgehandeld als {item['as_what']} door {item['resolved_by']}: {item['why']}")
    return "\n".join(lines)


def late_lines(items: Sequence[OpenItem]) -> list[str]:
    """Payments that the bank should have booked by now, and the way out where it says nothing."""
    if not items:
        return []
    shown = [f"  {item.payment_id}  {euros(item.amount_cents)}  klant {item.client}" for item in items[:10]]
    more = [f"  en nog {len(items) - 10}"] if len(items) > 10 else []
    way_out = "Vraag de bank; is een betaling nooit uitgevoerd: `ontzorgen resolve X-...-not-booked --as-what not_paid`"
    return [f"Na vijf bankdagen nog niet afgeschreven: {len(items)}", *shown, *more, way_out]


def given_back_text(answer: Mapping[str, Any]) -> str:
    """Who got what back."""
    what = f"{answer['obligation']} {answer['covers']}"
    if answer["already"]:
        return f"{what} was already given back; nothing changed."
    shares = (f"klant {item['client']} {euros(item['amount_cents'])}" for item in answer["clients"])
    return f"{what} given back, to be paid with the next remainder list: {', '.join(shares)}."


def reserved_lines(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is set apart and in no payment: it waits for a confirmed IBAN, a decision, or the way back."""
    return [
        f"    {item['gemeente']} klant {item['client']}: {item['obligation']} {item['covers']}, "
        f"schuldeiser {item['creditor']}, {euros(item['amount_cents'])}"
        for item in items
    ]


def to_forward_lines(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is kept for somebody else, one by one, until it was sent on."""
    if not items:
        return []
    total = sum(item["amount_cents"] for item in items)
    shown = [
        f"    {item['gemeente']} {item['id']}: {euros(item['amount_cents'])}, {item['age_days']} dagen: {item['why']}"
        for item in items
    ]
    return [f"  nog door te sturen: {euros(total)}", *shown]


def account_lines(accounts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Every account of the chart that is not empty, of all gemeenten together."""
    totals: dict[str, int] = {}
    for item in accounts:
        totals[item["account"]] = totals.get(item["account"], 0) + item["debit_cents"]
    shown = [f"{ACCOUNTS[name]} {format_amount(cents)}" for name, cents in totals.items() if cents]
    return [f"  grootboek (debet min credit): {', '.join(shown)}"] if shown else []


def proof_document(proof: AccountProof) -> dict[str, Any]:
    """One gemeente's account as `close --json` proves it."""
    return {
        "gemeente": proof.gemeente,
        "bank_cents": proof.bank_cents,
        "books_cents": proof.books_cents,
        "in_transit_cents": proof.in_transit_cents,
        "unexplained_cents": proof.unexplained_cents,
        "to_forward_cents": sum(item.amount_cents for item in proof.to_forward),
        "accounts": dict(proof.accounts),
    }


def proof_line(proof: Mapping[str, Any]) -> str:
    """Bank and books of one gemeente beside each other."""
    bank, books = format_amount(proof["bank_cents"]), format_amount(proof["books_cents"])
    kept = proof["to_forward_cents"]
    forward = f"; nog door te sturen {format_amount(kept)}, zie `ontzorgen status`" if kept else ""
    return f"  {proof['gemeente']}: bank {bank} = boeken {books}{forward}"
