"""Read what the bank answered and bring it into the books: each file whole, in one transaction, or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Connection

from flows.actions.act import act
from flows.actions.incoming import read_incoming
from flows.office import Office
from ledgers.bank import payee_checks, settlement, statements
from ledgers.bank import rejections as rejects
from ledgers.bank.payment_states import Settled, gemeenten_of, payments_of_message
from ledgers.checks import self_check
from ledgers.errors import Conflict, ProofFailed, Refused
from ledgers.month import payment_files
from ledgers.registers.staff import SYSTEM, Role
from payments.bank.camt_model import BankMessage, EntryStatus, Statement
from payments.bank.camt_reader import read_camt
from payments.bank.packed import files_in
from payments.bank.pain002 import Level, Rejection, StatusReason, StatusReport, read_pain002, rejections, verifications
from payments.bank.reasons import ReasonGroup, reason_group
from payments.bank.stream import MAX_BYTES, MessageKind, recognise
from payments.calendar import AMSTERDAM
from payments.problems import InputRefused, Problem, shown


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file that was read and proven in itself; not yet compared with the books."""

    name: str
    digest: str
    message: BankMessage | StatusReport

    @property
    def order(self) -> tuple[int, date, int, int, str]:
        """Rejections first, then statements by day and page: a batch less its rejects can only be explained by them."""
        if isinstance(self.message, StatusReport):
            return 0, date.min, 0, 0, self.name
        days = [statements.statement_day(statement) for statement in self.message.statements]
        numbers = [statement.electronic_sequence or 0 for statement in self.message.statements]
        pages = [statement.page or 1 for statement in self.message.statements]
        return 1, min(days, default=date.min), min(numbers, default=0), min(pages, default=1), self.name


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What one file brought; `already` when all of it was read before."""

    file: str
    kind: str
    already: bool
    booked: int = 0
    returned: int = 0
    rejected: int = 0
    exceptions: int = 0
    other_accounts: int = 0  # statements of accounts that are not ours, left out as the settings say
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FilesReconciled:
    """What several files brought, and why the others were refused; in the order in which they were read."""

    files: tuple[Reconciled, ...]
    failures: tuple[Exception, ...]

    @property
    def failure(self) -> Exception | None:
        """All failures in one: of the kind of the first, with every problem of every invalid file."""
        if len(self.failures) < 2:
            return self.failures[0] if self.failures else None
        first = self.failures[0]
        invalid = [failure for failure in self.failures if isinstance(failure, InputRefused)]
        others = [failure for failure in self.failures if not isinstance(failure, InputRefused)]
        problems = [problem for failure in invalid for problem in failure.problems]
        if isinstance(first, InputRefused):
            return InputRefused([*problems, *(Problem(str(f), None, None, None, "is refused") for f in others)])
        return type(first)("\n".join([*(str(failure) for failure in others), *(str(p) for p in problems)]))


def read_bank_files(path: Path) -> list[BankFile]:
    """Recognise a file, or each one in a zip, by its content and read it; InputRefused with every problem otherwise."""
    content = read_incoming(path, MAX_BYTES, f"is larger than {MAX_BYTES} bytes")
    read: list[BankFile] = []
    problems: list[Problem] = []
    for name, data in files_in(content, path.name):
        try:
            read.append(_read(name, data))
        except InputRefused as refused:
            problems += refused.problems
    if problems:
        raise InputRefused(problems)
    return read


def _read(name: str, content: bytes) -> BankFile:
    digest = sha256(content).hexdigest()
    if recognise(content, name) is MessageKind.PAIN002:
        return BankFile(name, digest, read_pain002(content, name))
    return BankFile(name, digest, read_camt(content, name))


def reconcile_files(office: Office, paths: Sequence[Path]) -> FilesReconciled:
    """Read several files, rejections first, statements by day; one that is refused does not keep the others back."""
    done: list[Reconciled] = []
    failures: list[Exception] = []
    read: list[BankFile] = []
    for path in paths:
        try:
            read += read_bank_files(path)
        except InputRefused as refused:
            failures.append(refused)
    for file in sorted(read, key=lambda item: item.order):
        try:
            done.append(reconcile(office, file))
        except (InputRefused, Conflict, Refused, ProofFailed) as failure:  # the other accounts' files go on
            failures.append(failure)
    return FilesReconciled(tuple(done), tuple(failures))


def reconcile(office: Office, file: BankFile) -> Reconciled:
    """Store one bank file with all that follows from it; again: already read."""
    with act(office, Role.FINANCE, Role.ADMINISTRATION) as connection:
        kind = "pain.002" if isinstance(file.message, StatusReport) else file.message.kind.value
        message_id = file.message.message_id
        if not statements.claim_file(connection, file.digest, kind, message_id, office.actor, office.now):
            return Reconciled(file.name, kind, already=True)
        warnings = list(file.message.warnings)
        others: list[Statement] = []
        if isinstance(file.message, StatusReport):
            done = _take_report(connection, office, file, file.message)
            news = True
        else:
            ours, others = _ours_and_others(office, file.message)
            news, done = _take_statements(connection, office, file, file.message.kind, ours)
            warnings += [_unfinished(file.name, one) for one in ours if one.goes_on]
            warnings += [*(_left_out(file.name, one) for one in others), *(w for one in ours for w in one.warnings)]
        statements.close_file(connection, file.digest, kind, office.actor, office.now, other_accounts=len(others))
        self_check.require_sound(connection)
    counts = (done.booked, done.returned, done.rejected, done.exceptions, len(others))
    return Reconciled(file.name, kind, not news, *counts, tuple(str(problem) for problem in warnings))


def _accounts(office: Office) -> dict[str, str]:
    return {gemeente.iban: code for code, gemeente in office.settings.gemeenten.items()}


def _ours_and_others(office: Office, message: BankMessage) -> tuple[list[Statement], list[Statement]]:
    """What is to be booked, and what the settings leave out of a file that holds something of ours too."""
    accounts = _accounts(office)
    others = [statement for statement in message.statements if statement.account_iban not in accounts]
    if office.settings.other_accounts == "refuse" or len(others) == len(message.statements):
        return list(message.statements), []
    return [statement for statement in message.statements if statement.account_iban in accounts], others


def _left_out(file: str, statement: Statement) -> Problem:
    what = f"is no account of a gemeente in the settings: its statement {shown(statement.statement_id)} is left out"
    return Problem(file, None, "Acct/Id", statement.account_iban or statement.account_other, what)


def _unfinished(file: str, statement: Statement) -> Problem:
    what = f"is page {statement.page or 1} of a statement that goes on: read the next page before anything else"
    return Problem(file, None, "Stmt", statement.statement_id, what)


def _take_statements(
    connection: Connection, office: Office, file: BankFile, kind: MessageKind, ours: Sequence[Statement]
) -> tuple[bool, Settled]:
    accounts = _accounts(office)
    problems = [p for s in ours for p in _unfit(file.name, kind, s, accounts)]
    if problems:
        raise InputRefused(problems)
    news = False
    total = Settled()
    for statement in sorted(ours, key=lambda one: (statements.statement_day(one), one.page or 1)):
        gemeente = accounts[str(statement.account_iban)]
        stored = statements.store(connection, gemeente, kind.value, statement, file.digest)
        if stored is None:
            continue
        news = True
        done = settlement.settle(connection, gemeente, stored.lines, stored.day, office.actor, office.now)
        payment_files.update_states(connection, gemeente)
        total = Settled(
            total.booked + done.booked, total.returned + done.returned, 0, total.exceptions + done.exceptions
        )
    return news, total


def _unfit(file: str, kind: MessageKind, statement: Statement, accounts: Mapping[str, str]) -> list[Problem]:
    """Why a statement that is right in itself cannot be booked by us."""
    found = []
    if statement.account_iban not in accounts:
        account = statement.account_iban or statement.account_other
        what = (
            "is not an account of any gemeente in the settings; send it to whom it belongs, or, where the file also "
            'has a statement of ours, say other_accounts = "ignore" in the settings'
        )
        found.append(Problem(file, None, "Acct/Id", account, what))
    if (statement.currency or statement.account_currency or "EUR") != "EUR":
        found.append(Problem(file, None, "Ccy", statement.currency, "is not EUR, the only currency of these books"))
    for entry in statement.entries:
        if entry.status is EntryStatus.BOOKED and entry.currency != "EUR":
            what = "is not EUR, the only currency of these books"
            found.append(Problem(file, entry.line, "Ntry/Amt/@Ccy", entry.currency, what))
    if len(statement.statement_id) > statements.LONGEST_ID:  # an id is never cut: two could become one
        what = f"has more than {statements.LONGEST_ID} characters, the standard allows 35; ask the bank for another id"
        found.append(Problem(file, None, "Stmt/Id", statement.statement_id, what))
    paged = kind is MessageKind.CAMT053 and (statement.page is not None or statement.goes_on)
    if not statement.last_page and not paged:
        what = "is a page of a statement that goes on elsewhere; ask the bank for whole statements"
        found.append(Problem(file, None, "Stmt", statement.statement_id, what))
    if kind is MessageKind.CAMT053 and not (statement.proved and statement.opening and statement.closing):
        what = "has no opening and closing balance in EUR that prove its entries; ask the bank for a full statement"
        found.append(Problem(file, None, "Stmt", statement.statement_id, what))
    return found


def _take_report(connection: Connection, office: Office, file: BankFile, report: StatusReport) -> Settled:
    known = payments_of_message(connection, report.original_message_id)
    if not known:
        what = "is not the MsgId of a file of ours; send this report to whom it belongs"
        raise InputRefused([Problem(file.name, None, "OrgnlMsgId", report.original_message_id, what)])
    rejected: dict[str, rejects.Against] = {}
    problems = []
    day = (report.created_at or office.now).astimezone(AMSTERDAM).date()
    told = 0
    row = payment_files.find(connection, report.original_message_id)
    for rejection in rejections(report):
        names = _meant(rejection, known)
        if not names:
            what = "is not in that file of ours; ask the bank which payments it means"
            meant = rejection.payment_information_id or "NOTPROVIDED"
            problems.append(Problem(file.name, None, rejection.level.value, meant, what))
            continue
        against = {name: _against(rejection, name) for name in names}
        duplicates = [name for name in names if reason_group(against[name].reason) is ReasonGroup.DUPLICATE]
        whole = len(duplicates) == len(names) and rejection.level is not Level.TRANSACTION
        for name in [None] if whole else duplicates:
            code = str(against[name or names[0]].reason)
            noted = rejects.note_duplicate(connection, row.file_id, row.gemeente, row.month, name, code, day)
            told += noted.exceptions
        rejected |= {name: said for name, said in against.items() if name not in duplicates}
    checked = verifications(report)
    strangers = [name for name in sorted(checked) if name not in known]
    problems += [Problem(file.name, None, "OrgnlEndToEndId", name, "is not in that file of ours") for name in strangers]
    if problems:
        raise InputRefused(problems)
    done = rejects.reject(connection, file.digest, rejected, day, office.actor, office.now)
    for gemeente in set(gemeenten_of(connection, set(known)).values()):
        if done.rejected:  # a batch that differed may be explained now
            settlement.settle(connection, gemeente, [], day, SYSTEM, office.now)
        payment_files.update_states(connection, gemeente)
    told += payee_checks.keep(connection, file.digest, checked, day)
    return replace(done, exceptions=done.exceptions + told)


def _meant(rejection: Rejection, known: Mapping[str, str]) -> list[str]:
    """The payments of ours that a rejection takes along."""
    if rejection.level is Level.TRANSACTION:
        name = rejection.mentioned[0].original_end_to_end_id
        return [name] if name is not None and name in known else []
    if rejection.level is Level.PAYMENT_INFORMATION:
        return [name for name, block in known.items() if block == rejection.payment_information_id]
    return list(known)


def _against(rejection: Rejection, name: str) -> rejects.Against:
    reason = _weightiest(rejection.reasons_of(name))
    return rejects.Against(rejection.level.value, reason, own=bool(rejection.own_reasons(name)))


def _weightiest(reasons: Sequence[StatusReason]) -> str | None:
    """Of several reasons the one that stops most: a duplicate is never paid again, a wrong account not unconfirmed."""
    said = [reason.code or reason.proprietary for reason in reasons]
    for group in (ReasonGroup.DUPLICATE, ReasonGroup.CREDITOR_ACCOUNT):
        found = next((code for code in said if reason_group(code) is group), None)
        if found is not None:
            return found
    return said[0] if said else None
