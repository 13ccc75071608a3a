"""Of which occasions clients and creditors are told by letter, each once, and what is told: facts, not words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from payments.calendar import payday
from payments.dossier.case import Case, EarlyReason, EventKind, FixedCost, Method
from payments.dossier.ending import Fit, Junction, falls_due, junction
from payments.dossier.paydays import paid_until
from payments.dossier.worklist import warning
from payments.dossier.worklist_items import Look
from payments.month import Month, first_day, month_of
from payments.parties import Category, Creditor

OLD_NEWS = timedelta(weeks=52)  # an end so long ago is not told to creditors any more


class NoticeKind(StrEnum):
    """What a notice tells; `ground_ends` goes to the client, and with an obligation to its creditor."""

    GROUND_ENDS = "ground_ends"
    HANDOVER = "handover"  # to the client, about one obligation
    HANDOVER_CREDITOR = "handover_creditor"  # to the creditor of the same one
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Occasion:
    """One letter to be made; `obligation` is empty where it is about the client as a whole."""

    client: str
    obligation: str
    kind: NoticeKind
    about: date

    @property
    def to_creditor(self) -> bool:
        """Whether the creditor of the obligation gets it, and not the client."""
        about_one = self.kind in (NoticeKind.GROUND_ENDS, NoticeKind.ENDED) and self.obligation != ""
        return self.kind is NoticeKind.HANDOVER_CREDITOR or about_one


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a reader can ask; empty what a gemeente did not say."""

    name: str = ""
    phone: str = ""
    mail: str = ""


NOBODY_NAMED = Contact()


@dataclass(frozen=True, slots=True)
class Heading:
    """Who writes to whom, and on which day; whom to ask is no fact that a letter tells, and never makes it another."""

    sender: str
    addressee: str
    day: date
    contact: Contact = NOBODY_NAMED


class NextPayer(StrEnum):
    """Who pays a creditor after us, as far as it is told."""

    CUSTOMER = "customer"
    OTHER = "other"  # the customer, or somebody who takes over where they went
    NOBODY_KNOWN = "nobody_known"  # after a death, which is not told


@dataclass(frozen=True, slots=True)
class OwnBill:
    """A bill that the client pays alone from a covered month on; until `resumes`, where we pay it again from then."""

    category: Category
    creditor: str
    amount_cents: int
    first_own: Month
    resumes: Month | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """How a creditor knows the client."""

    name: str
    reference: str


@dataclass(frozen=True, slots=True)
class PaymentsStop:
    """To a client: we pay nothing after the day of the occasion; these bills are theirs then, in order of month."""

    bills: tuple[OwnBill, ...]


@dataclass(frozen=True, slots=True)
class BillPasses:
    """To a client: this one bill is theirs, and how it is paid."""

    bill: OwnBill
    reference: str
    method: Method


@dataclass(frozen=True, slots=True)
class PayerChanges:
    """To a creditor: we no longer pay from a covered month on, or not until `resumes`; neither why, nor how much."""

    customer: Customer
    first_own: Month
    payer: NextPayer = NextPayer.CUSTOMER
    resumes: Month | None = None


@dataclass(frozen=True, slots=True)
class LetterDue:
    """One letter as facts: all that its text is made of, and nothing that it does not tell."""

    occasion: Occasion
    heading: Heading
    content: PaymentsStop | BillPasses | PayerChanges


@dataclass(frozen=True, slots=True)
class Passing:
    """An obligation that passes from us to the client with its first own month."""

    cost: FixedCost
    first_own: Month
    resumes: Month | None = None


def occasions(look: Look, warn_weeks: Sequence[int], today: date) -> Iterator[Occasion]:
    """Everything that client and creditors have to be told of today; of a death nobody is told by letter."""
    case, who = look.case, look.case.client.client
    if case.trajectory is None:
        return
    yield from _of_an_end(look, today)
    if _died(case):
        return
    last = paid_until(case.segments, look.payday, today)
    if last is not None and ground_ending(look, last) and _told(last, warn_weeks, today):
        stopping = stopping_by(look, last, today)
        if stopping or not _paid_after(look, last):
            yield Occasion(who, "", NoticeKind.GROUND_ENDS, last)
        for passing in stopping:
            if passing.cost.first_own is None:  # else its creditor reads of the hand-over
                yield Occasion(who, passing.cost.obligation.obligation, NoticeKind.GROUND_ENDS, last)
    for cost in case.costs:
        if cost.first_own is not None:
            for kind in (NoticeKind.HANDOVER, NoticeKind.HANDOVER_CREDITOR):
                yield Occasion(who, cost.obligation.obligation, kind, first_day(cost.first_own))


def _of_an_end(look: Look, today: date) -> Iterator[Occasion]:
    """To the client that it ends, and to every creditor who did not read of a hand-over, early or not."""
    case, who = look.case, look.case.client.client
    if case.ended_on is None:
        return
    if not _died(case):
        yield Occasion(who, "", NoticeKind.ENDED, case.ended_on)
    if today - case.ended_on <= OLD_NEWS:
        for passing in to_pass(look, today):
            if passing.cost.first_own is None:
                yield Occasion(who, passing.cost.obligation.obligation, NoticeKind.ENDED, case.ended_on)


def _died(case: Case) -> bool:
    by_end = case.proposal is not None and case.proposal.reason is EarlyReason.DEATH
    return by_end or any(event.kind is EventKind.DEATH for event in case.events)


