"""Acts on what the bank said and nothing explains: settle it, or give back what will not be paid any more."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from flows.actions.act import act, refuse_bsn, transaction
from flows.office import Office
from ledgers.bank import four_eyes, not_booked, open_items, reserved_money, resolutions
from ledgers.bank.resolution_model import AsWhat, Named, Wish
from ledgers.checks import self_check
from ledgers.registers.staff import Role, require
from payments.month import Month


@dataclass(frozen=True, slots=True)
class ExceptionSettled:
    """How an exception was settled, with the others of the same match; `already` when it was settled so before."""

    exception_id: str
    together: tuple[str, ...]
    as_what: AsWhat
    already: bool


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What was reserved for one covered month of a fixed cost, and the share of each client who gets it back."""

    obligation: str
    covers: Month
    shares: tuple[tuple[str, int], ...]  # (client, cents)
    already: bool


def resolve(
    office: Office,
    exception_id: str,
    as_what: AsWhat,
    why: str,
    *,
    payments: Sequence[Named] = (),
    clients: Sequence[Named] = (),
    together: Sequence[str] = (),
) -> ExceptionSettled:
    """Settle an exception with its booking, by finance or its owner; what was parked, once more.

    Above the gemeente's limit it is somebody else than who read the bank's file that decides where its money goes.
    """
    others = tuple(together)
    wish = Wish(exception_id, as_what, why, tuple(payments), tuple(clients), office.actor, office.now, others)
    with transaction(office) as books:
        of_file = _of_file(books, office, wish)
        if of_file is None:
            not_booked.store_if_late(books, exception_id, office.today)
        for name in (exception_id, *others) if of_file is None else of_file:
            item = open_items.find_item(books, name)
            require(books, office.actor, Role.FINANCE, Role(item.owner))
            limit = office.settings.gemeenten[item.gemeente].resolve_limit_cents
            four_eyes.refuse_own_reading(books, name, as_what, limit, office.actor)
        refuse_bsn(books, {"why": why})
        new = resolutions.resolve(books, wish) if of_file is None else resolutions.resolve_file(books, wish, of_file)
        self_check.require_sound(books)
    return ExceptionSettled(exception_id, others if of_file is None else of_file, as_what, already=not new)


def _of_file(books: Connection, office: Office, wish: Wish) -> tuple[str, ...] | None:
    """The open exceptions of the payments of a file, where the name of a file was given instead of an exception."""
    if open_items.exists(books, wish.exception_id):
        return None
    if wish.as_what is AsWhat.NOT_PAID:
        for late in not_booked.late(books, office.today):
            not_booked.store_if_late(books, late.exception_id, office.today)
    return resolutions.open_of_file(books, wish)


def give_back(office: Office, obligation: str, covers: Month, why: str) -> GivenBack:
    """Give what is reserved for a cost back to who contributed it; until it is told, a run may set it apart again."""
    with act(office, Role.FINANCE, said={"why": why}) as books:
        new = reserved_money.give_back(books, obligation, covers, why, office.actor, office.now)
        shares = reserved_money.contributions_to_newest(books, obligation, covers)
        self_check.require_sound(books)
    return GivenBack(obligation, covers, tuple(shares), already=not new)
