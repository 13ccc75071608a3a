"""What no constraint can hold, proven by query: an empty list means the books are sound."""

from collections.abc import Callable, Iterator
from functools import cache
from hashlib import sha1, sha256
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, func, or_, select

from ledgers.checks.account_sums import counted_again, newest_runs
from ledgers.checks.accounts import ACCOUNT_CHECKS
from ledgers.checks.dossier import DOSSIER_CHECKS
from ledgers.checks.events import EVENT_CHECKS
from ledgers.checks.lines import LINE_CHECKS
from ledgers.checks.remainder_lists import REMAINDER_CHECKS
from ledgers.checks.states import STATE_CHECKS
from ledgers.errors import ProofFailed
from ledgers.journal import audit
from ledgers.schema.bank import given_back
from ledgers.schema.core import (
    benefit_records,
    contributions,
    file_approvals,
    file_cancellations,
    file_releases,
    metadata,
    payment_files,
    payments,
    run_clients,
    run_components,
    runs,
    same_withholding,
    withholdings,
)
from payments.states import DEAD, UNRELEASED_FILES, WAITING_FILES, FileState, PaymentState

Check = Callable[[Connection], Iterator[str]]


def self_check(connection: Connection) -> list[str]:
    """Every violation of the books' own sums, one sentence each; cheap enough for both ends of every run."""
    return [violation for check in SUMS for violation in check(connection)]


def require_sound(connection: Connection) -> None:
    """ProofFailed with every violation unless the books are sound; inside a transaction, nothing of it is stored."""
    violations = self_check(connection)
    if violations:
        raise ProofFailed("\n".join(["The books do not hold together:", *violations]))


def full_check(connection: Connection) -> list[str]:
    """The self-check, plus every file read back byte for byte, the audit trail walked, and what each decision wrote."""
    return [violation for check in (*SUMS, *PROOFS) for violation in check(connection)]


def digest(connection: Connection) -> str:
    """One hash over every row of every table: two books with the same digest hold the same."""
    total = sha256()
    for table in metadata.sorted_tables:
        total.update(f"{table.name}\n".encode())
        for row in connection.execute(_in_order(table)):
            total.update(repr(tuple(row)).encode())
    return total.hexdigest()


@cache
def _in_order(table: Table) -> Select[Any]:
    return select(table).order_by(*table.primary_key.columns)


@cache
def _shares_of_another_sum() -> Select[Any]:
    w, c = withholdings.c, contributions.c
    total = func.coalesce(func.sum(c.amount_cents), 0)
    return (
        select(w.obligation, w.covers, w.amount_cents, total)
        .outerjoin(contributions, same_withholding(c, w))
        .group_by(w.obligation, w.covers, w.sequence, w.amount_cents)
        .having(total != w.amount_cents)
    )


def _contributions_make_up_withholdings(connection: Connection) -> Iterator[str]:
    for obligation, covers, cents, found in connection.execute(_shares_of_another_sum()):
        yield f"vaste last {obligation} {covers}: {cents} cents withheld, but contributions of {found}"


@cache
def _gifts() -> tuple[Select[Any], Select[Any]]:
    """Who gave another sum than the newest run says, and who gave without being in it."""
    newest = newest_runs()
    rc = run_clients.c
    given = (
        select(
            withholdings.c.gemeente,
            withholdings.c.month,
            contributions.c.client,
            func.sum(contributions.c.amount_cents).label("cents"),
        )
        .join(
            withholdings,
            same_withholding(contributions.c, withholdings.c),
        )
        .outerjoin(given_back, same_withholding(given_back.c, withholdings.c))
        .where(given_back.c.obligation.is_(None) | ~counted_again())
        .group_by(withholdings.c.gemeente, withholdings.c.month, contributions.c.client)
        .subquery()
    )
    outcome = (
        select(runs.c.gemeente, runs.c.month, rc.client, rc.withheld_cents, rc.benefit_cents)
        .join(runs, runs.c.run_id == rc.run_id)
        .join(newest, and_(*(newest.c[n] == runs.c[n] for n in ("gemeente", "month", "sequence"))))
        .subquery()
    )
    same = and_(*(given.c[n] == outcome.c[n] for n in ("gemeente", "month", "client")))
    query = (
        select(outcome, given.c.cents)
        .outerjoin(given, same)
        .where(func.coalesce(given.c.cents, 0) != outcome.c.withheld_cents)
    )
    return query, select(given).outerjoin(outcome, same).where(outcome.c.client.is_(None))