def ground_ending(look: Look, last: date) -> bool:
    """Whether we really stop on that day: no ground before the next payday, and no end that comes first."""
    case = look.case
    proposed = case.proposal.end_date if case.proposal else None
    ended = case.ended_on is not None and case.ended_on <= last
    stops = paid_until(case.segments, look.payday, last) == last
    return stops and not ended and (proposed is None or proposed > last)


def _paid_after(look: Look, last: date) -> list[Month]:
    """The benefit months that are paid again after a payday without a ground."""
    return [month for month in look.coming if payday(month, look.payday) > last]


def stopping_by(look: Look, last: date, on: date) -> list[Passing]:
    """The obligations of which nobody pays a month after `last`; where a later ground pays again, from which month."""
    later = _paid_after(look, last)
    if not later:
        return to_pass(look, on)
    until_then = [month for month in look.coming if month not in later]
    found = []
    for cost in look.case.costs:
        since = look.case.client.right_from
        stop = junction(cost, until_then, look.policy, on, since)
        due = [falls_due(cost.obligation, month, look.policy, since) for month in later]
        resumes = min((covers for covers in due if covers is not None and not cost.clients_own(covers)), default=None)
        first_own = cost.first_own or stop.expected
        ours = cost.first_own is None or first_own > month_of(on)
        if ours and _paid_by_us(cost, stop) and (resumes is None or resumes > first_own):
            found.append(Passing(cost, first_own, resumes if cost.first_own is None else None))
    return found


def _told(last: date, warn_weeks: Sequence[int], today: date) -> bool:
    """From the second warning on: the first one is for the office, in time for a follow-up decision."""
    steps = sorted(warn_weeks, reverse=True)
    return warning(last, steps[1:] or steps, today) is not None


def to_pass(look: Look, on: date) -> list[Passing]:
    """The obligations that we still paid on a day and that the client pays afterwards, from which month on."""
    found = []
    for cost, meeting in zip(look.case.costs, look.junctions, strict=True):
        first_own = cost.first_own or meeting.expected
        if _paid_by_us(cost, meeting) and (cost.first_own is None or first_own > month_of(on)):
            found.append(Passing(cost, first_own))
    return found


def _paid_by_us(cost: FixedCost, meeting: Junction) -> bool:
    if meeting.fit is Fit.NOT_NEEDED or meeting.last_ours is None:
        return False
    return cost.paid != () or cost.obligation.category is not Category.OTHER  # overig: not on every ground


def letter_due(
    occasion: Occasion,
    look: Look,
    creditors: Mapping[str, Creditor],
    sender: str,
    day: date,
    contact: Contact = NOBODY_NAMED,
) -> LetterDue | None:
    """The letter of an occasion, dated `day`, from what the books know; None where it does not hold any more."""
    case = look.case
    if occasion.kind is NoticeKind.ENDED and case.ended_on != occasion.about:
        return None
    if occasion.kind is NoticeKind.GROUND_ENDS and not ground_ending(look, occasion.about):
        return None
    client = Heading(sender, case.client.name, day, contact)
    if not occasion.obligation:
        bills = [_bill(passing, creditors) for passing in _passings(occasion, look, day)]
        if not bills and occasion.kind is NoticeKind.GROUND_ENDS and _paid_after(look, occasion.about):
            return None
        bills.sort(key=lambda bill: (bill.first_own, bill.category, bill.creditor))
        return LetterDue(occasion, client, PaymentsStop(tuple(bills)))
    passing = _passing(occasion, look, day)
    return None if passing is None else _about_one(occasion, passing, client, look, creditors)


def _passings(occasion: Occasion, look: Look, day: date) -> list[Passing]:
    if occasion.kind is NoticeKind.GROUND_ENDS:
        return stopping_by(look, occasion.about, day)
    return to_pass(look, day)


def _passing(occasion: Occasion, look: Look, day: date) -> Passing | None:
    """The obligation that an occasion is about, as long as it passes as was told."""
    if occasion.kind in (NoticeKind.GROUND_ENDS, NoticeKind.ENDED):
        found = [passing for passing in _passings(occasion, look, day) if passing.cost.first_own is None]
    else:
        told = month_of(occasion.about)
        found = [Passing(cost, told) for cost in look.case.costs if cost.first_own == told]
    return next((passing for passing in found if passing.cost.obligation.obligation == occasion.obligation), None)


def _about_one(
    occasion: Occasion, passing: Passing, client: Heading, look: Look, creditors: Mapping[str, Creditor]
) -> LetterDue:
    cost, obligation = passing.cost, passing.cost.obligation
    if occasion.to_creditor:
        heading = Heading(client.sender, creditors[obligation.creditor].name, client.day, client.contact)
        payer = _next_payer(look.case) if occasion.kind is NoticeKind.ENDED else NextPayer.CUSTOMER
        customer = Customer(client.addressee, obligation.reference)
        return LetterDue(occasion, heading, PayerChanges(customer, passing.first_own, payer, passing.resumes))
    assert cost.method is not None, "a hand-over says how"
    return LetterDue(occasion, client, BillPasses(_bill(passing, creditors), obligation.reference, Method(cost.method)))


def _next_payer(case: Case) -> NextPayer:
    if _died(case):
        return NextPayer.NOBODY_KNOWN
    moved = case.proposal is not None and case.proposal.reason is EarlyReason.MOVED
    return NextPayer.OTHER if moved else NextPayer.CUSTOMER


def _bill(passing: Passing, creditors: Mapping[str, Creditor]) -> OwnBill:
    obligation = passing.cost.obligation
    creditor = creditors[obligation.creditor].name
    return OwnBill(obligation.category, creditor, obligation.amount_cents, passing.first_own, passing.resumes)
