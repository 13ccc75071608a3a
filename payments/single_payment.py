"""What one payment must satisfy by itself: known before a file is made, so that one wrong line stops no other."""

from collections.abc import Container

from payments.charset import to_sepa
from payments.parties import Creditor, Obligation
from payments.references import NEEDS_ADDRESS, contains_bsn, iban_problem
from payments.remittance import reference_problem

NAME_LENGTH = 70  # of a party in a SEPA message


def name_problem(name: str) -> str | None:
    """Why a SEPA message cannot carry this name; None if it can."""
    if len(name) > NAME_LENGTH:
        return f"is longer than {NAME_LENGTH} characters"
    try:
        written = to_sepa(name)
    except ValueError as why:
        return str(why)
    if len(written) > NAME_LENGTH:
        return f"is longer than {NAME_LENGTH} characters when it is written in the SEPA character set"
    if not written.strip():
        return "has no letter or digit"
    return "has nine digits that can be a BSN: leave them out" if contains_bsn(written) else None


def account_problem(iban: str, own_ibans: Container[str]) -> str | None:
    """Why no payment may go to this account; None if one may."""
    if problem := iban_problem(iban):
        return problem
    if iban in own_ibans:
        return "is an account of a gemeente itself, from which is paid: give the account of the creditor"
    if iban[:2] in NEEDS_ADDRESS:
        return "is an account in a country to which banks pay with an address only, which this register does not have"
    return None


def payment_problem(obligation: Obligation, creditor: Creditor, payer: str, own_ibans: Container[str]) -> str | None:
    """Why a bank or our own rules would refuse a payment of this obligation, whatever its amount."""
    problems = (
        reference_problem(creditor.reference_type, obligation.category, obligation.reference),
        name_problem(creditor.name),
        name_problem(payer),
        account_problem(creditor.iban, own_ibans),
    )
    return next((problem for problem in problems if problem), None)