def _nobody_gives_more_than_granted(connection: Connection) -> Iterator[str]:
    different, lost = _gifts()
    for row in connection.execute(different):
        yield (
            f"client {row.client} {row.month}: the run withheld {row.withheld_cents} cents, "
            f"the contributions are {row.cents or 0}"
        )
    for row in connection.execute(lost):
        yield f"client {row.client} {row.month}: contributes {row.cents} cents without being in the run"


@cache
def _runs_of_another_sum() -> Select[Any]:
    rc = run_clients.c
    names = ("benefit_cents", "withheld_cents", "remainder_cents")
    different = [func.coalesce(func.sum(rc[name]), 0) != runs.c[name] for name in names]
    return (
        select(runs.c.run_id)
        .outerjoin(run_clients, rc.run_id == runs.c.run_id)
        .group_by(runs.c.run_id, runs.c.benefit_cents, runs.c.withheld_cents, runs.c.remainder_cents)
        .having(or_(*different))
    )


def _runs_add_up(connection: Connection) -> Iterator[str]:
    for (run,) in connection.execute(_runs_of_another_sum()):
        yield f"run {run}: its totals are not the sum of its clients"


@cache
def _counted_beyond_grants() -> Select[Any]:
    newest = newest_runs()
    rc, b = run_clients.c, benefit_records.c
    granted = (
        select(b.client, b.month, func.sum(b.amount_cents).label("cents"))
        .where(b.component.in_(["regulier", "aanvulling"]))
        .group_by(b.client, b.month)
        .subquery()
    )
    k = run_components.c
    of_run = select(func.coalesce(func.sum(k.amount_cents), 0)).where(k.run_id == rc.run_id, k.client == rc.client)
    one_off = of_run.scalar_subquery()
    return (
        select(rc.client, runs.c.month, rc.benefit_cents, granted.c.cents)
        .join(runs, runs.c.run_id == rc.run_id)
        .join(newest, and_(*(newest.c[n] == runs.c[n] for n in ("gemeente", "month", "sequence"))))
        .outerjoin(granted, and_(granted.c.client == rc.client, granted.c.month == runs.c.month))
        .where(rc.benefit_cents > func.coalesce(granted.c.cents, 0) + one_off)
    )


def _counted_benefit_was_granted(connection: Connection) -> Iterator[str]:
    for client, month, counted, cents in connection.execute(_counted_beyond_grants()):
        yield f"client {client} {month}: {counted} cents counted, only {cents or 0} granted"


@cache
def _not_the_plan() -> tuple[Select[Any], Select[Any], Select[Any]]:
    """Files that state another sum, payments of another amount, and costs that two live payments pay."""
    f, p = payment_files.c, payments.c
    count, total = func.count(p.payment_id), func.coalesce(func.sum(p.amount_cents), 0)
    sums = (
        select(f.file_id, f.transactions, f.control_sum_cents, count, total)
        .outerjoin(payments, p.file_id == f.file_id)
        .group_by(f.file_id, f.transactions, f.control_sum_cents)
        .having(or_(count != f.transactions, total != f.control_sum_cents))
    )
    different = (
        select(p.payment_id)
        .outerjoin(withholdings, same_withholding(p, withholdings.c))
        .where(or_(withholdings.c.amount_cents.is_(None), withholdings.c.amount_cents != p.amount_cents))
    )
    live = p.state.not_in(DEAD)
    double = select(p.obligation, p.covers).where(live).group_by(p.obligation, p.covers).having(func.count() > 1)
    return sums, different, double


def _files_are_the_plan(connection: Connection) -> Iterator[str]:
    sums, different, double = _not_the_plan()
    for file, transactions, cents, found, found_cents in connection.execute(sums):
        yield f"file {file}: {transactions} payments of {cents} cents stated, {found} of {found_cents} in the books"
    for (payment,) in connection.execute(different):
        yield f"payment {payment}: another amount than was withheld"
    for obligation, covers in connection.execute(double):
        yield f"vaste last {obligation} {covers}: more than one live payment"


