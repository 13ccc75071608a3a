"""The month's run of one gemeente as one plain function: read, decide, write in one transaction.

Everything of a run is stored together or not at all: the plan, its bookings, the rendered files and their hashes.
The command line, the desk and the Prefect flow all call this; none of them decides anything.
"""

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from config.settings import GemeenteSettings
from flows.actions.act import act
from flows.actions.rules import policy_of
from flows.actions.stale_files import refuse_past_day
from flows.office import Office
from ledgers.checks import self_check
from ledgers.dossier.handovers import own_months_of
from ledgers.errors import Refused
from ledgers.journal import closed_months
from ledgers.journal.posting import in_parts
from ledgers.month import earlier_payments, runs
from ledgers.month import payment_files as files
from ledgers.month.month_facts import load_facts
from ledgers.registers.staff import Role
from payments.calendar import AMSTERDAM, is_t2_day, payday
from payments.charset import to_sepa
from payments.month import Month
from payments.pain001.orders import Payment, PaymentFile, end_to_end_id, message_id, payment_information_id
from payments.pain001.rules import FileFacts, Finding, Limits, check
from payments.pain001.writer import render
from payments.parties import Obligation
from payments.plan import dropped
from payments.plan.planning import plan_month
from payments.plan.withholding import MonthFacts, Plan, Shortfall
from payments.remittance import remittance
from payments.states import FileState

FURTHEST_DAYS = 364  # no bank takes an order for a later day


