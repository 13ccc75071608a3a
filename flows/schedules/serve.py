"""Schedules: what Prefect starts when, on one machine, in the foreground."""

from typing import Any

from prefect import Flow, serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.schedules.payment_run import payment_run
from flows.schedules.reconciliation import reconciliation
from flows.schedules.trajectory_review import trajectory_review


def _scheduled(which: Flow[..., Any], name: str, cron: str, description: str) -> RunnerDeployment:
    # Politeness only: what keeps a second start from paying twice is the claim of the month in our own books.
    one_at_a_time = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return which.to_deployment(  # type: ignore[return-value]  # in plain code no coroutine
        name=name,
        schedule=Cron(cron, timezone="Europe/Amsterdam"),
        concurrency_limit=one_at_a_time,
        description=description,
        entrypoint_type=EntrypointType.MODULE_PATH,  # served from any folder, the installed program runs
    )


def monthly_run() -> RunnerDeployment:
    """The payment run of the 20th at seven, so that two people can approve before payday."""
    what = "Plans the current month of every gemeente up to waiting for approval; safe to start again."
    return _scheduled(payment_run, "monthly", "0 7 20 * *", what)


def hourly_inbox() -> RunnerDeployment:
    """The reconciliation of every working hour over ONTZORGEN_INBOX."""
    what = "Reads what the bank delivered; a file that was read before is not read again."
    return _scheduled(reconciliation, "inbox", "0 8-18 * * 1-5", what)


def weekly_review() -> RunnerDeployment:
    """The review of every Monday at six: once a month, a letter of four weeks ahead could come a day ahead."""
    what = "Keeps the worklist of every gemeente and makes the letters that are due; safe to start again."
    return _scheduled(trajectory_review, "weekly", "0 6 * * 1", what)


def serve_schedules() -> None:
    """Serve them all until stopped."""
    serve(monthly_run(), hourly_inbox(), weekly_review())
