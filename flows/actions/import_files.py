"""Bring one input file into the books: read strictly, compare with what is known, store all of it or nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TypedDict

from sqlalchemy import Connection

from config.settings import Settings
from flows.actions.act import act
from flows.actions.benefit_checks import benefit_problems
from flows.actions.forecasting import NextRuns
from flows.actions.incoming import read_incoming
from flows.actions.register_checks import misfits, too_much
from flows.office import Office
from ledgers.dossier import trajectories
from ledgers.month.earlier_payments import paid_until
from ledgers.registers import register, register_files
from ledgers.registers.register import Imported, InputKind
from ledgers.registers.register_files import Pending, RegisterFile
from ledgers.registers.staff import Role
from ledgers.registers.versions import OBLIGATIONS, first_months
from payments.dossier.late_awards import LateAward, late_awards
from payments.intake import likely_mistakes
from payments.intake.benefits import read_benefits
from payments.intake.dated_versions import ALWAYS
from payments.intake.registers import read_clients, read_creditors, read_obligations
from payments.month import Month, add_months, month_of
from payments.parties import Client, Creditor, Obligation
from payments.plan.plan_changes import RunEffect
from payments.problems import InputRefused, Problem

USUAL_OFFSET = 1  # of a client whose gemeente the settings do not know


class _Reading(TypedDict):
    encoding: str
    names: Mapping[str, str]
    max_bytes: int


@dataclass(frozen=True, slots=True)
class FileImported:
    """What an import did, the klantnummers it passed over because the settings say so, and rights awarded too late.

    `effects` is what becomes of the next runs that the changed lines can touch; a preview tells its own: there empty.
    """

    result: Imported
    ignored: tuple[str, ...] = ()
    late_awards: tuple[LateAward, ...] = ()
    effects: tuple[RunEffect, ...] = ()
    doubts: tuple[str, ...] = ()  # warnings: nothing is refused for them


def import_file(
    office: Office,
    kind: InputKind,
    path: Path,
    *,
    from_month: Month | None = None,
    month: Month | None = None,
    accepted: Collection[str] = (),
) -> FileImported:
    """Import a register or a month's benefit records; InputRefused with every problem when the file is invalid.

    `from_month` is the first benefit month, of obligations the first covered month, that changed register lines hold
    for. Default: the current month; of an obligation the month after the last that was paid. `month`, where given, is
    the only month that benefit lines may have; `accepted` are clients whose hundredfold benefit is meant.
    """
    most = office.settings.input.max_bytes
    what = f"has {{size}} bytes, more than the {most} that the settings allow (input.max_megabytes)"
    content = read_incoming(path, most, what)
    with act(office, Role.ADMINISTRATION, Role.FINANCE) as books:
        if kind is InputKind.BENEFITS:
            return _accept_benefits(books, office, path.name, content, month, accepted)
        return _accept_register(books, office, kind, path.name, content, from_month)


def _how(settings: Settings, kind: InputKind) -> _Reading:
    return {
        "encoding": settings.input.encoding,
        "names": settings.input.columns.get(kind.value, {}),
        "max_bytes": settings.input.max_bytes,
    }


def _accept_benefits(
    books: Connection, office: Office, file: str, content: bytes, month: Month | None, accepted: Collection[str]
) -> FileImported:
    known = register.clients_in_force(books)
    ignore = office.settings.unknown_clients == "ignore"
    how = _how(office.settings, InputKind.BENEFITS)
    read = read_benefits(content, file, clients=known.keys(), ignore_unknown=ignore, month=month, **how)
    _refuse([*benefit_problems(books, office, read, file, accepted)])
    result = register.accept_benefits(books, sha256(content).hexdigest(), read.records, office.actor, office.now)
    return FileImported(result, tuple(read.ignored))


def _accept_register(
    books: Connection, office: Office, kind: InputKind, file: str, content: bytes, stated: Month | None
) -> FileImported:
    how = _how(office.settings, kind)
    late: list[LateAward] = []
    doubts: list[str] = []
    records: Sequence[register.Record]
    firsts: dict[str, Month] | None = None
    ahead: dict[str, int] = {}
    if kind is InputKind.CREDITORS:
        own_ibans, owed_there = office.settings.own_ibans, misfits(books, office)
        entered = read_creditors(content, file, own_ibans=own_ibans, misfits=owed_there, **how)
        _refuse([*likely_mistakes.copied_accounts(entered, file)])
        records = entered
    elif kind is InputKind.CLIENTS:
        people = read_clients(content, file, gemeenten=office.settings.gemeenten.keys(), **how)
        paydays = {code: gemeente.payday for code, gemeente in office.settings.gemeenten.items()}
        known = register.clients_in_force(books)
        late = [*late_awards(people, known, office.art_56a_months, paydays, office.today)]
        doubts = [*likely_mistakes.household_doubts(people, known)]
        records = [*people]
    else:
        creditors = register.creditors_in_force(books)
        clients = register.clients_in_force(books)
        owing = register.obligations_in_force(books)
        above = too_much(office, clients, owing)
        owed = read_obligations(content, file, creditors=creditors, clients=clients.keys(), too_much=above, **how)
        _refuse([*likely_mistakes.moved_commas(owed, owing, file)])
        records = owed
        ahead = {cost.obligation: _offset(office, clients[cost.client], cost) for cost in owed}
        firsts = _first_months(books, ahead, stated, month_of(office.today))
    digest, month = sha256(content).hexdigest(), stated or month_of(office.today)
    given = RegisterFile(kind, digest, records, month, dated=stated is not None, firsts=firsts)
    done = _store(books, office, register_files.compare_register(books, given))
    if kind is InputKind.CLIENTS:
        trajectories.open_trajectories(books, office.actor, office.now)
    left = [replace(old, from_month=add_months(old.from_month, ahead.get(old.code, 0))) for old in done.result.left]
    return replace(done, result=replace(done.result, left=tuple(left)), late_awards=tuple(late), doubts=tuple(doubts))


def _offset(office: Office, client: Client, cost: Obligation) -> int:
    gemeente = office.settings.gemeenten.get(client.gemeente)
    return USUAL_OFFSET if gemeente is None else gemeente.offsets[cost.category]


def _first_months(books: Connection, ahead: Mapping[str, int], stated: Month | None, now: Month) -> dict[str, Month]:
    """The benefit month from which each line of a file of obligations holds.

    Of what was never paid a line by default takes the place of the one that holds now.
    """
    if stated is not None:
        return {code: add_months(stated, -offset) for code, offset in ahead.items()}
    paid, standing = paid_until(books), first_months(books, OBLIGATIONS, now)
    return {
        code: add_months(paid[code], 1 - offset) if code in paid else standing.get(code, ALWAYS)
        for code, offset in ahead.items()
    }


def _store(books: Connection, office: Office, pending: Pending) -> FileImported:
    """Store what is new or changed, and tell what becomes of the next runs."""
    if pending.result.already or office.within is not None:
        return FileImported(register_files.store_register(books, pending, office.actor, office.now))
    coming = NextRuns(books, office, _touched(books, office, pending))
    result = register_files.store_register(books, pending, office.actor, office.now)
    return FileImported(result, effects=coming.effects())


def _touched(books: Connection, office: Office, pending: Pending) -> Iterable[str]:
    """The gemeenten whose next run the changed lines can change."""
    records = [*pending.compared.new, *(record for record, _ in pending.compared.changed)]
    clients = register.clients_in_force(books)
    if any(isinstance(record, Creditor) for record in pending.compared.new):
        records = [record for record, _ in pending.compared.changed]  # nobody owes a new creditor anything yet
    found = set()
    for record in records:
        if isinstance(record, Creditor):
            return office.settings.gemeenten
        if isinstance(record, Client):
            found.add(record.gemeente)
        before = clients.get(record.client)
        found |= {before.gemeente} if before is not None else set()
    return [code for code in office.settings.gemeenten if code in found]


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InputRefused(problems)
