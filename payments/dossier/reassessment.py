"""When a client is assessed again on a ground that was added by decision: one rule for worklist, forecast and pages."""

from collections.abc import Iterator
from datetime import timedelta

from payments.dossier.case import AddedGround, Case

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
