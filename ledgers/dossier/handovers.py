"""Hand-over per creditor: from which covered month a client pays an obligation alone, and what was seen of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from ledgers.dossier.trajectories import before_period, new_periods
from ledgers.errors import Conflict, Refused
from ledgers.journal import audit
from ledgers.registers.register import LATEST, obligations_in_force
from ledgers.schema.bank import given_back
from ledgers.schema.core import obligations, payments, same_withholding, withholdings
from ledgers.schema.dossier import handover_proofs, handovers
from payments.dossier.case import Method
from payments.month import Month, add_months, month_of
from payments.parties import Obligation
from payments.plan.terms import OwnStretch, end_of_term, starts_term, through
from payments.states import LIVE, PaymentState

NEW_PERIOD = "nieuwe periode"  # why an agreement stands again after one of an earlier period
AGAIN = "opnieuw overgedragen"  # why it does after it was taken back


@dataclass(frozen=True, slots=True)
class Handover:
    """What was agreed about one obligation; with `back_from` that we pay it again from that month on."""

    obligation: str
    sequence: int
    first_own: Month
    method: str
    back_from: Month | None
    why: str | None


def agreements(connection: Connection, client: str | None = None) -> dict[str, list[Handover]]:
    """Everything agreed per obligation, oldest first; what a new period began after counts no more."""
    h = handovers.c
    query = select(handovers, obligations.c.client)
    query = query.join(obligations, obligations.c.obligation == h.obligation).order_by(h.obligation, h.sequence)
    if client is not None:
        query = query.where(obligations.c.client == client)
    since = new_periods(connection, client)
    found: dict[str, list[Handover]] = defaultdict(list)
    for row in connection.execute(query):
        if not before_period(since, row.client, row.recorded_at):
            found[row.obligation].append(
                Handover(
                    obligation=row.obligation,
                    sequence=row.sequence,
                    first_own=row.first_own,
                    method=row.method,
                    back_from=row.back_from,
                    why=row.why,
                )
            )
    return dict(found)


def standing(agreed: Sequence[Handover]) -> Handover | None:
    """The newest agreement, unless it was taken back."""
    return agreed[-1] if agreed and agreed[-1].back_from is None else None


def own_stretches(agreed: Iterable[Handover]) -> tuple[OwnStretch, ...]:
    """The client's own months by all that was agreed: a newer row corrects the one before, unless that was ended."""
    found: list[OwnStretch] = []
    for handover in agreed:
        if found and (found[-1].back_from is None or handover.back_from is not None):
            found.pop()
        found.append(OwnStretch(handover.first_own, handover.back_from))
    for place, following in enumerate(found[1:]):  # the client's after all: it goes on where the next one begins
        found[place] = replace(found[place], back_from=min(found[place].back_from or LATEST, following.first))
    return tuple(s for s in found if s.back_from is None or s.first < s.back_from)


def own_months_of(connection: Connection) -> dict[str, tuple[OwnStretch, ...]]:
    """The client's own months of every obligation that was ever handed over."""
    return {code: own_stretches(agreed) for code, agreed in agreements(connection).items()}


def as_we_pay(obligation: Obligation, own: Iterable[OwnStretch], covers: Month) -> Obligation:
    """The obligation as long as we pay it, seen from one covered month: it ends before the client's own months."""
    firsts = [stretch.first for stretch in own if stretch.back_from is None or stretch.holds(covers)]
    last = add_months(min(firsts), -1) if firsts else obligation.last_covered
    if last is None or (obligation.last_covered is not None and obligation.last_covered <= last):
        return obligation
    return replace(obligation, last_covered=last)


def paid_months(connection: Connection, client: str | None = None) -> Mapping[str, tuple[Month, ...]]:
    """Every month per obligation that a live payment, or money set apart for one still to be made, reaches."""
    w, p = withholdings.c, payments.c
    same = same_withholding(p, w)
    made = select(p.payment_id).where(same, p.state != PaymentState.CANCELLED).exists()
    live = select(p.payment_id).where(same, p.state.in_(LIVE)).exists()
    given = select(given_back.c.obligation).where(same_withholding(given_back.c, w))
    query = select(w.obligation, w.covers, w.reaches).where(live | ~(made | given.exists()))
    if client is not None:
        query = query.where(w.client == client)
    found: dict[str, set[Month]] = defaultdict(set)
    for obligation, covers, reaches in connection.execute(query):
        found[obligation].update(through(covers, reaches))
    return {code: tuple(sorted(months)) for code, months in found.items()}


