"""What a review keeps: the list by keys only, and each letter once."""

import json
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import IntegrityError
from support.factories import a_client, a_creditor, an_obligation
from support.registers import accept_register
from support.staff import hire

from config.checklist import load_checklists
from config.settings import load_settings
from flows.actions.rules import policy_of
from ledgers.cases import reviews
from ledgers.cases.ends import EndRules
from ledgers.database import reading, writing
from ledgers.dossier import handovers
from ledgers.dossier.trajectories import open_trajectories
from ledgers.registers.register import InputKind
from ledgers.registers.register_files import RegisterFile
from ledgers.schema.core import audit_trail
from ledgers.schema.dossier import notices as notices_table
from ledgers.schema.dossier import reviews as reviews_table
from payments.calendar import AMSTERDAM
from payments.dossier.case import Method
from payments.dossier.checklist import Verdict
from payments.dossier.ending import Fit, MonthRule
from payments.dossier.letters_due import NoticeKind, Occasion
from payments.dossier.worklist_items import Cause, WorklistItem

NOW = datetime(2026, 11, 18, 12, 0, tzinfo=AMSTERDAM)
TODAY = NOW.date()
ITEMS = [
    WorklistItem("10001", Cause.NO_GROUND, date(2026, 10, 31)),
    WorklistItem("10001", Cause.END, TODAY, {"by": "rosa"}),
    WorklistItem("", Cause.PARAMETER, date(2026, 7, 1), {"name": "norm_single", "basis": "art. 21"}),
]
TO_CLIENT = Occasion("10001", "", NoticeKind.GROUND_ENDS, date(2027, 2, 28))
TO_CREDITOR = Occasion("10001", "VL-1", NoticeKind.GROUND_ENDS, date(2027, 2, 28))


def the_rules() -> EndRules:
    checklists = load_checklists()
    gemeenten = {code: MonthRule(policy_of(g), g.payday) for code, g in load_settings().gemeenten.items()}
    return EndRules(6, {c.version: c for c in checklists.versions}, checklists.in_force(TODAY), gemeenten, 3)


@pytest.fixture
def books(engine: Engine) -> Engine:
    """Two clients in Assen, one in Tynaarlo, one in a gemeente that the settings do not know."""
    elsewhere = [a_client("20001", gemeente="tynaarlo"), a_client("30001", gemeente="emmen")]
    clients = [a_client("10001"), a_client("10002"), *elsewhere]
    costs = [an_obligation("VL-1", "10001"), an_obligation("VL-2", "10002"), an_obligation("VL-3", "20001")]
    with writing(hire(engine)) as connection:
        for kind, records in (
            (InputKind.CREDITORS, [a_creditor()]),
            (InputKind.CLIENTS, clients),
            (InputKind.OBLIGATIONS, costs),
        ):
            accept_register(connection, RegisterFile(kind, kind[0] * 64, records, "2026-11"), "anna", NOW)  # type: ignore[arg-type]
        open_trajectories(connection, "anna", NOW)
    return engine


def keep(engine: Engine, items: list[WorklistItem], day: date = TODAY, gemeente: str = "assen") -> bool:
    with writing(engine) as connection:
        return reviews.store_review(connection, gemeente, day, items, "rosa", NOW)


def test_the_same_list_on_the_same_day_is_kept_once(books: Engine) -> None:
    assert keep(books, ITEMS)
    assert keep(books, ITEMS) is False
    assert keep(books, ITEMS[:1])  # something was settled since
    assert keep(books, ITEMS) is False
    assert keep(books, ITEMS, day=date(2026, 11, 19))
    assert keep(books, ITEMS, gemeente="tynaarlo")
    with reading(books) as connection:
        rows = connection.execute(select(reviews_table.c.gemeente, reviews_table.c.day)).all()
        trail = connection.execute(select(audit_trail.c.subject).where(audit_trail.c.action == "reviewed")).scalars()
        counts = [json.loads(subject)["items"] for subject in trail]
    assert len(rows) == len(counts) == 4
    assert counts[0] == {"lapsed": 1, "end_to_confirm": 1, "parameter_review": 1}


def test_a_kept_list_holds_keys_only(books: Engine) -> None:
    keep(books, ITEMS)
    with reading(books) as connection:
        kept = json.loads(connection.execute(select(reviews_table.c["items"])).scalar_one())
    assert kept == [
        {"client": "10001", "kind": "lapsed", "date": "2026-10-31"},
        {"client": "10001", "kind": "end_to_confirm", "date": "2026-11-18"},
        {"client": "", "kind": "parameter_review", "date": "2026-07-01"},
    ]


