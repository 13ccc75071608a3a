"""One bill that stands twice in the register: in one household it is paid once, until a person says it is two."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from payments.month import Month
from payments.parties import Category, Obligation
from payments.plan.terms import end_of_term, start_of_term

Bill = tuple[str, str, Category, str]  # creditor, reference, category, and whose it is where it is one's own


def bill_of(obligation: Obligation) -> Bill:
    """What makes two lines the same bill; the policy of a family has one reference for several insured people."""
    whose = obligation.client if obligation.category is Category.HEALTH_INSURANCE else ""
    reference = "".join(obligation.reference.split()).casefold()
    return obligation.creditor, reference, obligation.category, whose


def doubles(household: Iterable[Obligation], accepted: AbstractSet[str]) -> Mapping[str, str]:
    """Of the lines of one household each that is a bill once more, with the code of the line that is paid."""
    bills: dict[Bill, list[Obligation]] = defaultdict(list)
    for obligation in sorted(household, key=lambda o: o.obligation):
        bills[bill_of(obligation)].append(obligation)
    found = {}
    for same in bills.values():
        paid: list[Obligation] = []
        for obligation in same:
            first = next((other for other in paid if overlap_from(other, obligation) is not None), None)
            if first is None or obligation.obligation in accepted:
                paid.append(obligation)
            else:
                found[obligation.obligation] = first.obligation
    return found


def overlap_from(one: Obligation, other: Obligation) -> Month | None:
    """The first covered month that two lines have in common; None where they have none."""
    first = max(one.first_covered, other.first_covered)
    lasts = [last for last in (_last(one), _last(other)) if last is not None]
    return first if not lasts or first <= min(lasts) else None


def _last(obligation: Obligation) -> Month | None:
    """The last month that the last term reaches."""
    if obligation.last_covered is None:
        return None
    start = start_of_term(obligation, obligation.last_covered)
    return obligation.last_covered if start is None else end_of_term(obligation, start)
