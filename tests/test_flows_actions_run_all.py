"""A month's run over all gemeenten, called directly: what it took in, what each got, and why one got nothing."""

from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from support.seats import seat
from support.story import BENEFIT_COLUMNS, Office, ordinary_month

from flows.actions.run_all import run_all
from flows.office import UsageError
from payments.problems import InputRefused


@pytest.fixture
def month(office: Office) -> Office:
    ordinary_month(office)
    return office


def test_each_gemeente_answers_for_itself_and_again_changes_nothing(month: Office) -> None:
    done = run_all(seat(month, "bram"), "2026-11")
    paid = {each.gemeente: (each.payments, each.total_cents, each.already) for each in done.done}
    assert paid == {
        "assen": (4, 154179, False),
        "aa-en-hunze": (0, 0, False),
        "tynaarlo": (1, 70000, False),
    }
    assert (done.refused, done.imported) == ((), None)
    assert {version.name for version in done.outdated} == {"norm_couple", "norm_single", "norm_single_18_20"}
    once = month.digest()
    again = run_all(seat(month, "bram"), "2026-11")
    assert {each.gemeente for each in again.done if each.already} == {"assen", "tynaarlo"}
    assert month.digest() == once


def test_a_gemeente_that_is_refused_does_not_keep_the_others_back(month: Office) -> None:
    example = (files("config") / "example.toml").read_text(encoding="utf-8")
    month.config = month.folder / "strict.toml"
    strict = example.replace("[gemeenten.assen]", '[gemeenten.assen]\nmax_payment = "700,00"\nmax_total = "1.000,00"')
    month.config.write_text(strict, encoding="utf-8")
    done = run_all(seat(month, "bram"), "2026-11")
    (refused,) = done.refused
    assert refused.gemeente == "assen"
    assert "may not be made; nothing is stored" in refused.why
    assert [each.gemeente for each in done.done] == ["aa-en-hunze", "tynaarlo"]
    assert [file["gemeente"] for file in month.files()] == ["tynaarlo"]


def test_a_stranger_is_refused_by_every_gemeente(month: Office) -> None:
    before = month.digest()
    done = run_all(seat(month, "inge"), "2026-11")
    assert {refused.gemeente for refused in done.refused} == {"assen", "aa-en-hunze", "tynaarlo"}
    assert all("it needs the role finance or administratie" in refused.why for refused in done.refused)
    assert (done.done, month.digest()) == ((), before)
    assert done.refusals == done.refused[0].why  # said once, not per gemeente


def test_benefits_are_taken_in_first_and_only_of_the_month(month: Office) -> None:
    bram = seat(month, "bram")
    extra = Path(month.file("benefits.csv", BENEFIT_COLUMNS, "U-9;0010002;2026-11;aanvulling;10,00;nee"))
    done = run_all(bram, "2026-11", "assen", extra)
    assert done.imported is not None
    assert (done.imported.result.new, done.imported.result.already) == (1, False)
    again = run_all(bram, "2026-11", "assen", extra)
    assert again.imported is not None
    assert again.imported.result.already
    assert [each.already for each in again.done] == [True]
    other = Path(month.file("benefits.csv", BENEFIT_COLUMNS, "U-10;0010002;2026-12;regulier;10,00;nee"))
    before = month.digest()
    with pytest.raises(InputRefused):
        run_all(bram, "2026-11", "tynaarlo", other)
    assert month.digest() == before


def test_a_day_of_ones_own_and_a_gemeente_that_is_none(month: Office) -> None:
    bram = seat(month, "bram")
    with pytest.raises(UsageError, match="There is no gemeente emmen; the settings have assen"):
        run_all(bram, "2026-11", "emmen")
    done = run_all(bram, "2026-11", "assen", execution_date=date(2026, 11, 24))
    assert [each.execution_date for each in done.done] == [date(2026, 11, 24)]