def test_a_letter_of_one_occasion_is_made_once(books: Engine) -> None:
    letters = [(TO_CLIENT, "a" * 64), (TO_CREDITOR, "b" * 64)]
    with writing(books) as connection:
        assert reviews.store_notices(connection, "assen", letters, "rosa", NOW) == 2
        assert reviews.store_notices(connection, "assen", [], "rosa", NOW) == 0
    with pytest.raises(IntegrityError), writing(books) as connection:
        reviews.store_notices(connection, "assen", letters[:1], "rosa", NOW)
    with reading(books) as connection:
        assert reviews.notices_made(connection) == {
            TO_CLIENT: reviews.Notice(TO_CLIENT, "a" * 64, TODAY),
            TO_CREDITOR: reviews.Notice(TO_CREDITOR, "b" * 64, TODAY),
        }
        trail = connection.execute(select(audit_trail.c.subject).where(audit_trail.c.action == "notices_made"))
        subject = json.loads(trail.scalar_one())
    assert (subject["gemeente"], subject["notices"]) == ("assen", {"ground_ends": 2})


@pytest.mark.parametrize("table", ["reviews", "notices"])
def test_what_was_found_and_told_is_never_edited(books: Engine, table: str) -> None:
    keep(books, ITEMS)
    with writing(books) as connection:
        reviews.store_notices(connection, "assen", [(TO_CLIENT, "a" * 64)], "rosa", NOW)
    one = {"reviews": reviews_table, "notices": notices_table}[table]
    with pytest.raises(IntegrityError, match=f"append_only_{table}"), writing(books) as connection:
        connection.execute(one.delete())


def test_files_are_of_one_gemeente_or_of_all_that_the_settings_know(books: Engine) -> None:
    with reading(books) as connection:
        every = reviews.read_files(connection, the_rules())
        assen = reviews.read_files(connection, the_rules(), "assen")
    assert list(every.cases) == ["10001", "10002", "20001"]
    assert set(every.ran) == {"assen", "aa-en-hunze", "tynaarlo"}
    assert (list(assen.cases), set(assen.ran)) == (["10001", "10002"], {"assen"})


def test_a_change_from_a_later_month_counts_from_that_month_on(books: Engine) -> None:
    with writing(books) as connection:
        moved = [a_client("10002", gemeente="tynaarlo")]
        accept_register(connection, RegisterFile(InputKind.CLIENTS, "8" * 64, moved, "2027-03"), "anna", NOW)
        before = reviews.read_files(connection, the_rules(), "assen", "2027-02")
        after = reviews.read_files(connection, the_rules(), "assen", "2027-03")
    assert (list(before.cases), list(after.cases)) == (["10001", "10002"], ["10001"])


def test_a_look_compares_what_we_will_pay_with_what_the_client_takes_over(books: Engine) -> None:
    with writing(books) as connection:
        handovers.hand_over(connection, "VL-1", "2027-03", Method.DIRECT_DEBIT, "", "rosa", NOW)
        files = reviews.read_files(connection, the_rules(), "assen")
    handed, ours = (reviews.look(files, code, the_rules(), TODAY) for code in ("10001", "10002"))
    assert (handed.verdict, handed.payday) == (Verdict.NONE, 25)
    assert [(j.fit, j.expected) for j in handed.junctions] == [(Fit.FITS, "2027-03")]
    # The last payday on a ground, 25 February, pays March.
    assert [(j.fit, j.expected) for j in ours.junctions] == [(Fit.NO_FIRST_MONTH, "2027-04")]


def test_the_number_of_queries_does_not_grow_with_the_clients(books: Engine) -> None:
    def queries() -> int:
        count: list[str] = []
        event.listen(books, "before_cursor_execute", lambda *said: count.append(said[2]))
        with reading(books) as connection:
            files = reviews.read_files(connection, the_rules())
            for code in files.cases:
                reviews.look(files, code, the_rules(), TODAY)
        return len(count)

    few = queries()
    more = [a_client(f"4000{n}") for n in range(9)]
    with writing(books) as connection:
        accept_register(connection, RegisterFile(InputKind.CLIENTS, "9" * 64, more, "2026-11"), "anna", NOW)
        open_trajectories(connection, "anna", NOW)
    assert queries() == few
