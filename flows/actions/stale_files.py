"""Judge the payment files that wait by today: may they still be approved and released as they were made?"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import Connection

from config.settings import GemeenteSettings
from flows.actions.rules import policy_of
from flows.office import Office
from ledgers.dossier.handovers import own_months_of
from ledgers.errors import Refused
from ledgers.month.month_facts import load_facts
from ledgers.month.payment_files import FileRow
from ledgers.month.waiting_files import waiting_payments
from payments.calendar import AMSTERDAM
from payments.money import format_amount
from payments.month import Month
from payments.plan.planning import plan_month
from payments.plan.stale_payments import StalePayment, stale_payments

_NAMED = 20  # in a sentence; all of them stand in the answer for programs
_SHOWN = ("client", "obligation", "covers", "was_cents", "would_be_cents", "why")


class StaleFile(Refused):
    """A file that waits would not be made like this today."""

    def __init__(self, file_id: str, month: Month, stale: tuple[StalePayment, ...]) -> None:
        self.stale = stale
        lines = [_line(payment) for payment in stale[:_NAMED]]
        if len(stale) > _NAMED:
            lines.append(f"  and {len(stale) - _NAMED} more")
        what = f"{file_id} was made by other registers or decisions than those of today. Planned again, {len(stale)} of"
        way_out = f"Take it back with `ontzorgen cancel {file_id} --why TEXT` and run {month} again."
        super().__init__("\n".join([f"{what} its payments would be different:", *lines, way_out]))

    @property
    def details(self) -> Mapping[str, object]:
        """Each payment that would be another one, or none."""
        return {"stale": [shown(payment) for payment in self.stale]}


def shown(payment: StalePayment) -> dict[str, object]:
    """A stale payment as answers for programs have it."""
    every = asdict(payment)
    return {name: str(every[name]) if name == "why" else every[name] for name in _SHOWN}


def _line(payment: StalePayment) -> str:
    was = f"EUR {format_amount(payment.was_cents)}"
    now = f"EUR {format_amount(payment.would_be_cents)}" if payment.would_be_cents else "nothing"
    return f"  {payment.obligation} {payment.covers} for {payment.client} ({payment.why}): {was}, now {now}"


def stale_in_files(
    connection: Connection,
    office: Office,
    gemeente: str | None = None,
    month: Month | None = None,
    ended: Mapping[str, date] = MappingProxyType({}),
) -> Mapping[str, tuple[StalePayment, ...]]:
    """Per file that waits, what of it would be different today; a file that is right does not stand here.

    `ended` are ends to be looked at as if they stood already: a client with the last day on which may be paid.
    """
    found: dict[str, list[StalePayment]] = defaultdict(list)
    own = None
    for (code, of_month, on), waiting in waiting_payments(connection, gemeente, month).items():
        if code not in office.settings.gemeenten:
            continue  # nobody here can approve or release it: that says so itself
        settings = office.settings.gemeenten[code]
        policy, months = policy_of(settings, office.settings.own_ibans), office.art_56a_months
        facts = load_facts(connection, code, of_month, on, policy, months, waiting_is_free=True)
        facts = replace(facts, ended={**facts.ended, **ended})
        own = own_months_of(connection) if own is None else own
        clients_own = {
            (p.obligation, p.covers)
            for p in waiting
            if any(stretch.holds(p.covers) for stretch in own.get(p.obligation, ()))
        }
        for payment in stale_payments(waiting, facts, plan_month(facts), clients_own):
            found[payment.file_id].append(payment)
    return {file_id: tuple(payments) for file_id, payments in found.items()}


def refuse_outdated(connection: Connection, office: Office, file: FileRow) -> None:
    """Refused where the day of a file that waits is over, or where it would be another file today."""
    gemeente = office.settings.gemeenten.get(file.gemeente)
    if gemeente is None:
        raise Refused(f"{file.file_id} is of {file.gemeente}, which these settings do not have.")
    way_out = (
        f"Take it back with `ontzorgen cancel {file.file_id} --why TEXT` and give another day: `ontzorgen run "
        f"{file.month} --gemeente {file.gemeente} --execution-date YYYY-MM-DD`."
    )
    refuse_past_day(gemeente, file.execution_date, office.now, way_out)
    stale = stale_in_files(connection, office, file.gemeente, file.month).get(file.file_id)
    if stale:
        raise StaleFile(file.file_id, file.month, stale)


def refuse_past_day(gemeente: GemeenteSettings, on: date, now: datetime, way_out: str) -> None:
    """Refused where the bank cannot execute on that day any more: it is past, or its cut-off is."""
    local = now.astimezone(AMSTERDAM)
    if on < local.date():
        raise Refused(f"{gemeente.code}: execution date {on} is past. {way_out}")
    if on == local.date() and local.time() > gemeente.cut_off:
        raise Refused(f"{gemeente.code}: the cut-off of {on} ({gemeente.cut_off:%H:%M}) has passed. {way_out}")