def hand_over(
    connection: Connection, code: str, first_own: Month, method: Method, why: str, actor: str, now: datetime
) -> tuple[bool, Month | None]:
    """Agree from which covered month the client pays; (False when it was agreed so before, our last month if later).

    Another month or method than agreed before is a Conflict, unless `why` says what changed. A month that we paid
    already is recorded all the same, for it is what was agreed: the overlap keeps the end away until it is solved.
    """
    by_now, obligation = _obligation(connection, code, month_of(now.date())), _paying(connection, code, first_own)
    agreed = agreements(connection, obligation.client).get(code, [])
    last = agreed[-1] if agreed else None
    if last is not None and (last.first_own, last.method, last.back_from) == (first_own, method, None):
        return False, None
    if last is not None and not why.strip():
        _agreed_otherwise(last, first_own, method)
    paid = paid_months(connection, obligation.client).get(code, ())
    own = own_stretches(agreed)
    follows = {add_months(max(paid), 1)} if paid else set()
    if first_own not in follows | {stretch.back_from for stretch in own} and not starts_term(by_now, first_own):
        _must_start_term(obligation, first_own)
    seen = [m for (name, m), yes in proofs(connection, obligation.client).items() if name == code and yes]
    alone = [m for m in seen if not any(stretch.back_from is not None and stretch.holds(m) for stretch in own)]
    if alone and first_own > max(alone):
        raise Refused(f"The client paid {code} alone for {max(alone)} already: the first own month is not after it.")
    row = {"obligation": code, "first_own": first_own, "method": method.value, "why": why.strip() or None}
    sequence = _record(connection, row, NEW_PERIOD if last is None else AGAIN, actor, now)
    subject = {"obligation": code, "first_own": first_own, "method": method.value, "sequence": sequence}
    audit.append(connection, now, actor, "handed_over", subject)
    return True, max(paid) if paid and max(paid) >= first_own else None


def _agreed_otherwise(last: Handover, first_own: Month, method: Method) -> None:
    """Conflict, unless this is the next hand-over after one that was taken back."""
    if last.back_from is None:
        raise Conflict(
            f"{last.obligation} was handed over from {last.first_own} by {last.method}, not from {first_own} by "
            f"{method}. If that changed, say with --why what happened."
        )
    if first_own < last.back_from:
        raise Conflict(
            f"{last.obligation} was taken back from {last.back_from}; {first_own} is before that. If it was the "
            "client's own after all, say with --why what happened."
        )


def _must_start_term(obligation: Obligation, month: Month) -> None:
    code, first = obligation.obligation, obligation.first_covered
    if month < first:
        raise Refused(f"{code} runs from {first}; {month} is an earlier month, which nobody pays.")
    if not starts_term(obligation, month):
        raise Refused(
            f"{code} is paid per {obligation.frequency.value} from {first}: {month} lies inside a term. Choose the "
            "first month of a term."
        )


def _record(connection: Connection, row: Mapping[str, str | None], otherwise: str, actor: str, now: datetime) -> int:
    """Add the next row of an obligation, without a reason `otherwise` unless it is the first; its number."""
    known = select(func.count()).select_from(handovers).where(handovers.c.obligation == row["obligation"])
    sequence = connection.execute(known).scalar_one() + 1
    said = row["why"] or (otherwise if sequence > 1 else None)
    by = {"recorded_by": actor, "recorded_at": now.isoformat(timespec="seconds")}
    connection.execute(handovers.insert(), {**row, **by, "sequence": sequence, "why": said})
    return sequence


