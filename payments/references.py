"""Numbers that carry their own check: IBAN, betalingskenmerk, ISO 11649 reference, and the BSN that must not appear."""

import re
import unicodedata
import warnings
from enum import StrEnum
from functools import lru_cache


class ReferenceType(StrEnum):
    """How a creditor wants to be told what a payment is for (`kenmerk_soort`)."""

    FREE = "vrij"
    BETALINGSKENMERK = "betalingskenmerk"
    RF = "rf"


_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}")
_RF = re.compile(r"RF[0-9]{2}[A-Z0-9]{1,21}")
_KENMERK_DIGITS = re.compile(r"[0-9]{7}|[0-9]{9,14}|[0-9]{16}")
_KENMERK_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)
_NINE_DIGITS = re.compile(r"(?<!\d)\d{9}(?!\d)")
# As people write a BSN (111222333, 111.222.333, 1112.22.333), also in the middle of other groups of digits.
_GROUPED = re.compile(r"(?<!\d)(?=(\d{3}([ ./_-]?)\d{3}\2\d{3}(?!\d)|\d{4}([ ./_-])\d{2}\3\d{3}(?!\d)))")
BSN_WRITTEN = (
    "contains a BSN, which does not belong there: leave it out. If it is another number that only looks like one, "
    "write it in two parts, as in 1234567-82."
)
"""What follows the name of a place in which somebody wrote a BSN."""
_BSN_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_IN_SEPA_SINCE_2025 = frozenset({"AL", "MD", "ME", "MK", "RS"})  # younger than schwifty's list
NEEDS_ADDRESS = frozenset({"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})
"""Countries of SEPA outside the EEA: a payment there names the payee's town and country."""
_IBAN_PROBLEMS = {
    "InvalidCountryCode": "is an IBAN of a country that the IBAN register does not have",
    "InvalidLength": "is an IBAN with too few or too many characters for its country",
    "InvalidChecksumDigits": "is an IBAN whose check digits are wrong: compare it with the original",
}
_IBAN_STRUCTURE = "is an IBAN whose account part does not fit its country: compare it with the original"


@lru_cache(maxsize=200_000)
def iban_problem(iban: str) -> str | None:
    """What is wrong with an IBAN (check digits, structure, country) without quoting it; None if nothing."""
    if not _IBAN.fullmatch(iban):
        return "is not an IBAN in electronic form: capitals and digits without spaces"
    from schwifty import IBAN  # its registry of all banks is slow to load
    from schwifty.exceptions import NationalChecksumNotVerified, SchwiftyException

    try:
        with warnings.catch_warnings():
            # Some countries have a national check digit of which nobody published the rule: the IBAN's own is enough.
            warnings.simplefilter("ignore", NationalChecksumNotVerified)
            known = IBAN(iban, validate_bban=True)
    except SchwiftyException as wrong:
        return _IBAN_PROBLEMS.get(type(wrong).__name__, _IBAN_STRUCTURE)
    if not known.in_sepa_zone and known.country_code not in _IN_SEPA_SINCE_2025:
        return "is an IBAN of a country outside SEPA, which a SEPA payment cannot reach"
    return None


def betalingskenmerk_problem(kenmerk: str) -> str | None:
    """What is wrong with a Dutch betalingskenmerk (7, 9 to 14, or 16 digits); None if nothing."""
    if not _KENMERK_DIGITS.fullmatch(kenmerk):
        return "is not a betalingskenmerk: that has 7, 9 to 14, or 16 digits and nothing else"
    if len(kenmerk) == 7:
        return None  # the short form has no check digit
    if len(kenmerk) < 16 and int(kenmerk[1]) != (len(kenmerk) - 2) % 10:
        return "is a betalingskenmerk whose second digit, the length, is wrong: compare it with the original"
    if int(kenmerk[0]) != _kenmerk_check_digit(kenmerk[1:]):
        return "is a betalingskenmerk whose first digit, the check, is wrong: compare it with the original"
    return None


def _kenmerk_check_digit(rest: str) -> int:
    weighted = sum(
        int(digit) * _KENMERK_WEIGHTS[place % len(_KENMERK_WEIGHTS)] for place, digit in enumerate(reversed(rest))
    )
    check = 11 - weighted % 11
    return {10: 1, 11: 0}.get(check, check)


def rf_problem(reference: str) -> str | None:
    """What is wrong with an ISO 11649 creditor reference (`RF18539007547034`); None if nothing."""
    # stdnum forgives spaces, points and small letters; the bank does not.
    if not _RF.fullmatch(reference):
        return "is not an ISO 11649 reference: RF, two check digits, 1 to 21 capitals and digits without spaces"
    from stdnum import iso11649

    if not iso11649.is_valid(reference):
        return "is an ISO 11649 reference whose check digits are wrong: compare it with the original"
    return None


def contains_bsn(text: str) -> bool:
    """Whether a run of exactly nine digits in a text passes the BSN's eleven-test."""
    return any(_is_bsn(run) for run in _NINE_DIGITS.findall(text))


def plain_text(text: str) -> str:
    """A text as a reader sees it: wide signs as plain ones, and nothing invisible between them."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")


def written_bsns(text: str) -> set[str]:
    """Every nine digits in a text that pass the eleven-test, as people write a BSN: in groups, or in wide digits."""
    runs = (re.sub(r"\D", "", found[0]) for found in _GROUPED.findall(plain_text(text)))
    return {digits for digits in runs if _is_bsn(digits)}


def _is_bsn(digits: str) -> bool:
    weighted = sum(weight * int(digit) for weight, digit in zip(_BSN_WEIGHTS, digits, strict=True))
    return int(digits) > 0 and weighted % 11 == 0