class FileRefused(Refused):
    """A payment file breaks a rule of the validator; nothing of the run is stored."""

    def __init__(self, message: str, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        lines = [f"  {finding.payment or message}: {finding.code}: {finding.text}" for finding in findings]
        way_out = "Mend the lines named (import the register again) or the limit in the settings, and run again."
        super().__init__("\n".join([f"Payment file {message} may not be made; nothing is stored:", *lines, way_out]))


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run of one gemeente's month did; `already` when the books said all of it before.

    `run_id` is empty where the gemeente has no clients at all: then nothing is stored.
    """

    gemeente: str
    month: Month
    run_id: str
    execution_date: date
    payments: int
    total_cents: int
    files: tuple[str, ...]
    already: bool
    short_by_list: tuple[Shortfall, ...] = ()  # would have fitted, had their money not been told to be paid out
    refused_files: tuple[str, ...] = ()  # of an earlier run, by the bank: their payments wait for a decision


def run_gemeente(office: Office, code: str, month: Month, execution_date: date | None = None) -> RunResult:
    """Plan one gemeente's month and freeze its payment files; again: the same answer and nothing new.

    Refused (nothing stored) when a new payment could not be executed on the execution date or breaks a rule.
    """
    gemeente = office.settings.gemeenten[code]
    with _collector_at_rest(), act(office, Role.FINANCE, Role.ADMINISTRATION) as connection:
        latest = runs.latest_run(connection, code, month)
        on = execution_date or payday(month, gemeente.payday)
        policy = policy_of(gemeente, office.settings.own_ibans)
        facts = load_facts(connection, code, month, on, policy, office.art_56a_months)
        plan = plan_month(facts)
        short = tuple(item for item in plan.shortfalls if item.told_cents)
        if latest is not None and runs.adds_nothing(plan, latest):
            all_made = [file for file in files.list_files(connection, month, code) if file.run_id == latest.run_id]
            made = [file for file in all_made if file.state not in (FileState.REJECTED, FileState.CANCELLED)]
            refused = tuple(file.file_id for file in all_made if file.state == FileState.REJECTED)
            count = sum(file.transactions for file in made)
            total = sum(file.control_sum_cents for file in made)
            names = tuple(file.file_id for file in made)
            day = latest.execution_date
            what = RunResult(code, month, latest.run_id, day, count, total, names, already=True, short_by_list=short)
            return replace(what, refused_files=refused)
        if latest is None and not (plan.included or plan.held or plan.ended_before):
            return RunResult(code, month, "", on, 0, 0, (), already=False)
        if month in closed_months.closed_months(connection):
            raise Refused(
                f"{code}: {month} is closed and there is something new in it. Nothing is planned; ask the benefits "
                "office for a line in an open month."
            )
        if plan.payable or plan.withheld or latest is None:
            _refuse_late(gemeente, month, on, office.now)
        sequence = 1 if latest is None else latest.sequence + 1
        run_id = runs.save_plan(connection, code, facts, plan, sequence, office.actor, office.now)
        made_now = [*_payment_files(gemeente, facts, plan, sequence, office.now)]
        more = [*_dropped(connection, code, facts, plan)] if made_now else []
        names = tuple(
            _freeze(connection, office, file, facts, run_id, more if file is made_now[0] else []) for file in made_now
        )
        self_check.require_sound(connection)
    total = sum(cents for _, _, cents in plan.payable)
    return RunResult(code, month, run_id, on, len(plan.payable), total, names, already=False, short_by_list=short)


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """A plan is millions of small objects without cycles: searching them for some took a third of the time."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def _refuse_late(gemeente: GemeenteSettings, month: Month, on: date, now: datetime) -> None:
    """The bank would shift or refuse such a date; the operator chooses another one instead."""
    way_out = f"Give another day: `ontzorgen run {month} --gemeente {gemeente.code} --execution-date YYYY-MM-DD`."
    refuse_past_day(gemeente, on, now, way_out)
    if (on - now.astimezone(AMSTERDAM).date()).days > FURTHEST_DAYS:
        raise Refused(f"{gemeente.code}: execution date {on} is more than {FURTHEST_DAYS} days ahead. {way_out}")
    if not is_t2_day(on):
        raise Refused(f"{gemeente.code}: banks do not settle on {on} (no T2 day). {way_out}")


def _payment_files(
    gemeente: GemeenteSettings, facts: MonthFacts, plan: Plan, sequence: int, now: datetime
) -> Iterator[PaymentFile]:
    names = {client.client: client.name for client in facts.clients}
    payable = sorted(plan.payable, key=lambda item: (item[0].obligation, item[1]))
    for part, chunk in enumerate(in_parts(payable, gemeente.max_transactions), start=1):
        message = message_id(gemeente.code, facts.month, sequence, part)
        yield PaymentFile(
            message_id=message,
            payment_information_id=payment_information_id(message),
            created_at=now.astimezone(AMSTERDAM).replace(microsecond=0),
            gemeente=gemeente.code,
            debtor_name=to_sepa(gemeente.name),
            debtor_iban=gemeente.iban,
            debtor_bic=gemeente.bic,
            execution_date=facts.execution_date,
            batch_booking=gemeente.batch_booking,
            payments=tuple(_payment(*item, facts, names) for item in chunk),
        )


def _payment(obligation: Obligation, covers: Month, cents: int, facts: MonthFacts, names: Mapping[str, str]) -> Payment:
    creditor = facts.creditors[obligation.creditor]
    withholding, attempt = facts.attempt_of(obligation.obligation, covers)
    return Payment(
        payment_id=end_to_end_id(obligation.obligation, covers, attempt),
        withholding=withholding,
        obligation=obligation.obligation,
        client=obligation.client,
        covers=covers,
        category=obligation.category.value,
        creditor=creditor.creditor,
        creditor_name=to_sepa(creditor.name),
        creditor_iban=creditor.iban,
        ultimate_debtor=to_sepa(names[obligation.client]),
        amount_cents=cents,
        reference_type=creditor.reference_type,
        remittance=remittance(creditor.reference_type, obligation.category, covers, obligation.reference),
    )


def _dropped(connection: Connection, gemeente: str, facts: MonthFacts, plan: Plan) -> Iterator[Finding]:
    """What last month paid and this one does not, on the first sheet of the run."""
    before = earlier_payments.paid_lately(connection, gemeente, facts.month)
    gone = dropped.dropped(before, facts, plan, own_months_of(connection))
    for text in dropped.texts(gone, facts, plan):
        yield Finding("W", "paid_last_month", None, text)


def _freeze(
    connection: Connection,
    office: Office,
    file: PaymentFile,
    facts: MonthFacts,
    run_id: str,
    more: Sequence[Finding],
) -> str:
    content = render(file)
    findings = [*check(content, file, _file_facts(connection, office, file, facts, content)), *more]
    errors = [finding for finding in findings if finding.level == "E"]
    if errors:
        raise FileRefused(file.message_id, errors)
    warnings = ((finding.code, finding.payment, finding.text) for finding in findings)
    files.freeze(connection, run_id, facts.month, file, content, warnings, office.actor)
    return file.message_id


def _file_facts(
    connection: Connection, office: Office, file: PaymentFile, facts: MonthFacts, content: bytes
) -> FileFacts:
    gemeente = office.settings.gemeenten[file.gemeente]
    used = earlier_payments.used(connection, file, content)
    pairs = {(payment.creditor, payment.creditor_iban) for payment in file.payments}
    return FileFacts(
        now=office.now.astimezone(AMSTERDAM),
        cut_off=gemeente.cut_off,
        account_iban=gemeente.iban,
        own_ibans=office.settings.own_ibans,
        used_message_ids=used.message_ids,
        used_payment_information_ids=used.payment_information_ids,
        used_end_to_end_ids=used.end_to_end_ids,
        used_sha256=used.sha256,
        live=used.live,
        unconfirmed=pairs - facts.confirmed,
        last_paid=earlier_payments.last_paid(connection, file),
        paid_before=earlier_payments.creditors_paid(connection),
        limits=Limits(
            max_payment_cents=gemeente.max_payment_cents,
            max_total_cents=gemeente.max_total_cents,
            max_transactions=gemeente.max_transactions,
            change_percent=gemeente.change_percent,
            usual_cents={str(category): amounts for category, amounts in gemeente.usual_cents.items()},
        ),
    )