def take_back(
    connection: Connection, code: str, back_from: Month, why: str, actor: str, now: datetime
) -> tuple[bool, Month | None]:
    """Pay an obligation again from a covered month on; (False when it was taken back so, a month of theirs we paid).

    The own months before it stay the client's, also for a run of an earlier month. Another month than before is a
    Conflict, unless `why` says something new.
    """
    obligation = _paying(connection, code, back_from)
    agreed = agreements(connection, obligation.client).get(code, [])
    if not agreed:
        raise Refused(f"{code} is not handed over: there is nothing to take back.")
    last = agreed[-1]
    if last.back_from == back_from:
        return False, None
    if last.back_from is not None and why.strip() in ("", last.why):
        raise Conflict(
            f"{code} was taken back from {last.back_from}, not from {back_from}. If that changed, say with --why "
            "what happened since."
        )
    if not why.strip():
        raise Refused("Say with --why why it is taken back.")
    _may_be_ours(connection, obligation, last, back_from)
    row = {
        "obligation": code,
        "first_own": last.first_own,
        "method": last.method,
        "back_from": back_from,
        "why": why.strip(),
    }
    sequence = _record(connection, row, why, actor, now)
    subject = {"obligation": code, "first_own": last.first_own, "back_from": back_from, "sequence": sequence}
    audit.append(connection, now, actor, "taken_back", subject)
    paid = paid_months(connection, obligation.client).get(code, ())
    return True, max((month for month in paid if last.first_own <= month < back_from), default=None)


def _may_be_ours(connection: Connection, obligation: Obligation, last: Handover, back_from: Month) -> None:
    code = obligation.obligation
    if back_from < last.first_own:
        raise Refused(f"{code} is the client's own from {last.first_own}; {back_from} was ours already.")
    _must_start_term(obligation, back_from)
    for (name, covers), yes in proofs(connection, obligation.client).items():
        if name == code and yes and end_of_term(_paying(connection, code, covers), covers) >= back_from:
            raise Refused(f"The client paid {code} alone for {covers}: take it back from a month after it.")


def proofs(connection: Connection, client: str | None = None) -> dict[tuple[str, Month], bool]:
    """What was seen last per obligation and covered month: whether the client paid it alone."""
    p = handover_proofs.c
    query = select(p.obligation, p.covers, p.paid, p.observed_at, obligations.c.client)
    query = query.join(obligations, obligations.c.obligation == p.obligation)
    query = query.order_by(p.obligation, p.covers, p.sequence)
    if client is not None:
        query = query.where(obligations.c.client == client)
    since = new_periods(connection, client)
    return {
        (row.obligation, row.covers): row.paid
        for row in connection.execute(query)
        if not before_period(since, row.client, row.observed_at)
    }


def record_proof(
    connection: Connection,
    code: str,
    covers: Month,
    paid: bool,  # noqa: FBT001 - what was seen, as the caller names it
    why: str,
    actor: str,
    now: datetime,
) -> bool:
    """Record whether the client paid one covered month of the newest own stretch; False when seen so before."""
    obligation = _paying(connection, code, covers)
    agreed = agreements(connection, obligation.client).get(code, [])
    if not agreed:
        raise Refused(f"{code} is not handed over: record with `ontzorgen handover {code}` from which month.")
    handover = agreed[-1]
    if covers < handover.first_own:
        raise Refused(f"{code} is the client's own from {handover.first_own}; {covers} was ours.")
    if handover.back_from is not None and covers >= handover.back_from:
        raise Refused(f"{code} was taken back from {handover.back_from}; {covers} is ours again.")
    if covers != handover.first_own and not starts_term(obligation, covers):
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
    row = {
        "obligation": code,
        "covers": covers,
        "sequence": last + 1,
        "paid": paid,
        "why": said,
        "observed_by": actor,
        "observed_at": now.isoformat(timespec="seconds"),
    }
    connection.execute(handover_proofs.insert(), row)
    audit.append(connection, now, actor, "own_payment_seen", {"obligation": code, "covers": covers, "paid": paid})
    return True


def _yes_or_no(paid: bool) -> str:  # noqa: FBT001 - a word for it
    return "ja" if paid else "nee"


def _paying(connection: Connection, code: str, covers: Month) -> Obligation:
    """The obligation by the version that counts for the benefit month before, which as a rule pays a covered one."""
    return _obligation(connection, code, add_months(covers, -1))


def _obligation(connection: Connection, code: str, month: Month) -> Obligation:
    known = obligations_in_force(connection, month).get(code)
    if known is None:
        raise Refused(f"There is no vaste last {code} in the register.")
    return known
