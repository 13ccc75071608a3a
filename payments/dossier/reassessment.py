"""When a client is assessed again on a ground that was added by decision: one rule for worklist, forecast and pages."""

from collections.abc import Iterator
from datetime import date, timedelta

from payments.dossier.case import AddedGround, Case
from payments.dossier.checklist import Verdict
from payments.plan.grounds import Ground, last_day_of_months

COUNTS_BEFORE = timedelta(weeks=4)  # made so long before its due day, an assessment is the planned one


def still_due(case: Case, ground: AddedGround) -> bool:
    """Whether a ground still asks for its re-assessment, on the day itself too.

    An assessment before the ground, or on its first day, is the one that the decision rests on. One made long before
    the due day says nothing about that day: it counts from four weeks before it on.
    """
    return not any(
        made.assessed_on > ground.segment.start and made.assessed_on >= ground.reassess_on - COUNTS_BEFORE
        for made in case.assessments
    )


def reassessments_due(case: Case) -> Iterator[AddedGround]:
    """The added grounds that still ask for their re-assessment, each by its `reassess_on`."""
    return (ground for ground in case.added if still_due(case, ground))


def newest_added_ground(case: Case, today: date) -> AddedGround | None:
    """The added ground in force, or else the last one that was."""
    begun = [ground for ground in case.added if ground.segment.start <= today]
    return max(begun, key=lambda ground: ground.segment.until, default=None)


def asked_again(case: Case, verdict: Verdict, months: int, today: date) -> date | None:
    """The day of one more re-assessment, so many months after one that was not passed; None where none is asked.

    Only a decision that says that payments go on (art. 57, or the client's own wish) asks for it, while it lasts.
    """
    ground = newest_added_ground(case, today)
    if ground is None or ground.segment.ground not in (Ground.ART_57, Ground.VOLUNTARY) or still_due(case, ground):
        return None
    newest = case.assessments[-1].assessed_on
    if verdict is Verdict.PASSED or newest > ground.segment.until:
        return None
    return last_day_of_months(newest, months) + timedelta(days=1)
