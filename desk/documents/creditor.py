"""One creditor as finance looks at it: what the register says, which account who confirmed, what the bank found."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ledgers.views.creditor_facts import CreditorFacts


def document(facts: CreditorFacts) -> dict[str, Any]:
    """The creditor in the shape of `creditor show --json`."""
    return {
        "creditor": facts.creditor,
        "versions": [asdict(version) for version in facts.versions],
        "accounts": [asdict(account) for account in facts.accounts],
        "verifications": [asdict(result) | {"told_on": result.told_on.isoformat()} for result in facts.results],
    }


def text(shown: Mapping[str, Any]) -> str:
    """The same as plain Dutch text."""
    lines = [f"Schuldeiser {shown['creditor']}"]
    for item in shown["versions"]:
        since = f"vanaf uitkeringsmaand {item['from_month']}" if item["from_month"] else "voor elke maand"
        lines.append(f"  {item['sequence']}. {item['name']}, {item['iban']}, {item['category']}, {since}")
    lines.append("Rekeningen")
    for item in shown["accounts"]:
        by = f"ingevoerd door {item['entered_by']} op {item['entered_at'][:10]}"
        confirmed = f"bevestigd door {item['confirmed_by']} op {(item['confirmed_at'] or '')[:10]}: {item['how']}"
        lines.append(f"  {item['iban']}: {by}; {confirmed if item['confirmed_by'] else 'niet bevestigd'}")
    lines.append("Controle van naam en rekening door de bank")
    told = [
        f"  {item['told_on']}  {item['iban']}: {item['result']}, {item['meaning']} ({item['payment']})"
        for item in shown["verifications"]
    ]
    return "\n".join([*lines, *(told or ["  nog geen uitkomst"])])
