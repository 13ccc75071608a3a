"""The review of a gemeente's clients: the worklist kept for the record, and the letters that are due, each once.

Which letters are due, and what they tell, is decided here as facts; words and files are made of them elsewhere.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from config.checklist import load_checklists
from flows.actions.act import act
from flows.actions.every_gemeente import every_gemeente
from flows.actions.rules import rules_of
from flows.actions.stale_files import stale_in_files
from flows.office import Office
from ledgers.bank import payee_checks
from ledgers.bank.reserved_money import ReservedItem
from ledgers.bank.stranded_money import stranded_items
from ledgers.cases import reviews
from ledgers.database import reading
from ledgers.registers.register import creditors_in_force
from ledgers.registers.staff import Role, require
from payments.dossier.letter_facts import facts_sha256
from payments.dossier.letters_due import Contact, LetterDue, Occasion, letter_due, occasions
from payments.dossier.worklist import worklist
from payments.dossier.worklist_items import Cause, Look, Measures, Outdated, WorklistItem
from payments.money import format_amount
from payments.month import first_day, month_of
from payments.plan.stale_payments import StalePayment

LETTERS = (Role.CASE_DIRECTOR, Role.CONSULTANT, Role.ADMINISTRATION)
REVIEWS = (*LETTERS, Role.FINANCE)  # finance for the scheduled one: `systeem` may do what finance may


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a review found and had to tell, in counts; `already` when that day's list and letters were there before."""

    gemeente: str
    day: date
    items: Mapping[str, int]
    notices: Mapping[str, int]
    already: bool


@dataclass(frozen=True, slots=True)
class LetterMade:
    """A letter that a review made, as the books would tell it now; no letter where it does not hold any more."""

    occasion: Occasion
    letter: LetterDue | None
    changed: bool  # it tells other facts than when it was made


def current_worklist(office: Office, gemeente: str | None = None) -> list[WorklistItem]:
    """Who needs attention today, in one gemeente or in all of the settings."""
    rules = rules_of(office)
    with reading(office.engine) as connection:
        every_gemeente(office, connection)
        files = reviews.read_files(connection, rules, gemeente, month_of(office.today))
        waiting = _waiting(connection, office, gemeente)
    return _worklist(office, [reviews.look(files, client, rules, office.today) for client in files.cases], waiting)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What of the month waits for somebody: payments that would be others today, and money that no run pays."""

    stale: tuple[StalePayment, ...]
    stranded: tuple[ReservedItem, ...]
    payees: tuple[payee_checks.OpenDoubt, ...] = ()


def _waiting(connection: Connection, office: Office, gemeente: str | None) -> _Waiting:
    found = stale_in_files(connection, office, gemeente)
    codes = office.settings.gemeenten if gemeente is None else (gemeente,)
    stranded = (item for code in codes for item in stranded_items(connection, code, office.today))
    return _Waiting(
        tuple(payment for file_id in sorted(found) for payment in found[file_id]),
        tuple(stranded),
        tuple(payee_checks.open_doubts(connection, gemeente)),
    )


def _worklist(office: Office, looks: list[Look], waiting: _Waiting) -> list[WorklistItem]:
    today, parameters = office.today, office.parameters
    months = parameters.number("reassessment_months", today), parameters.numbers("aftercare_months", today)
    measures = Measures(_warn_weeks(office), *months)
    values = [Outdated(v.name, v.basis, v.review_by) for v in parameters.outdated(today)]
    lists = [Outdated(f"checklist {c.version}", c.basis, c.review_by) for c in load_checklists().outdated(today)]
    stranded = [
        WorklistItem(
            item.client,
            Cause.STRANDED,
            first_day(item.covers),
            {"obligation": item.obligation, "expected": item.covers, "amount": format_amount(item.amount_cents)},
        )
        for item in waiting.stranded
    ]
    payees = [
        WorklistItem(
            "",
            Cause.PAYEE_NAME,
            doubt.since,
            {"creditor": doubt.creditor, "said": doubt.reason, "exception": doubt.exception_id},
        )
        for doubt in waiting.payees
    ]
    return worklist(looks, measures, [*values, *lists], today, waiting.stale, [*stranded, *payees])


def _warn_weeks(office: Office) -> tuple[int, ...]:
    return office.parameters.numbers("warn_weeks", office.today)


def review(office: Office, gemeente: str) -> Reviewed:
    """Keep the worklist of a gemeente and make the letters that are due; again on the same day: nothing new."""
    rules = rules_of(office)
    with act(office, *REVIEWS) as connection:
        files = reviews.read_files(connection, rules, gemeente, month_of(office.today))
        looks = [reviews.look(files, client, rules, office.today) for client in files.cases]
        items = _worklist(office, looks, _waiting(connection, office, gemeente))
        new = reviews.store_review(connection, gemeente, office.today, items, office.actor, office.now)
        made = _new_letters(connection, office, looks)
        count = reviews.store_notices(connection, gemeente, made.items(), office.actor, office.now)
    kinds, told = _counted(item.kind for item in items), _counted(occasion.kind for occasion in made)
    return Reviewed(gemeente, office.today, kinds, told, already=not new and not count)


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(str(kind) for kind in kinds).items()))


def _new_letters(connection: Connection, office: Office, looks: list[Look]) -> dict[Occasion, str]:
    """The hash of the facts of every occasion that nobody was told of yet."""
    known = reviews.notices_made(connection)
    creditors = creditors_in_force(connection)
    made = {}
    for look in looks:
        for occasion in occasions(look, _warn_weeks(office), office.today):
            if occasion not in known:
                letter = letter_due(occasion, look, creditors, *_writer(office, look, office.today))
                assert letter is not None, "an occasion of today holds today"
                made[occasion] = facts_sha256(letter)
    return made


def _writer(office: Office, look: Look, day: date) -> tuple[str, date, Contact]:
    """Who writes, when, and whom a reader can ask."""
    gemeente = office.settings.gemeenten[look.case.client.gemeente]
    return gemeente.name, day, Contact(gemeente.contact_name, gemeente.contact_phone, gemeente.contact_mail)


def letters_made(office: Office) -> list[LetterMade]:
    """Every letter that reviews made, dated as they made it, filled from what the books know now."""
    rules = rules_of(office)
    with reading(office.engine) as connection:
        require(connection, office.actor, *LETTERS)
        notices = reviews.notices_made(connection)
        files = reviews.read_files(connection, rules, month=month_of(office.today))
        creditors = creditors_in_force(connection)
    made = []
    for occasion, notice in notices.items():
        letter = None
        if occasion.client in files.cases:
            look = reviews.look(files, occasion.client, rules, notice.made_on)
            letter = letter_due(occasion, look, creditors, *_writer(office, look, notice.made_on))
        changed = letter is not None and facts_sha256(letter) != notice.facts_sha256
        made.append(LetterMade(occasion, letter, changed))
    return made
