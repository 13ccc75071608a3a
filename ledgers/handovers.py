"""Hand-over per creditor: from which covered month a client pays an obligation alone, and what was seen of it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from ledgers import audit
from ledgers.bank_tables import given_back
from ledgers.dossier_tables import handover_proofs, handovers
from ledgers.errors import Conflict, Refused
from ledgers.registers import obligations_in_force
from ledgers.tables import obligations, payments, withholdings
from ledgers.trajectories import before_period, new_periods
from payments.cases import last_reached
from payments.month import Month, add_months, index, month_of
from payments.parties import Obligation

NEW_PERIOD = "nieuwe periode"  # why an agreement stands again after one of an earlier period
LIVE = ("planned", "instructed", "booked", "settled")


class Method(StrEnum):
    """How the client pays from now on."""

    DIRECT_DEBIT = "incasso"
    TRANSFER = "overboeking"


@dataclass(frozen=True, slots=True)
class Handover:
    """What was agreed last about one obligation."""

    obligation: str
    sequence: int
    first_own: Month
    method: str


def handed_over(connection: Connection, client: str | None = None) -> dict[str, Handover]:
    """The newest agreement per obligation; those of a period that ended before a new one began count no more."""
    h = handovers.c
    query = select(h.obligation, h.sequence, h.first_own, h.method, h.recorded_at, obligations.c.client)
    query = query.join(obligations, obligations.c.obligation == h.obligation).order_by(h.obligation, h.sequence)
    if client is not None:
        query = query.where(obligations.c.client == client)
    since = new_periods(connection, client)
    return {row.obligation: Handover(*row[:4]) for row in connection.execute(query)
            if not before_period(since, row.client, row.recorded_at)}  # fmt: skip


def until_handover(obligation: Obligation, handover: Handover | None) -> Obligation:
    """The obligation as long as we pay it: it ends with the month before the client's first own month."""
    if handover is None:
        return obligation
    last = add_months(handover.first_own, -1)
    if obligation.last_covered is not None and obligation.last_covered <= last:
        return obligation
    return replace(obligation, last_covered=last)


def paid_months(connection: Connection, client: str | None = None) -> Mapping[str, tuple[Month, ...]]:
    """Covered months per obligation with a live payment, or money set apart for one that is still to be made."""
    w, p = withholdings.c, payments.c
    same = (p.obligation == w.obligation) & (p.covers == w.covers)
    made = select(p.payment_id).where(same, p.state != "cancelled").exists()
    live = select(p.payment_id).where(same, p.state.in_(LIVE)).exists()
    given = select(given_back.c.obligation).where(
        given_back.c.obligation == w.obligation, given_back.c.covers == w.covers
    )
    query = select(w.obligation, w.covers).where(live | ~(made | given.exists())).order_by(w.obligation, w.covers)
    if client is not None:
        query = query.where(w.client == client)
    found: dict[str, list[Month]] = defaultdict(list)
    for obligation, covers in connection.execute(query):
        found[obligation].append(covers)
    return {code: tuple(months) for code, months in found.items()}


