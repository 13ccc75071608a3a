"""What of a register file depends on the books and the settings: limits, own accounts, numbers that do not fit."""

from collections import defaultdict
from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from flows.office import Office
from ledgers.registers.register import creditors_in_force, obligations_in_force
from payments.money import about_hundredfold, format_amount
from payments.month import month_of
from payments.parties import Client, Obligation
from payments.references import ReferenceType
from payments.remittance import reference_problem

_NAMED = 10


def too_much(
    office: Office, clients: Mapping[str, Client], known: Mapping[str, Obligation]
) -> Callable[[str, str, int], str | None]:
    """Say of an amount that it is above the highest payment of the client's gemeente; a moved comma says so itself."""
    limits = {code: gemeente.max_payment_cents for code, gemeente in office.settings.gemeenten.items()}

    def problem(obligation: str, client: str, cents: int) -> str | None:
        limit = limits.get(clients[client].gemeente)
        before = known.get(obligation)
        if limit is None or cents <= limit or (before is not None and about_hundredfold(cents, before.amount_cents)):
            return None
        return f"is above EUR {format_amount(limit)}, the highest payment of the gemeente (max_payment in the settings)"

    return problem


def misfits(books: Connection, office: Office) -> Callable[[str, ReferenceType], str | None]:
    """Say of a creditor whose kind of reference changes which obligations that run have a number of another form."""
    known, now = creditors_in_force(books), month_of(office.today)
    owed: dict[str, list[Obligation]] = defaultdict(list)
    for obligation in obligations_in_force(books).values():
        if obligation.last_covered is None or obligation.last_covered >= now:
            owed[obligation.creditor].append(obligation)

    def problem(creditor: str, kind: ReferenceType) -> str | None:
        if creditor not in known or known[creditor].reference_type is kind:
            return None
        wrong = sorted(o.obligation for o in owed[creditor] if reference_problem(kind, o.category, o.reference))
        if not wrong:
            return None
        more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        return (
            f"does not fit the kenmerk of {', '.join(wrong[:_NAMED])}{more}: import those obligations with their new "
            "number first (while this creditor is vrij it is accepted), then this"
        )

    return problem
