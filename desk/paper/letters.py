"""Letters about who pays from when: to clients in Dutch of level A2, to creditors in office Dutch.

A letter never holds a BSN or klantnummer. A creditor reads the name and the contract reference of its own customer,
and nothing about why somebody else used to pay.
"""

from collections.abc import Sequence
from datetime import date
from textwrap import wrap

from desk.words.formats import day_in_words, euros_with_sign, month_in_words
from desk.words.labels import COST_NAMES
from payments.dossier.case import Method
from payments.dossier.letters_due import (
    BillPasses,
    Contact,
    Customer,
    Heading,
    LetterDue,
    NextPayer,
    NoticeKind,
    OwnBill,
    PayerChanges,
    PaymentsStop,
)
from payments.month import Month, add_months

_WIDTH = 90


def letter_text(letter: LetterDue) -> str:
    """The text of a letter that is due."""
    occasion, heading = letter.occasion, letter.heading
    match letter.content:
        case PaymentsStop(bills) if occasion.kind is NoticeKind.ENDED:
            return service_ends(heading, occasion.about, bills)
        case PaymentsStop(bills) if any(bill.resumes for bill in bills):
            return payments_pause(heading, bills)
        case PaymentsStop(bills):
            return ground_ends(heading, occasion.about, bills)
        case BillPasses(bill, reference, method):
            return hand_over(heading, bill, reference, method)
        case PayerChanges(customer, first_own, _, str() as resumes):
            return payer_pauses(heading, customer, first_own, resumes)
        case PayerChanges(customer, first_own, payer):
            return payer_changes(heading, customer, first_own, payer)


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


def payments_pause(heading: Heading, bills: Sequence[OwnBill]) -> str:
    """To a client: on one payday we may not pay, and after it we do again; what is theirs in between."""
    return _to_client(
        heading,
        "Wij betalen een keer niet",
        ["Wij betalen nu rekeningen voor u.", "Een keer mogen wij dat niet.", "Daarna betalen wij weer."],
        ["Deze rekeningen betaalt u zelf:", *(line for bill in bills for line in _for_a_while(bill))],
        [
            "Wat moet u doen?",
            "- Regel nu dat u deze rekeningen zelf kunt betalen.",
            "- Kijk of er genoeg geld op uw rekening staat.",
            "- Lukt dat niet? Bel ons snel.",
        ],
    )


def _for_a_while(bill: OwnBill) -> list[str]:
    title = f"- {COST_NAMES[bill.category]} aan {bill.creditor}"
    if bill.resumes is None:
        return [title, f"  {euros_with_sign(bill.amount_cents)}, vanaf {month_in_words(bill.first_own)}"]
    last = add_months(bill.resumes, -1)
    until = "" if last == bill.first_own else f" tot en met {month_in_words(last)}"
    whole = f"  {euros_with_sign(bill.amount_cents)}, over {month_in_words(bill.first_own)}{until}"
    return [title, whole, f"  Vanaf {month_in_words(bill.resumes)} betalen wij weer."]


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
            f"Bedrag:  {euros_with_sign(bill.amount_cents)}",
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


_AFTER_US = {
    NextPayer.CUSTOMER: "betaalt uw klant deze zelf",
    NextPayer.OTHER: "betalen wij deze niet meer",
    NextPayer.NOBODY_KNOWN: "betalen wij deze niet meer",
}
_ASKED = {
    NextPayer.CUSTOMER: "de betaalwijze vanaf die termijn met uw klant af te spreken en ons voor latere termijnen geen "
    "rekening meer te sturen. De overeenkomst met uw klant verandert hierdoor niet.",
    NextPayer.OTHER: "de betaalwijze vanaf die termijn met uw klant of de nieuwe betaler af te spreken en ons voor "
    "latere termijnen geen rekening meer te sturen. De overeenkomst met uw klant verandert hierdoor niet.",
    NextPayer.NOBODY_KNOWN: "ons voor latere termijnen geen rekening meer te sturen. Heeft u over de afwikkeling een "
    "vraag, neem dan contact met ons op.",
}


def payer_changes(heading: Heading, customer: Customer, first_month: Month, payer: NextPayer) -> str:
    """To a creditor: from a covered month on we no longer pay the instalments, and with whom to agree on them."""
    change = (
        f"{_until_then(customer, first_month)} Vanaf de termijn over {month_in_words(first_month)} {_AFTER_US[payer]}."
    )
    return _to_creditor(heading, customer, change, f"Wij verzoeken u {_ASKED[payer]}")


def payer_pauses(heading: Heading, customer: Customer, first_month: Month, resumes: Month) -> str:
    """To a creditor: of these instalments its customer pays some, and we go on paying the later ones."""
    last = add_months(resumes, -1)
    between = f"De termijn over {month_in_words(first_month)} betaalt"
    if last != first_month:
        between = f"De termijnen over {month_in_words(first_month)} tot en met {month_in_words(last)} betaalt"
    change = (
        f"{_until_then(customer, first_month)} {between} uw klant zelf. Vanaf de termijn over "
        f"{month_in_words(resumes)} betalen wij weer."
    )
    request = "Wij verzoeken u de betaalwijze daarvan met uw klant af te spreken. De overeenkomst verandert niet."
    return _to_creditor(heading, customer, change, request)


def _until_then(customer: Customer, first_month: Month) -> str:
    return (
        f"Tot en met de termijn over {month_in_words(add_months(first_month, -1))} betalen wij de termijnen van uw "
        f"klant {customer.name}, bij u bekend onder kenmerk {customer.reference}."
    )


def _to_creditor(heading: Heading, customer: Customer, change: str, request: str) -> str:
    told = "Is er over een eerdere termijn nog iets niet ontvangen, laat het ons dan binnen twee weken weten."
    contact = heading.contact
    ways = [way for way in (contact.name, contact.phone, contact.mail) if way]
    paragraphs = [
        wrap(f"Betreft: wijziging van betaler, {customer.name}, kenmerk {customer.reference}", _WIDTH),
        ["Geachte heer, mevrouw,"],
        wrap(change, _WIDTH),
        wrap(request, _WIDTH),
        wrap(told, _WIDTH),
        *([wrap(f"Vragen kunt u stellen aan: {', '.join(ways)}.", _WIDTH)] if ways else []),
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
            f"  {euros_with_sign(bill.amount_cents)}, vanaf {month_in_words(bill.first_own)}",
        ]
    return lines


def _to_client(heading: Heading, subject: str, *paragraphs: Sequence[str]) -> str:
    ending = [
        _ask(heading.contact),
        ["Met vriendelijke groet,", "", heading.sender],
    ]
    return _letter(heading, [[subject], [f"Beste {heading.addressee},"], *paragraphs, *ending])


def _ask(contact: Contact) -> list[str]:
    """Whom to call or mail, in short lines."""
    if not (contact.phone or contact.mail):
        return [f"Heeft u vragen? Bel {contact.name or 'uw contactpersoon'} bij de gemeente."]
    lines = ["Heeft u vragen?", f"- Vraag naar: {contact.name}"] if contact.name else ["Heeft u vragen?"]
    lines += [f"- Bel: {contact.phone}"] if contact.phone else []
    return [*lines, f"- Mail: {contact.mail}"] if contact.mail else lines


def _letter(heading: Heading, paragraphs: Sequence[Sequence[str]]) -> str:
    top = [[heading.sender], [heading.addressee], [day_in_words(heading.day)]]
    return "\n\n".join("\n".join(lines) for lines in [*top, *paragraphs]) + "\n"