def hand_over(
    connection: Connection, code: str, first_own: Month, method: Method, why: str, actor: str, now: datetime
) -> tuple[bool, Month | None]:
    """Agree from which covered month the client pays; (False when it was agreed so before, our last month if later).

    Another month or method than agreed before is a Conflict, unless `why` says what changed. A month that we paid
    already is recorded all the same, for it is what was agreed: the overlap keeps the end away until it is solved.
    """
    obligation = _obligation(connection, code)
    before = handed_over(connection, obligation.client).get(code)
    if before is not None and (before.first_own, before.method) == (first_own, method):
        return False, None
    if before is not None and not why.strip():
        raise Conflict(
            f"{code} was handed over from {before.first_own} by {before.method}, not from {first_own} by {method}. "
            "If that changed, say with --why what happened."
        )
    if first_own < obligation.first_covered:
        raise Refused(f"{code} runs from {obligation.first_covered}; the client cannot pay an earlier month.")
    if (index(first_own) - index(obligation.first_covered)) % obligation.frequency.months:
        raise Refused(
            f"{code} is paid per {obligation.frequency.value} from {obligation.first_covered}: {first_own} lies inside "
            "a term. Choose the first month of a term."
        )
    own = [m for (name, m), paid in proofs(connection, obligation.client).items() if name == code and paid]
    if own and first_own > max(own):
        raise Refused(f"The client paid {code} alone for {max(own)} already: the first own month is not after it.")
    known = select(func.count()).select_from(handovers).where(handovers.c.obligation == code)
    sequence = connection.execute(known).scalar_one() + 1
    said = why.strip() or (NEW_PERIOD if sequence > 1 else None)
    row = {"obligation": code, "sequence": sequence, "first_own": first_own, "method": method.value,
           "why": said, "recorded_by": actor,
           "recorded_at": now.isoformat(timespec="seconds")}  # fmt: skip
    connection.execute(handovers.insert(), row)
    subject = {"obligation": code, "first_own": first_own, "method": method.value, "sequence": sequence}
    audit.append(connection, now, actor, "handed_over", subject)
    reached = last_reached(obligation, paid_months(connection, obligation.client).get(code, ()))
    return True, reached if reached is not None and reached >= first_own else None


def proofs(connection: Connection, client: str | None = None) -> dict[tuple[str, Month], bool]:
    """What was seen last per obligation and covered month: whether the client paid it alone."""
    p = handover_proofs.c
    query = select(p.obligation, p.covers, p.paid, p.observed_at, obligations.c.client)
    query = query.join(obligations, obligations.c.obligation == p.obligation)
    query = query.order_by(p.obligation, p.covers, p.sequence)
    if client is not None:
        query = query.where(obligations.c.client == client)
    since = new_periods(connection, client)
    return {(row.obligation, row.covers): row.paid for row in connection.execute(query)
            if not before_period(since, row.client, row.observed_at)}  # fmt: skip


def record_proof(
    connection: Connection, code: str, covers: Month, paid: bool, why: str, actor: str, now: datetime  # noqa: FBT001 - the observation itself
) -> bool:  # fmt: skip
    """Record whether the client paid one covered month; False when the same was seen before."""
    obligation = _obligation(connection, code)
    handover = handed_over(connection, obligation.client).get(code)
    if handover is None:
        raise Refused(f"{code} is not handed over: record with `ontzorgen handover {code}` from which month.")
    if covers < handover.first_own:
        raise Refused(f"{code} is the client's own from {handover.first_own}; {covers} was ours.")
    if (index(covers) - index(handover.first_own)) % obligation.frequency.months:
        raise Refused(f"{code} is paid per {obligation.frequency.value}: {covers} is no month in which it falls due.")
    if covers > add_months(month_of(now.date()), 1):
        raise Refused(f"{covers} is still to come: record what was seen, not what is expected.")
    before = proofs(connection, obligation.client)
    seen = before.get((code, covers))
    if seen == paid:
        return False
    if seen is not None and not why.strip():
        raise Conflict(
            f"{code} {covers} was recorded as {_yes_or_no(seen)}, not {_yes_or_no(paid)}. "
            "If that was wrong, say with --why."
        )
    p = handover_proofs.c
    last = connection.execute(
        select(func.count()).select_from(handover_proofs).where(p.obligation == code, p.covers == covers)
    ).scalar_one()
    said = why.strip() or (NEW_PERIOD if last else None)
    row = {"obligation": code, "covers": covers, "sequence": last + 1, "paid": paid, "why": said,
           "observed_by": actor, "observed_at": now.isoformat(timespec="seconds")}  # fmt: skip
    connection.execute(handover_proofs.insert(), row)
    audit.append(connection, now, actor, "own_payment_seen", {"obligation": code, "covers": covers, "paid": paid})
    return True


def _yes_or_no(paid: bool) -> str:  # noqa: FBT001 - a word for it
    return "ja" if paid else "nee"


def _obligation(connection: Connection, code: str) -> Obligation:
    known = obligations_in_force(connection).get(code)
    if known is None:
        raise Refused(f"There is no vaste last {code} in the register.")
    return known
