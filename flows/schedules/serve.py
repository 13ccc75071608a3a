"""Schedules: what Prefect starts when, on one machine, in the foreground."""

from prefect import serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.schedules.payment_run import payment_run
from flows.schedules.reconciliation import reconciliation
from flows.schedules.trajectory_review import trajectory_review


def monthly_run() -> RunnerDeployment:
    """The payment run of the 20th at seven, so that two people can approve before payday."""
    # Politeness only: what keeps a second start from paying twice is the claim of the month in our own books.
    one_at_a_time = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return payment_run.to_deployment(  # type: ignore[return-value]  # in plain code no coroutine
        name="monthly",
        schedule=Cron("0 7 20 * *", timezone="Europe/Amsterdam"),
        concurrency_limit=one_at_a_time,
        description="Plans the current month of every gemeente up to waiting for approval; safe to start again.",
        entrypoint_type=EntrypointType.MODULE_PATH,  # served from any folder, the installed program runs
    )


def hourly_inbox() -> RunnerDeployment:
    """The reconciliation of every working hour over ONTZORGEN_INBOX."""
    one_at_a_time = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return reconciliation.to_deployment(  # type: ignore[return-value]  # in plain code no coroutine
        name="inbox",
        schedule=Cron("0 8-18 * * 1-5", timezone="Europe/Amsterdam"),
        concurrency_limit=one_at_a_time,
        description="Reads what the bank delivered; a file that was read before is not read again.",
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def weekly_review() -> RunnerDeployment:
    """The review of every Monday at six: once a month, a letter of four weeks ahead could come a day ahead."""
    one_at_a_time = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)
    return trajectory_review.to_deployment(  # type: ignore[return-value]  # in plain code no coroutine
        name="weekly",
        schedule=Cron("0 6 * * 1", timezone="Europe/Amsterdam"),
        concurrency_limit=one_at_a_time,
        description="Keeps the worklist of every gemeente and makes the letters that are due; safe to start again.",
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def serve_schedules() -> None:
    """Serve them all until stopped."""
    serve(monthly_run(), hourly_inbox(), weekly_review())
