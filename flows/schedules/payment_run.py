"""The payment run as a Prefect flow: visible stages over the plain functions, keys only, no retry on money.

Prefect schedules and shows; the claim of a month is a row in our own database, so a second start, a restart or a
duplicated schedule finds the work done. Nothing personal reaches Prefect: parameters are keys, results are not
persisted, what goes wrong is told without naming a client, and the artifact has counts and sums per gemeente.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from config.settings import SettingsRefused
from flows.actions.books import prove_books
from flows.actions.run_month import RunResult, run_gemeente
from flows.office import scheduled_office
from ledgers.errors import ProofFailed, Refused
from payments.money import format_amount
from payments.month import Month, month_of, parse_date, parse_month

_T = TypeVar("_T")


@contextmanager
def nothing_personal() -> Iterator[None]:
    """Prefect stores and shows every exception: a refusal names keys only, anything else could quote a client's row."""
    try:
        yield
    except (Refused, SettingsRefused):
        raise
    except ProofFailed:
        raise ProofFailed("The books do not hold together: `ontzorgen check` names every violation.") from None
    except Exception as error:  # noqa: BLE001 - of what nobody foresaw only the kind is safe to tell
        kind = type(error).__name__
        raise RuntimeError(f"Stopped by {kind}; nothing half is stored. `ontzorgen run` by hand says more.") from None


@task(name="prove the books", retries=0, persist_result=False, cache_policy=NO_CACHE)
def prove() -> None:
    """Fail when the books do not hold together, before or after anything moved."""
    with nothing_personal():
        prove_books(scheduled_office())


@task(
    name="plan and freeze",
    task_run_name="plan and freeze {gemeente} {month}",
    retries=0,  # moving money is started again by a person or by the next schedule, never by a retry
    persist_result=False,
    cache_policy=NO_CACHE,
)
def plan_and_freeze(gemeente: str, month: Month, execution_date: date | None) -> RunResult | str:
    """Run one gemeente's month; a refusal comes back as its text, so that the other gemeenten go on."""
    with nothing_personal():
        office = scheduled_office()
        try:
            return run_gemeente(office, gemeente, month, execution_date)
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
    with nothing_personal():
        office = scheduled_office()
    chosen = _parameter(parse_month, month) or month_of(office.today)
    on = _parameter(parse_date, execution_date)
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
        made = result.payments, result.total_cents, result.already
        logger.info("%s: run %s, %d payments, %d cents, already=%s", result.gemeente, result.run_id or "-", *made)
    create_markdown_artifact(
        markdown=_report(chosen, done, refused), key=f"payment-run-{chosen}", description="Counts and sums per gemeente"
    )
    if refused:
        raise Refused("\n".join(refused.values()))
    return done


def _parameter(parse: Callable[[str], _T], text: str | None) -> _T | None:
    try:
        return parse(text) if text else None
    except ValueError as error:
        raise Refused(f"'{text}' {error}.") from None


def _report(month: Month, done: list[RunResult], refused: dict[str, str]) -> str:
    rows = [
        f"| {r.gemeente} | {r.run_id or '-'} | {r.execution_date} | {r.payments} | {format_amount(r.total_cents)} "
        f"| {'was done already' if r.already else 'waiting for approval' if r.payments else 'nothing to pay'} |"
        for r in done
    ]
    rows += [f"| {code} | - | - | - | - | refused |" for code in refused]
    return "\n".join(
        [
            f"# Payment run {month}",
            "",
            "| gemeente | run | execution | payments | EUR | state |",
            "| --- | --- | --- | ---: | ---: | --- |",
            *rows,
        ]
    )
