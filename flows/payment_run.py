"""The payment run as a Prefect flow: visible stages over the plain functions, keys only, no retry on money.

Prefect schedules and shows; the claim of a month is a row in our own database, so a second start, a restart or a
duplicated schedule finds the work done. Nothing personal reaches Prefect: parameters are keys, results are not
persisted, and the artifact has counts and sums per gemeente.
"""

from datetime import date

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.month import RunResult, prove_books, run_gemeente
from flows.office import scheduled_office
from ledgers.errors import Refused
from payments.money import format_amount
from payments.month import Month, month_of, parse_date, parse_month


@task(name="prove the books", retries=0, persist_result=False, cache_policy=NO_CACHE)
def prove() -> None:
    """Fail when the books do not hold together, before or after anything moved."""
    prove_books(scheduled_office().engine)


@task(
    name="plan and freeze",
    task_run_name="plan and freeze {gemeente} {month}",
    retries=0,  # moving money is started again by a person or by the next schedule, never by a retry
    persist_result=False,
    cache_policy=NO_CACHE,
)
def plan_and_freeze(gemeente: str, month: Month, execution_date: date | None) -> RunResult | str:
    """Run one gemeente's month; a refusal comes back as its text, so that the other gemeenten go on."""
    office = scheduled_office()
    try:
        return run_gemeente(
            office.engine,
            office.settings,
            gemeente,
            month,
            art_56a_months=office.art_56a_months,
            actor=office.actor,
            now=office.now,
            execution_date=execution_date,
        )
    except Refused as refused:
        return str(refused)


@flow(name="payment-run", retries=0, persist_result=False, validate_parameters=True)
def payment_run(
    month: str | None = None, gemeente: str | None = None, execution_date: str | None = None
) -> list[RunResult]:
    """Plan a month (default: the current one) up to waiting for approval, for one gemeente or all of the settings.

    The books and settings are those of ONTZORGEN_DATABASE and ONTZORGEN_CONFIG; the maker is `systeem`.
    """
    logger = get_run_logger()
    office = scheduled_office()
    chosen = parse_month(month) if month else month_of(office.today)
    on = parse_date(execution_date) if execution_date else None
    if gemeente is not None and gemeente not in office.settings.gemeenten:
        raise Refused(f"There is no gemeente {gemeente} in the settings.")
    prove()
    outcomes = {
        code: plan_and_freeze(code, chosen, on) for code in ([gemeente] if gemeente else office.settings.gemeenten)
    }
    prove()
    done = [outcome for outcome in outcomes.values() if isinstance(outcome, RunResult)]
    refused = {code: outcome for code, outcome in outcomes.items() if isinstance(outcome, str)}
    for result in done:
        logger.info("%s: %d payments, %d cents, already=%s",
                    result.run_id, result.payments, result.total_cents, result.already)  # fmt: skip
    create_markdown_artifact(
        markdown=_report(chosen, done, refused), key=f"payment-run-{chosen}", description="Counts and sums per gemeente"
    )
    if refused:
        raise Refused("\n".join(refused.values()))
    return done


def _report(month: Month, done: list[RunResult], refused: dict[str, str]) -> str:
    rows = [
        f"| {r.gemeente} | {r.run_id} | {r.execution_date} | {r.payments} | {format_amount(r.total_cents)} "
        f"| {'was done already' if r.already else 'waiting for approval' if r.payments else 'nothing to pay'} |"
        for r in done
    ]
    rows += [f"| {code} | - | - | - | - | refused |" for code in refused]
    return "\n".join(
        [f"# Payment run {month}", "", "| gemeente | run | execution | payments | EUR | state |",
         "| --- | --- | --- | ---: | ---: | --- |", *rows]
    )  # fmt: skip
