"""The reconciliation as a Prefect flow: one round over the inbox, counts only, no retry."""

import os
from pathlib import Path

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE

from flows.actions.books import prove_books
from flows.actions.inbox import Handled, watch_once
from flows.office import scheduled_office
from flows.schedules.payment_run import nothing_personal
from ledgers.errors import Refused


@task(name="read the inbox", retries=0, persist_result=False, cache_policy=NO_CACHE)
def read_inbox() -> list[Handled]:
    """Read every new file once, each in a transaction of its own."""
    folder = os.environ.get("ONTZORGEN_INBOX")
    if not folder or not Path(folder).is_dir():
        raise Refused("ONTZORGEN_INBOX names no folder with the bank's answers.")
    with nothing_personal():
        return watch_once(scheduled_office(), Path(folder))


@flow(name="reconciliation", retries=0, persist_result=False)
def reconciliation() -> int:
    """Read what the bank delivered to ONTZORGEN_INBOX since the last round; returns the number of new files."""
    with nothing_personal():
        prove_books(scheduled_office())
    handled = read_inbox()
    with nothing_personal():
        prove_books(scheduled_office())
    new = [item for item in handled if not item.already]
    refused = [item for item in new if item.outcome.startswith("refused")]
    get_run_logger().info("%d files, %d new, %d refused", len(handled), len(new), len(refused))
    create_markdown_artifact(
        markdown=f"# Reconciliation\n\n{len(new)} new files, {len(refused)} refused.",
        key="reconciliation",
        description="Counts of the last round",
    )
    return len(new)
