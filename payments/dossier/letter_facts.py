"""The hash of what a letter tells, by which a later reading sees that the facts are no longer those."""

import json
from hashlib import sha256
from typing import Any

from payments.dossier.letters_due import BillPasses, LetterDue, NextPayer, OwnBill, PayerChanges, PaymentsStop


def facts_sha256(letter: LetterDue) -> str:
    """The hash of what a letter tells, by which a later reading sees that the facts are no longer those.

    It is over explicit JSON, so that neither a name in the code nor a word in the letter changes it. A field that is
    added one day gets a version of its own, and what was hashed before keeps its old one.
    """
    return sha256(json.dumps(_facts(letter), sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _facts(letter: LetterDue) -> dict[str, Any]:
    occasion, heading = letter.occasion, letter.heading
    return {
        "version": 1,
        "client": occasion.client,
        "obligation": occasion.obligation,
        "kind": occasion.kind.value,
        "about": occasion.about.isoformat(),
        "sender": heading.sender,
        "addressee": heading.addressee,
        "day": heading.day.isoformat(),
        "content": _content(letter.content),
    }


def _content(content: PaymentsStop | BillPasses | PayerChanges) -> dict[str, Any]:
    match content:
        case PaymentsStop(bills):
            return {"bills": [_bill_facts(bill) for bill in bills]}
        case BillPasses(bill, reference, method):
            return {"bill": _bill_facts(bill), "reference": reference, "method": method.value}
        case PayerChanges(customer, first_own, payer, resumes):
            told = {"customer": customer.name, "reference": customer.reference, "first_own": first_own}
            also = {"payer": payer.value} if payer is not NextPayer.CUSTOMER else {}
            return told | also | ({"resumes": resumes} if resumes else {})


def _bill_facts(bill: OwnBill) -> dict[str, Any]:
    return {
        "category": bill.category.value,
        "creditor": bill.creditor,
        "amount_cents": bill.amount_cents,
        "first_own": bill.first_own,
    } | ({"resumes": bill.resumes} if bill.resumes else {})
