"""Letters about who pays from when: to clients in Dutch of level A2, to creditors in office Dutch.

A letter never holds a BSN or klantnummer. A creditor reads the name and the contract reference of its own customer,
and nothing about why somebody else used to pay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap

from desk.words.formats import day_in_words, month_in_words
from desk.words.labels import COST_NAMES
from payments.dossier.case import Method
from payments.money import format_amount
from payments.month import Month, add_months
from payments.parties import Category

_WIDTH = 90


@dataclass(frozen=True, slots=True)
class Heading:
    """Who writes to whom, and on which day."""

    sender: str
    addressee: str
    day: date


@dataclass(frozen=True, slots=True)
class OwnBill:
    """A bill that the client pays alone from a covered month on."""

    category: Category
    creditor: str
    amount_cents: int
    first_own: Month


@dataclass(frozen=True, slots=True)
class Customer:
    """How a creditor knows the client."""

    name: str
    reference: str


def ground_ends(heading: Heading, last_day: date, bills: Sequence[OwnBill]) -> str:
    """To a client: our payments stop after `last_day`, because nobody has decided that they go on."""
    return _to_client(
        heading,
        "Wij stoppen met betalen",
        [
            "Wij betalen nu rekeningen voor u.",
            f"Dat doen wij tot en met {day_in_words(last_day)}.",
            "Daarna mogen wij niet meer voor u betalen.",
        ],
        _pay_yourself(bills),
        [
            "Wat moet u doen?",
            "- Regel nu dat u deze rekeningen zelf kunt betalen.",
            "- Kijk of er genoeg geld op uw rekening staat.",
            "- Wilt u dat wij langer voor u betalen? Bel ons snel.",
        ],
    )


def hand_over(heading: Heading, bill: OwnBill, reference: str, method: Method) -> str:
    """To a client: this one bill is theirs from its first own month on, and how to set that up."""
    if method is Method.DIRECT_DEBIT:
        steps = [
            "- Bel of mail het bedrijf.",
            "- Zeg dat u met automatische incasso wilt betalen.",
            "- Het bedrijf haalt het geld dan elke maand zelf van uw rekening.",
            "- Zorg dat er genoeg geld op uw rekening staat.",
        ]
    else:
        steps = [
            "- Maak in uw bank-app een betaling die elke maand terugkomt.",
            "- Kijk op de rekening welk rekeningnummer u nodig heeft.",
            f"- Zet bij de betaling dit nummer: {reference}.",
            "- Kijk op de rekening op welke dag u moet betalen.",
        ]
    cost = COST_NAMES[bill.category].lower()
    return _to_client(
        heading,
        f"U betaalt zelf: {cost}",
        [
            "U gaat deze rekening zelf betalen.",
            f"De eerste maand die u zelf betaalt, is {month_in_words(bill.first_own)}.",
            f"Wij betalen nog tot en met {month_in_words(add_months(bill.first_own, -1))}.",
        ],
        [
            f"Wat:     {cost}",
            f"Aan:     {bill.creditor}",
            f"Kenmerk: {reference}",
            f"Bedrag:  € {format_amount(bill.amount_cents)}",
            f"Manier:  {'automatische incasso' if method is Method.DIRECT_DEBIT else 'zelf overmaken'}",
        ],
        ["Wat moet u nu doen?", *steps],
        [
            "Let op: betaal niet dubbel.",
            "- Kijk of er al een automatische betaling is voor deze rekening.",
            "- Er mag maar één betaling per maand zijn.",
            "- Ziet u er twee? Bel ons meteen.",
        ],
    )


def service_ends(heading: Heading, last_day: date, bills: Sequence[OwnBill]) -> str:
    """To a client: it is confirmed that our help with paying ends."""
    return _to_client(
        heading,
        "Onze hulp met betalen stopt",
        [
            "Wij hebben een tijd rekeningen voor u betaald.",
            f"Deze hulp stopt op {day_in_words(last_day)}.",
            "De gemeente heeft dit besloten.",
        ],
        _pay_yourself(bills),
        [
            "Wat moet u doen?",
            "- Betaal elke maand uw rekeningen op tijd.",
            "- Bewaar deze brief goed.",
            "- Lukt betalen niet? Bel ons dan snel. Wij helpen u.",
        ],
    )


def payer_changes(heading: Heading, customer: Customer, first_month: Month, *, by_customer: bool) -> str:
    """To a creditor: from a covered month on its customer, or another payer, pays the instalments."""
    payer = "uw klant deze zelf" if by_customer else "een andere partij deze"
    whom = "uw klant" if by_customer else "uw klant of de nieuwe betaler"
    change = (
        f"Tot en met de termijn over {month_in_words(add_months(first_month, -1))} betalen wij de termijnen van uw "
        f"klant {customer.name}, bij u bekend onder kenmerk {customer.reference}. Vanaf de termijn over "
        f"{month_in_words(first_month)} betaalt {payer}."
    )
    request = (
        f"Wij verzoeken u de betaalwijze vanaf die termijn met {whom} af te spreken en ons voor latere termijnen geen "
        "rekening meer te sturen. De overeenkomst met uw klant verandert hierdoor niet."
    )
    paragraphs = [
        wrap(f"Betreft: wijziging van betaler, {customer.name}, kenmerk {customer.reference}", _WIDTH),
        ["Geachte heer, mevrouw,"],
        wrap(change, _WIDTH),
        wrap(request, _WIDTH),
        wrap(
            "Is er over een eerdere termijn nog iets niet ontvangen, laat het ons dan binnen twee weken weten.", _WIDTH
        ),
        ["Met vriendelijke groet,", "", heading.sender],
    ]
    return _letter(heading, paragraphs)


def _pay_yourself(bills: Sequence[OwnBill]) -> list[str]:
    if not bills:
        return ["Wij betalen nu geen rekeningen meer voor u."]
    lines = ["Deze rekeningen betaalt u daarna zelf:"]
    for bill in sorted(bills, key=lambda b: (b.first_own, b.category, b.creditor)):
        lines += [
            f"- {COST_NAMES[bill.category]} aan {bill.creditor}",
            f"  € {format_amount(bill.amount_cents)}, vanaf {month_in_words(bill.first_own)}",
        ]
    return lines


def _to_client(heading: Heading, subject: str, *paragraphs: Sequence[str]) -> str:
    ending = [
        ["Heeft u vragen? Bel uw contactpersoon bij de gemeente."],
        ["Met vriendelijke groet,", "", heading.sender],
    ]
    return _letter(heading, [[subject], [f"Beste {heading.addressee},"], *paragraphs, *ending])


def _letter(heading: Heading, paragraphs: Sequence[Sequence[str]]) -> str:
    top = [[heading.sender], [heading.addressee], [day_in_words(heading.day)]]
    return "\n\n".join("\n".join(lines) for lines in [*top, *paragraphs]) + "\n"
