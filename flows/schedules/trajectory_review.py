"""The review of all clients as a Prefect flow: a stage per gemeente, counts per kind only, no retry."""

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.actions.review import Reviewed, review
from flows.office import scheduled_office
from flows.schedules.payment_run import nothing_personal
from ledgers.errors import Refused


@task(
    name="review",
    task_run_name="review {gemeente}",
    retries=0,
    persist_result=False,
    cache_policy=NO_CACHE,
)
def review_one(gemeente: str) -> Reviewed:
    """Keep one gemeente's worklist and make its letters, in one transaction."""
    with nothing_personal():
        return review(scheduled_office(), gemeente)


@flow(name="trajectory-review", retries=0, persist_result=False, validate_parameters=True)
def trajectory_review(gemeente: str | None = None) -> list[Reviewed]:
    """Review one gemeente or all of the settings; a second start on the same day finds the work done."""
    with nothing_personal():
        codes = list(scheduled_office().settings.gemeenten)
    if gemeente is not None and gemeente not in codes:
        raise Refused(f"There is no gemeente {gemeente} in the settings.")
    done = [review_one(code) for code in ([gemeente] if gemeente else codes)]
    for item in done:
        counts = sum(item.items.values()), sum(item.notices.values()), item.already
        get_run_logger().info("%s: %d on the worklist, %d new letters, already=%s", item.gemeente, *counts)
    create_markdown_artifact(markdown=_report(done), key="trajectory-review", description="Counts per kind")
    return done


def _report(done: list[Reviewed]) -> str:
    rows = [
        f"| {item.gemeente} | {what} | {kind} | {count} |"
        for item in done
        for what, counts in (("worklist", item.items), ("new letters", item.notices))
        for kind, count in sorted(counts.items())
    ]
    return "\n".join(
        ["# Trajectory review", "", "| gemeente | what | kind | count |", "| --- | --- | --- | ---: |", *rows]
    )
