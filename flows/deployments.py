"""Schedules: what Prefect starts when, on one machine, in the foreground."""

from prefect import serve
from prefect.schedules import Cron

from flows.payment_run import payment_run


def serve_schedules() -> None:
    """Serve the monthly run until stopped: the 20th at seven, so that two people can approve before payday."""
    monthly = payment_run.to_deployment(
        name="monthly",
        schedule=Cron("0 7 20 * *", timezone="Europe/Amsterdam"),
        concurrency_limit=1,
        description="Plans the current month of every gemeente up to waiting for approval; safe to start again.",
    )
    serve(monthly)  # type: ignore[arg-type]  # in plain code this is the deployment itself, not a coroutine
