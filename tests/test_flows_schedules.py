"""The payment run and the review under Prefect: visible, started again without harm, without a word about a client.

Few real runs: each costs seconds. They use the real clock, so the months of these stories lie around today.
"""

import inspect
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from support.prefect_server import NO_TRACKING, prefect_database, prefect_rows, prefect_server
from support.story import Office, client_line, ordinary_month

from flows.rehearsal.invented_data import invented_iban
from ledgers.errors import ProofFailed
from payments.month import add_months, first_day, month_of

pytestmark = pytest.mark.slow
MONTH = add_months(month_of(date.today()), 1)  # noqa: DTZ011 - its payday is to come, wherever this runs
IBAN = invented_iban("ABNA", 600_000_001)
PERSONAL = ("0010001", "0010002", "0020001", "Voorbeeld", "Na\\u00efma", "Naïma", "Naima", IBAN, "1990-05-04")


@dataclass
class Prefect:
    """A Prefect server of these tests, with a home and a database of its own."""

    home: Path
    flow: Any
    module: ModuleType

    def __call__(self, **parameters: str) -> Any:
        """Start the flow and wait: its final state."""
        return self.flow(**parameters, return_state=True)

    def stored(self) -> str:
        """Everything that Prefect wrote: each row of its database, the raw pages, and every file of its home."""
        from prefect.logging.handlers import APILogHandler

        APILogHandler().flush()
        everything = [*prefect_database().parent.rglob("*"), *self.home.rglob("*")]
        raw = (file.read_bytes().decode("utf-8", "replace") for file in everything if file.is_file())
        return "\n".join([prefect_rows(), *raw])


@pytest.fixture(scope="module")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prefect]:
    home = tmp_path_factory.mktemp("prefect")
    with prefect_server(home):
        from flows.schedules import payment_run

        yield Prefect(home, payment_run.payment_run, payment_run)


