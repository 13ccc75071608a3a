"""The review of a gemeente's clients: the worklist kept for the record, and the letters that are due, each once."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection

from config.checklist import load_checklists
from desk.paper import letters
from desk.paper.letters import Customer, Heading, OwnBill
from flows.actions.rules import rules_of
from flows.delivery import outbox
from flows.office import Office
from ledgers.cases import reviews
from ledgers.cases.reviews import Files
from ledgers.database import reading, writing
from ledgers.registers.register import creditors_in_force
from ledgers.registers.staff import Role, require
from payments.dossier.case import Method
from payments.dossier.letters_due import NoticeKind, Occasion, Passing, ground_ending, occasions, to_pass
from payments.dossier.worklist import worklist
from payments.dossier.worklist_items import Look, Measures, Outdated, WorklistItem
from payments.month import month_of
from payments.parties import Creditor

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
class Written:
    """The files of the letters; `changed` were written from other facts than when they were made, `void` not at all."""

    written: tuple[str, ...]
    standing: tuple[str, ...]  # the same bytes stood there
    changed: tuple[str, ...]
    void: tuple[str, ...]  # what they tell does not hold any more


def current_worklist(office: Office, gemeente: str | None = None) -> list[WorklistItem]:
    """Who needs attention today, in one gemeente or in all of the settings."""
    rules = rules_of(office)
    with reading(office.engine) as connection:
        files = reviews.read_files(connection, rules, gemeente, month_of(office.today))
    return _worklist(office, [reviews.look(files, client, rules, office.today) for client in files.cases])


def _worklist(office: Office, looks: list[Look]) -> list[WorklistItem]:
    today, parameters = office.today, office.parameters
    measures = Measures(_warn_weeks(office), parameters.number("reassessment_months", today))
    values = [Outdated(v.name, v.basis, v.review_by) for v in parameters.outdated(today)]
    lists = [Outdated(f"checklist {c.version}", c.basis, c.review_by) for c in load_checklists().outdated(today)]
    return worklist(looks, measures, [*values, *lists], today)


def _warn_weeks(office: Office) -> tuple[int, ...]:
    return office.parameters.numbers("warn_weeks", office.today)


def review(office: Office, gemeente: str) -> Reviewed:
    """Keep the worklist of a gemeente and make the letters that are due; again on the same day: nothing new."""
    rules = rules_of(office)
    with writing(office.engine) as connection:
        require(connection, office.actor, *REVIEWS)
        files = reviews.read_files(connection, rules, gemeente, month_of(office.today))
        looks = [reviews.look(files, client, rules, office.today) for client in files.cases]
        items = _worklist(office, looks)
        new = reviews.store_review(connection, gemeente, office.today, items, office.actor, office.now)
        made = _new_letters(connection, office, looks)
        count = reviews.store_notices(connection, gemeente, made.items(), office.actor, office.now)
    kinds, told = _counted(item.kind for item in items), _counted(occasion.kind for occasion in made)
    return Reviewed(gemeente, office.today, kinds, told, already=not new and not count)


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(str(kind) for kind in kinds).items()))


def _new_letters(connection: Connection, office: Office, looks: list[Look]) -> dict[Occasion, str]:
    """The hash of the letter of every occasion that nobody was told of yet."""
    known = reviews.notices_made(connection)
    creditors = creditors_in_force(connection)
    made = {}
    for look in looks:
        sender = office.settings.gemeenten[look.case.client.gemeente].name
        for occasion in occasions(look, _warn_weeks(office), office.today):
            if occasion not in known:
                text = letter(occasion, look, creditors, sender, office.today)
                assert text is not None, "an occasion of today holds today"
                made[occasion] = _hash(text)
    return made


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def letter(occasion: Occasion, look: Look, creditors: Mapping[str, Creditor], sender: str, day: date) -> str | None:
    """The letter of an occasion, dated `day` and filled from what the books know; None where it holds no more."""
    case = look.case
    if occasion.kind is NoticeKind.ENDED and case.ended_on != occasion.about:
        return None
    if occasion.kind is NoticeKind.GROUND_ENDS and not ground_ending(case, occasion.about):
        return None
    client = Heading(sender, case.client.name, day)
    passing = to_pass(look, day)
    if occasion.obligation:
        if occasion.kind is not NoticeKind.GROUND_ENDS:
            owned = [Passing(cost, cost.first_own) for cost in case.costs if cost.first_own == month_of(occasion.about)]
        else:
            owned = [p for p in passing if p.cost.first_own is None]
        one = next((p for p in owned if p.cost.obligation.obligation == occasion.obligation), None)
        return None if one is None else _about_one(occasion, one, client, creditors)
    bills = [_bill(p, creditors) for p in passing]
    write = letters.service_ends if occasion.kind is NoticeKind.ENDED else letters.ground_ends
    return write(client, occasion.about, bills)


def _about_one(occasion: Occasion, passing: Passing, client: Heading, creditors: Mapping[str, Creditor]) -> str:
    obligation = passing.cost.obligation
    if occasion.to_creditor:
        heading = Heading(client.sender, creditors[obligation.creditor].name, client.day)
        customer = Customer(client.addressee, obligation.reference)
        return letters.payer_changes(heading, customer, passing.first_own, by_customer=True)
    method = Method(str(passing.cost.method))
    return letters.hand_over(client, _bill(passing, creditors), obligation.reference, method)


def _bill(passing: Passing, creditors: Mapping[str, Creditor]) -> OwnBill:
    obligation = passing.cost.obligation
    creditor = creditors[obligation.creditor].name
    return OwnBill(obligation.category, creditor, obligation.amount_cents, passing.first_own)


def write_letters(office: Office, folder: Path) -> Written:
    """Write every letter that reviews made, dated as they made it, readable by the owner alone."""
    rules = rules_of(office)
    with reading(office.engine) as connection:
        require(connection, office.actor, *LETTERS)
        notices = reviews.notices_made(connection)
        files: Files = reviews.read_files(connection, rules, month=month_of(office.today))
        creditors = creditors_in_force(connection)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    written, standing, changed, void = [], [], [], []
    for occasion, notice in notices.items():
        name, text = file_name(occasion), None
        if occasion.client in files.cases:
            look = reviews.look(files, occasion.client, rules, notice.made_on)
            sender = office.settings.gemeenten[look.case.client.gemeente].name
            text = letter(occasion, look, creditors, sender, notice.made_on)
        if text is None:
            void.append(name)
            continue
        if _hash(text) != notice.text_sha256:
            changed.append(name)
        target = folder / name
        if target.is_file() and target.read_bytes() == text.encode():
            standing.append(name)
        else:
            outbox.replace(target, text.encode())
            written.append(name)
    return Written(tuple(written), tuple(standing), tuple(changed), tuple(void))


def file_name(occasion: Occasion) -> str:
    """A name of keys only; what a code may hold and a file name may not (a slash) is written as %2F."""
    parts = [occasion.client, occasion.kind.value, occasion.about.isoformat(), occasion.obligation]
    return "-".join(quote(part, safe="") for part in parts if part) + ".txt"
