"""What is asked after an end: whether the bills are paid, and arrears that somebody told of."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from payments.dossier.case import Case, EventKind
from payments.dossier.worklist_items import Cause, WorklistItem
from payments.plan.grounds import last_day_of_months

COUNTS_BEFORE = timedelta(weeks=2)  # who asked a little earlier has asked
ONE_DAY = timedelta(days=1)


def aftercare(case: Case, months: Sequence[int], today: date) -> Iterator[WorklistItem]:
    """Arrears until somebody says that there are none; after an ordinary end the days on which that is asked."""
    who = case.client.client
    told = [event for event in case.events if event.kind in (EventKind.ARREARS, EventKind.NO_ARREARS)]
    if any(event.kind is EventKind.DEATH for event in case.events):
        return
    if told and told[-1].kind is EventKind.ARREARS:
        yield WorklistItem(who, Cause.ARREARS, told[-1].on_day)
        return
    if case.ended_on is None or case.proposal is None or case.proposal.reason is not None:
        return
    newest = max((event.on_day for event in told), default=date.min)
    due = [(last_day_of_months(case.ended_on, n) + ONE_DAY, n) for n in sorted(months)]
    asked = [(day, n) for day, n in due if day <= today and newest < day - COUNTS_BEFORE]
    if asked:  # one conversation makes up for all of them
        facts = {"months": str(asked[-1][1]), "ended": case.ended_on.isoformat()}
        yield WorklistItem(who, Cause.AFTERCARE, asked[0][0], facts)