@cache
def _papers() -> tuple[Select[Any], Select[Any]]:
    """Every file with its approval, release and taking back; payments whose state is not one of their file's."""
    f, a, r = payment_files.c, file_approvals.c, file_releases.c
    approved = ("file_id", "made_by", "sha256", "control_sum_cents")
    every = (
        select(
            f.file_id,
            f.state,
            a.file_id.label("approved"),
            r.file_id.label("released"),
            file_cancellations.c.file_id.label("taken_back"),
        )
        .outerjoin(file_cancellations, file_cancellations.c.file_id == f.file_id)
        .outerjoin(file_approvals, and_(*(a[name] == f[name] for name in approved), a.approved_by != f.made_by))
        .outerjoin(
            file_releases, and_(r.file_id == f.file_id, r.approved_by == a.approved_by, r.released_by != a.approved_by)
        )
    )
    early = (
        select(payments.c.payment_id)
        .join(payment_files, f.file_id == payments.c.file_id)
        .where(
            or_(
                (payments.c.state == PaymentState.PLANNED) != f.state.in_(WAITING_FILES),
                (payments.c.state == PaymentState.CANCELLED) != (f.state == FileState.CANCELLED),
            )
        )
    )
    return every, early


def _states_have_their_papers(connection: Connection) -> Iterator[str]:
    every, early = _papers()
    for row in connection.execute(every):
        needs_approval = row.state not in (FileState.GENERATED, FileState.CANCELLED)
        needs_release = row.state not in UNRELEASED_FILES
        if row.state == FileState.CANCELLED and row.released is None and row.taken_back is not None:
            continue  # taken back before or after its approval
        papers = (needs_approval, needs_release) == (row.approved is not None, row.released is not None)
        if row.taken_back is not None or not papers:
            yield f"file {row.file_id}: state {row.state} does not fit its approval and release"
    for (payment,) in connection.execute(early):
        yield f"payment {payment}: its state does not fit that of its file"


def _files_hold_their_payments(connection: Connection) -> Iterator[str]:
    """Read every file back and compare it with the books: account, date, ids, amounts and payees, one by one."""
    from payments.pain001 import reader

    p = payments.c
    columns = (p.payment_id, p.amount_cents, p.creditor_iban, p.creditor_name, p.remittance)
    for (file_id,) in connection.execute(select(payment_files.c.file_id)).all():
        row = connection.execute(select(payment_files).where(payment_files.c.file_id == file_id)).one()
        content = bytes(row.content)
        hashes = (sha256(content).hexdigest(), sha1(content, usedforsecurity=False).hexdigest())
        if hashes != (row.sha256, row.sha1):
            yield f"file {file_id}: its bytes were altered"
            continue
        try:
            message = reader.read(content)
        except ValueError:
            yield f"file {file_id}: its bytes are no payment file"
            continue
        heads = [
            (message.message_id, block.payment_information_id, block.debtor_iban, block.execution_date)
            for block in message.payment_informations
        ]
        found = sorted(
            (
                t.end_to_end_id,
                t.amount_cents,
                t.creditor_iban,
                t.creditor_name,
                "".join((*t.unstructured, *(structured.reference for structured in t.structured))),
            )
            for t in message.transactions
        )
        booked = sorted(tuple(payment) for payment in connection.execute(select(*columns).where(p.file_id == file_id)))
        stated = (row.message_id, row.payment_information_id, row.debtor_iban, row.execution_date)
        if heads != [stated] or found != booked:
            yield f"file {file_id}: its payments are not those of the books"


def _audit_trail_is_whole(connection: Connection) -> Iterator[str]:
    broken = audit.first_broken_link(connection)
    if broken:
        yield broken


SUMS: tuple[Check, ...] = (
    _contributions_make_up_withholdings,
    _nobody_gives_more_than_granted,
    _runs_add_up,
    _counted_benefit_was_granted,
    _files_are_the_plan,
    _states_have_their_papers,
    *ACCOUNT_CHECKS,
    *LINE_CHECKS,
    *DOSSIER_CHECKS,
)
PROOFS: tuple[Check, ...] = (
    _files_hold_their_payments,
    _audit_trail_is_whole,
    *EVENT_CHECKS,
    *STATE_CHECKS,
    *REMAINDER_CHECKS,
    audit.broken_seals,
)
"""What reads everything once more: for `check`, not for both ends of every run."""