@pytest.fixture
def books(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Two clients in Assen and one in Tynaarlo, whose month waits for a scheduled run."""
    path = tmp_path / "books.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("ONTZORGEN_DATABASE", f"sqlite:///{path}")
    monkeypatch.delenv("ONTZORGEN_CONFIG", raising=False)
    office = Office(f"sqlite:///{path}", tmp_path, today=date.today().isoformat()).hire()  # noqa: DTZ011
    start = first_day(add_months(MONTH, -1)).isoformat()
    days = {"recht_vanaf": start, "beschikking_datum": start, "machtiging_datum": start, "iban": IBAN}
    office.creditors()
    office.clients(
        client_line("0010001", **days),
        client_line("0010002", **days),
        client_line("0020001", gemeente="tynaarlo", **days),
    )
    office.obligations(
        f"VL-1;0010001;WONEN;huur;650,00;C-77;{MONTH};;",
        f"VL-3;0010002;WONEN;huur;612,34;C-78;{MONTH};;",
        f"VL-5;0020001;WONEN;huur;700,00;C-79;{MONTH};;",
    )
    office.benefits(
        *(f"U-{client};{client};{MONTH};regulier;1.331,43;" for client in ("0010001", "0010002", "0020001"))
    )
    return office


def files_of(office: Office) -> dict[str, tuple[str, int]]:
    return {file["file_id"]: (file["state"], file["control_sum_cents"]) for file in office.files(MONTH)}


ASSEN, TYNAARLO = (f"{name}-{MONTH.replace('-', '')}-01-001" for name in ("ASSEN", "TYNAARLO"))


def test_a_month_of_all_gemeenten_and_the_same_once_more(prefect: Prefect, books: Office) -> None:
    from prefect.artifacts import Artifact

    (assen, nothing, tynaarlo) = prefect(month=MONTH).result()
    assert files_of(books) == {ASSEN: ("generated", 126234), TYNAARLO: ("generated", 70000)}
    assert (assen.payments, assen.already, nothing.payments, tynaarlo.files) == (2, False, 0, (TYNAARLO,))
    report = Artifact.get(f"payment-run-{MONTH}")
    assert report is not None
    assert f"| assen | {assen.run_id} | {assen.execution_date} | 2 | 1.262,34 | waiting for approval |" in report.data
    assert f"| tynaarlo | {tynaarlo.run_id} | {assen.execution_date} | 1 | 700,00 | waiting" in report.data
    assert f"| aa-en-hunze | - | {assen.execution_date} | 0 | 0,00 | nothing to pay |" in report.data
    digest = books.digest()
    again = prefect(month=MONTH, gemeente="assen").result()
    assert [(result.run_id, result.already) for result in again] == [(assen.run_id, True)]
    report = Artifact.get(f"payment-run-{MONTH}")
    assert report is not None
    assert "| was done already |" in report.data
    assert books.digest() == digest
    stored = prefect.stored()
    assert assen.run_id in stored  # so the search would find what is there
    assert [word for word in PERSONAL if word in stored] == []


def test_one_gemeente_that_refuses_fails_the_flow_and_keeps_nobody_else_unpaid(
    prefect: Prefect, books: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    example = (files("config") / "example.toml").read_text(encoding="utf-8")
    strict = tmp_path / "strict.toml"
    strict.write_text(
        example.replace("[gemeenten.assen]", '[gemeenten.assen]\nmax_payment = "700,00"\nmax_total = "1.000,00"')
    )
    monkeypatch.setenv("ONTZORGEN_CONFIG", str(strict))
    state = prefect(month=MONTH)
    assert state.is_failed()
    assert f"Payment file {ASSEN} may not be made; nothing is stored" in state.message
    assert "total_limit" in state.message
    assert files_of(books) == {TYNAARLO: ("generated", 70000)}
    stored = prefect.stored()
    assert f"Payment file {ASSEN} may not be made" in stored
    assert [word for word in PERSONAL if word in stored] == []


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"month": "november"}, "'november' is not a month like 2026-11"),
        ({"execution_date": "2026-02-30"}, "'2026-02-30' is a date that does not exist"),
        ({"gemeente": "utrecht"}, "There is no gemeente utrecht in the settings"),
    ],
)
def test_parameters_that_say_nothing_are_refused_in_a_sentence(
    prefect: Prefect, books: Office, parameters: dict[str, str], said: str
) -> None:
    state = prefect(**parameters)
    assert state.is_failed()
    assert said in state.message


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            IntegrityError(
                "INSERT", {}, Exception(f"DETAIL: Failing row contains (0010001, Naïma Voorbeeld, {IBAN}).")
            ),
            "Stopped by IntegrityError; nothing half is stored",
        ),
        (ProofFailed("client 0010001 2026-11: 77050 cents withheld, 5 granted"), "The books do not hold together"),
        (KeyError("0010001"), "Stopped by KeyError; nothing half is stored"),
    ],
)
def test_what_goes_wrong_within_is_told_without_naming_anyone(
    prefect: Prefect, books: Office, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(prefect.module, "run_gemeente", fail)
    state = prefect(month=MONTH)
    assert state.is_failed()
    assert told in state.message
    stored = prefect.stored()
    assert told in stored
    assert [word for word in PERSONAL if word in stored] == []


def test_nothing_that_moves_money_is_retried_or_kept_by_prefect(prefect: Prefect) -> None:
    from prefect import Flow, Task

    stages = [value for value in vars(prefect.module).values() if isinstance(value, Flow | Task)]
    assert sorted(stage.name for stage in stages) == ["payment-run", "plan and freeze", "prove the books"]
    assert [(stage.retries, stage.persist_result) for stage in stages] == [(0, False)] * 3


def test_the_flow_takes_keys_only(prefect: Prefect) -> None:
    taken = {name: parameter.annotation for name, parameter in inspect.signature(prefect.flow.fn).parameters.items()}
    assert taken == dict.fromkeys(("month", "gemeente", "execution_date"), str | None)


def test_the_schedule_is_dutch_time_and_one_at_a_time(prefect: Prefect) -> None:
    from flows.schedules.serve import monthly_run

    deployment = monthly_run()
    (schedule,) = [entry.schedule.model_dump() for entry in deployment.schedules or []]
    assert (schedule["cron"], schedule["timezone"]) == ("0 7 20 * *", "Europe/Amsterdam")
    assert (deployment.concurrency_limit, deployment.entrypoint) == (1, "flows.schedules.payment_run.payment_run")


def run_python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=180, check=False, env=clean | environment
    )


def test_it_also_runs_where_no_prefect_server_is(books: Office, tmp_path: Path) -> None:
    """Prefect then starts one of its own for the length of the run: slow, about twenty seconds."""
    code = f"""
from flows.schedules.payment_run import payment_run
from prefect.settings import get_current_settings
payment_run(month={MONTH!r})
print(get_current_settings().server.ephemeral.startup_timeout_seconds)
"""
    done = run_python(code, PREFECT_HOME=str(tmp_path / "home"), ONTZORGEN_DATABASE=books.url, **NO_TRACKING)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "120"  # a busy machine starts a server slowly
    assert files_of(books) == {ASSEN: ("generated", 126234), TYNAARLO: ("generated", 70000)}
    assert {row["made_by"] for row in books.files(MONTH)} == {"systeem"}


def test_the_command_line_runs_a_month_without_prefect(books: Office) -> None:
    code = f"""
import sys
from desk.cli.main import run
place = ["--database", {books.url!r}, "--as", "bram"]
codes = [run([*place, *words]) for words in (["run", {MONTH!r}], ["status"], ["files"], ["check"])]
print(codes, [name for name in sys.modules if name.split(".")[0] in ("prefect", "fastapi")])
"""
    done = run_python(code)
    assert done.stdout.splitlines()[-1] == "[0, 0, 0, 0] []", done.stderr


def test_the_inbox_is_read_by_a_flow_that_tells_prefect_counts_only(
    prefect: Prefect, books: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.schedules.reconciliation import reconciliation
    from flows.schedules.serve import hourly_inbox
    from ledgers.errors import Refused

    monkeypatch.delenv("ONTZORGEN_INBOX", raising=False)
    with pytest.raises(Refused, match="ONTZORGEN_INBOX"):
        reconciliation()
    (tmp_path / "inbox" / "assen").mkdir(parents=True)
    (tmp_path / "inbox" / "assen" / "rommel.xml").write_text("rommel van 0010001", encoding="utf-8")
    monkeypatch.setenv("ONTZORGEN_INBOX", str(tmp_path / "inbox"))
    assert reconciliation() == 1
    assert (tmp_path / "inbox" / "assen" / "refused" / "rommel.xml").is_file()
    assert reconciliation() == 0
    assert "rommel van" not in prefect.stored()
    (schedule,) = hourly_inbox().schedules
    assert (schedule.schedule.cron, schedule.schedule.timezone) == ("0 8-18 * * 1-5", "Europe/Amsterdam")


def test_the_schedule_reviews_every_gemeente_and_tells_prefect_counts_only(
    prefect: Prefect, tmp_path: Path, staffed_books: Callable[[str, Path], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flows.schedules.trajectory_review import trajectory_review
    from ledgers.errors import Refused

    office = Office(staffed_books("sqlite", tmp_path), tmp_path)
    ordinary_month(office)
    monkeypatch.setenv("ONTZORGEN_DATABASE", office.url)
    monkeypatch.delenv("ONTZORGEN_CONFIG", raising=False)
    done = trajectory_review()
    assert [(one.gemeente, one.already) for one in done] == [
        ("assen", False),
        ("aa-en-hunze", False),
        ("tynaarlo", False),
    ]
    assert [one.already for one in trajectory_review(gemeente="assen")] == [True]
    with pytest.raises(Refused, match="no gemeente emmen"):
        trajectory_review(gemeente="emmen")
    stored = prefect_rows()
    assert "parameter_review | 3" in stored
    assert not [word for word in (*PERSONAL, "Stichting Wonen") if word in stored]


def test_the_review_is_scheduled_every_week_so_that_letters_come_in_time() -> None:
    from flows.schedules.serve import weekly_review
    from flows.schedules.trajectory_review import trajectory_review

    deployment = weekly_review()
    (schedule,) = [entry.schedule.model_dump() for entry in deployment.schedules or []]
    assert (schedule["cron"], schedule["timezone"]) == ("0 6 * * 1", "Europe/Amsterdam")
    assert (deployment.concurrency_limit, deployment.entrypoint) == (
        1,
        "flows.schedules.trajectory_review.trajectory_review",
    )
    assert [*inspect.signature(trajectory_review.fn).parameters] == ["gemeente"]
