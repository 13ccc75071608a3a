"""Money is whole cents in an int; this module is the only place where text becomes cents and back."""

import re
from collections.abc import Sequence

# Digits, optional points at every third place, a comma and exactly two decimals (contracts, section 3).
_AMOUNT = re.compile(r"(?:0|[1-9]\d{0,2}(?:\.\d{3})+|[1-9]\d*),\d{2}", re.ASCII)
MAX_CENTS = 99_999_999_999  # one cent below a milliard: the ceiling of a SEPA amount (999,999,999.99)


def parse_amount(text: str) -> int:
    """Read euros in the one Dutch grammar (`1.331,43`, `650,00`) as cents; ValueError says what is wrong."""
    if not _AMOUNT.fullmatch(text):
        negative = ", and it is negative" if text.startswith("-") and _AMOUNT.fullmatch(text[1:]) else ""
        raise ValueError(f"is not an amount like 1331,43 or 1.331,43 (decimal comma, exactly two decimals){negative}")
    cents = int(text.replace(".", "").replace(",", ""))
    if cents > MAX_CENTS:
        raise ValueError("is above 999.999.999,99, the highest amount that a SEPA payment can have")
    return cents


def format_amount(cents: int) -> str:
    """Write cents as a Dutch reader expects them: 133143 becomes `1.331,43`."""
    sign = "-" if cents < 0 else ""
    euros, rest = divmod(abs(cents), 100)
    return f"{sign}{euros:,}".replace(",", ".") + f",{rest:02d}"


def format_plain(cents: int) -> str:
    """Write cents without thousands points, as our input files have them: 133143 becomes `1331,43`."""
    return format_amount(cents).replace(".", "")


def format_iso(cents: int) -> str:
    """Write a positive amount as ISO 20022 has it: 133143 becomes `1331.43`."""
    if cents < 0:
        raise ValueError("an ISO 20022 amount has no sign")
    euros, rest = divmod(cents, 100)
    return f"{euros}.{rest:02d}"


def split_evenly(cents: int, shares: int) -> list[int]:
    """Divide cents over `shares` people; the odd cents go to the first ones, so the sum is exact."""
    each, odd = divmod(cents, shares)
    return [each + 1] * odd + [each] * (shares - odd)


def divide(cents: int, over: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """Divide cents over people in proportion to what each has still to get; nobody gets more than that.

    The odd cents go to the first ones whose part is not whole. Divided in parts, one after the other, each over what is
    left, the last part gives everybody exactly the rest of theirs.
    """
    total = sum(left for _, left in over)
    if not 0 <= cents <= total:
        raise ValueError("more cannot be divided than is left of it")
    found = []
    odd = cents - sum(divmod(cents * left, total)[0] for _, left in over) if total else 0
    for name, left in over:
        whole, rest = divmod(cents * left, total) if total else (0, 0)
        more = 1 if odd and rest else 0
        odd -= more
        found.append((name, whole + more))
    return found


def about_hundredfold(large: int, small: int) -> bool:
    """Whether one amount is a hundred times another, give or take a tenth: cents taken for euros, or a comma moved."""
    return abs(large - 100 * small) <= 10 * small
