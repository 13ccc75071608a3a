"""The worked bookings of docs/bookkeeping.md, played through the real commands and compared to the cent.

Each section `## N. ...` of the paper is the story of that number here. What was booked before a story's first `yield`
is told in an earlier section; at every `yield` after that the paper has a table, or says "Nothing is booked."
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.visitors import iterate
from support.beginnings import Beginnings
from support.by_hand import Bank, Move, refusal
from support.documents import tables, text_of
from support.story import Office
from support.story_bank import (
    ENERGY,
    INSURANCE,
    RENT,
    a_couple,
    a_couples_registers,
    open_exceptions,
    settle,
)

from ledgers.bank.resolution_model import AsWhat
from ledgers.checks import events
from ledgers.database import open_engine, reading
from ledgers.journal import bookings
from ledgers.schema.bank import exception_resolutions
from ledgers.schema.core import transfers
from payments.money import parse_amount

PAPER = "docs/bookkeeping.md"
STRANGER = "NL44RABO0123456789"
HEADING = ["month", "event", "debit", "credit", "EUR"]
NOTHING = "Nothing is booked."
Booked = tuple[str, str, str, str, int]  # month, event, debit, credit, cents
Story = Callable[[Office], Iterator[None]]


def all_booked(bank: Bank) -> None:
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))


def paid_couple(office: Office) -> Bank:
    bank = a_couple(office)
    all_booked(bank)
    return bank


def the_one_open(office: Office) -> str:
    (item,) = open_exceptions(office)
    return str(item["id"])


def release(office: Office, file: str = "ASSEN-202611-01-001") -> None:
    office.do("bram", "release", file, "--out", str(office.folder / "bank"))


def list_remainders(office: Office) -> None:
    office.do("bram", "export", "remainders", "2026-11", "--out", str(office.folder / "remainders.csv"))


def run_again(office: Office, total: str) -> None:
    """The month once more on a later day, with its new file brought to the bank."""
    office.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-12-14")
    office.do("carla", "approve", "ASSEN-202611-02-001", "--total", total)
    release(office, "ASSEN-202611-02-001")


# --- the stories, each named after its section -----------------------------------------------------------------------


def an_ordinary_month(office: Office) -> Iterator[None]:
    a_couples_registers(office)
    yield
    office.do("bram", "run", "2026-11")
    yield
    office.do("carla", "approve", "ASSEN-202611-01-001", "--total", "929,46")
    yield
    release(office)
    yield
    list_remainders(office)
    yield
    office.today = "2026-12-10"
    all_booked(Bank(office))
    yield
    office.do("bram", "close", "2026-11")
    yield


def everything_given_twice(office: Office) -> Iterator[None]:
    bank = a_couple(office)
    path = bank.says("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    office.do("bram", "reconcile", path)
    list_remainders(office)
    yield
    office.do("bram", "run", "2026-11")
    release(office)
    office.do("bram", "reconcile", path)
    list_remainders(office)
    yield


def a_line_that_comes_later(office: Office) -> Iterator[None]:
    a_couple(office)
    yield
    office.today = "2026-11-19"
    office.benefits("U-9;0010001;2026-11;aanvulling;50,00;")
    office.obligations("VL-6;0010001;WATER;water;20,00;W-2;2026-10;;")
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    yield


def a_file_taken_back(office: Office) -> Iterator[None]:
    a_couples_registers(office)
    office.do("bram", "run", "2026-11")
    yield
    office.do("carla", "cancel", "ASSEN-202611-01-001", "--why", "verkeerde dag")
    yield
    run_again(office, "929,46")
    yield


def a_payment_the_bank_refuses(office: Office) -> Iterator[None]:
    a_couple(office)
    yield
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    yield
    settle(office, "X-202612-1-VL-3-rejected", "resubmit")
    yield
    run_again(office, "158,95")
    yield


def a_refused_payment_goes_back_to_the_clients(office: Office) -> Iterator[None]:
    a_couple(office)
    list_remainders(office)
    office.do("bram", "reconcile", refusal(office, RENT))
    yield
    settle(office, "X-202612-1-VL-1-rejected", "refund_to_client")
    yield
    list_remainders(office)
    yield


def a_payment_that_comes_back(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    yield
    bank.tells("2026-11-26", Move(650_01, RENT, reason="MS03"))
    yield
    settle(office, "X-202612-1-VL-1-returned", "refund_to_client")
    yield


def a_returned_payment_is_sent_again(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    bank.tells("2026-11-26", Move(650_01, RENT, reason="MS03"))
    yield
    settle(office, "X-202612-1-VL-1-returned", "resubmit")
    yield
    run_again(office, "650,01")
    yield


def a_creditor_gives_money_back(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    yield
    bank.tells("2026-11-27", Move(87_23, iban="NL20INGB0001234567", text="5000056789012345"))
    yield
    settle(office, the_one_open(office), "refund_to_client")
    yield


def money_of_a_stranger(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    yield
    bank.tells("2026-11-27", Move(75_00, iban=STRANGER))
    yield
    item = the_one_open(office)
    settle(office, item, "suspense")
    yield
    settle(office, item, "forward")
    yield
    bank.tells("2026-11-30", Move(-75_00, iban=STRANGER))
    settle(office, the_one_open(office), "forward")
    yield


def the_gemeente_tops_up_its_account(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    yield
    bank.tells("2026-11-27", Move(500_00, iban=STRANGER))
    settle(office, the_one_open(office), "funding")
    yield


def a_loss_the_gemeente_bears(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    yield
    bank.tells("2026-11-27", Move(-12_50, iban=STRANGER))
    settle(office, the_one_open(office), "funding")
    yield


def a_line_without_our_number(office: Office) -> Iterator[None]:
    bank = a_couple(office)
    yield
    bank.tells("2026-11-25", Move(-650_01, "VREEMD-1", iban=STRANGER))
    settle(office, the_one_open(office), "match", "--payment", RENT)
    yield
    bank.tells("2026-11-27", Move(650_01, "VREEMD-2", iban=STRANGER))
    settle(office, the_one_open(office), "match", "--payment", RENT)
    yield


def a_payment_in_two_lines(office: Office) -> Iterator[None]:
    bank = a_couple(office)
    bank.tells("2026-11-25", Move(-649_91, RENT))
    bank.tells("2026-11-26", Move(-10, RENT))
    first, second = (str(item["id"]) for item in open_exceptions(office))
    yield
    settle(office, first, "match", "--with", second)
    yield


def a_return_before_its_booking(office: Office) -> Iterator[None]:
    bank = a_couple(office)
    yield
    bank.tells("2026-11-25", Move(650_01, RENT, reason="MS03"))
    yield
    bank.tells("2026-11-26", Move(-650_01, RENT))
    yield


def a_debit_explained_by_a_later_message(office: Office) -> Iterator[None]:
    bank = a_couple(office)
    yield
    batch = Move(-770_51, "NOTPROVIDED", "", payment_information_id="ASSEN-202611-01-001-B1", batch="2")
    bank.tells("2026-11-25", batch)
    yield
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    yield


def refused_and_debited_all_the_same(office: Office) -> Iterator[None]:
    bank = a_couple(office)
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    yield
    bank.tells("2026-11-25", Move(-158_95, INSURANCE))
    yield
    bank.tells("2026-11-26", Move(158_95, INSURANCE, reason="AM04"))
    yield


def refused_and_paid_all_the_same(office: Office) -> Iterator[None]:
    bank = a_couple(office)
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    bank.tells("2026-11-25", Move(-158_95, INSURANCE))
    yield
    settle(office, "X-202612-1-VL-3-debited", "paid")
    yield


def refused_as_a_duplicate(office: Office) -> Iterator[None]:
    a_couple(office)
    yield
    office.do("bram", "reconcile", refusal(office, INSURANCE, "AM05"))
    yield
    settle(office, "X-202612-1-VL-3-duplicate", "not_paid")
    yield


def refused_after_it_was_booked(office: Office) -> Iterator[None]:
    paid_couple(office)
    yield
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    settle(office, "X-202612-1-VL-3-reject", "acknowledge")
    yield


def reserved_money_given_back(office: Office) -> Iterator[None]:
    a_couple(office, confirm=False)
    yield
    office.do("bram", "give-back", "VL-1", "2026-12", "--why", "klant is verhuisd")
    yield


def after_the_month_was_closed(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    office.do("bram", "close", "2026-11")
    yield
    bank.tells("2026-12-08", Move(650_01, RENT, reason="MS03"))
    yield
    settle(office, "X-202612-1-VL-1-returned", "refund_to_client")
    yield


def an_overdrawn_account(office: Office) -> Iterator[None]:
    bank = Bank(a_couple(office).office, balance=-25_00)
    yield
    bank.tells("2026-11-24")
    yield


def a_part_that_comes_back(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    yield
    bank.tells("2026-11-26", Move(600_00, RENT, reason="MS03"))
    yield
    settle(office, "X-assen-0285012346-00002-1", "refund_to_client")
    yield


def one_transfer_back_for_several_payments(office: Office) -> Iterator[None]:
    bank = paid_couple(office)
    yield
    bank.tells("2026-11-26", Move(770_51, iban="NL39RABO0300065264", text="retour"))
    yield
    item = "X-assen-0285012346-00002-1"
    settle(office, item, "match", "--payment", RENT, "--payment", f"{ENERGY}=120,50")
    yield


STORIES: tuple[Story, ...] = (
    an_ordinary_month,
    everything_given_twice,
    a_line_that_comes_later,
    a_file_taken_back,
    a_payment_the_bank_refuses,
    a_refused_payment_goes_back_to_the_clients,
    a_payment_that_comes_back,
    a_returned_payment_is_sent_again,
    a_creditor_gives_money_back,
    money_of_a_stranger,
    the_gemeente_tops_up_its_account,
    a_loss_the_gemeente_bears,
    a_line_without_our_number,
    a_payment_in_two_lines,
    a_return_before_its_booking,
    a_debit_explained_by_a_later_message,
    refused_and_debited_all_the_same,
    refused_and_paid_all_the_same,
    refused_as_a_duplicate,
    refused_after_it_was_booked,
    reserved_money_given_back,
    after_the_month_was_closed,
    an_overdrawn_account,
    a_part_that_comes_back,
    one_transfer_back_for_several_payments,
)


# --- the paper, and what the books hold ------------------------------------------------------------------------------


def sections() -> dict[str, str]:
    """The text of every numbered section by its heading, in order."""
    parts = re.split(r"^## \d+\. (.+)$", text_of(PAPER), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def shown_in(text: str) -> list[list[Booked]]:
    """What a section says is booked, step by step: a table, or that nothing is."""
    steps: list[list[Booked]] = []
    for part in re.split(rf"({re.escape(NOTHING)})", text):
        if part == NOTHING:
            steps.append([])
        for heading, *rows in tables(part):
            assert heading == HEADING, heading
            cells = [[cell.strip("`") for cell in row] for row in rows]
            steps.append(
                [(month, event, debit, credit, parse_amount(cents)) for month, event, debit, credit, cents in cells]
            )
    return steps


def summary() -> set[tuple[str, str, str]]:
    """The table at the top of the paper: kind of event, debit, credit."""
    rows = next(rows for heading, *rows in tables(text_of(PAPER)) if heading == ["event", "key", "debit", "credit"])
    return {tuple(cell.strip("`") for cell in row[1:]) for row in rows}  # type: ignore[misc]


def kind(account: str) -> str:
    """`client:0010001` as `client:K`: an account without whose it is."""
    name, _, whose = account.partition(":")
    return f"{name}:{'S' if name == 'creditor' else 'K'}" if whose else name


def booked(engine: Engine, known: set[tuple[str, int]]) -> list[Booked]:
    """What was booked since the last look, each event's lines in their order; everything in Assen's own accounts."""
    t = transfers.c
    with reading(engine) as connection:
        rows = connection.execute(select(transfers).order_by(t.event_key, t.line)).all()
    new = [row for row in rows if (row.event_key, row.line) not in known]
    known.update((row.event_key, row.line) for row in new)
    assert {row.gemeente for row in rows} <= {"assen"}
    return [(row.month, row.event_key, row.debit, row.credit, row.amount_cents) for row in new]


@pytest.mark.parametrize("number", range(len(STORIES)), ids=[story.__name__ for story in STORIES])
def test_what_the_paper_shows_is_what_the_books_hold(
    number: int, staffed_books: Callable[[str, Path], str], beginnings: Beginnings, tmp_path: Path
) -> None:
    text = [*sections().values()][number]
    office = Office(staffed_books("sqlite", tmp_path), tmp_path, beginnings=beginnings)
    engine, known = open_engine(office.url), set[tuple[str, int]]()
    steps = STORIES[number](office)
    next(steps)
    booked(engine, known)
    found = [sorted(booked(engine, known)) for _ in steps]
    assert [sorted(step) for step in shown_in(text)] == found
    office.do("inge", "check")
    with reading(engine) as connection:
        settled = set(connection.execute(select(exception_resolutions.c.as_what)).scalars())
    engine.dispose()
    assert settled - {"explained"} <= {*AsWhat}
    for as_what in settled:  # by name, so that a reader finds how it is asked for
        assert f"`{as_what}`" in text, as_what


def test_every_section_is_a_story_and_every_story_a_section() -> None:
    def slug(heading: str) -> str:
        return re.sub(r"\W+", "_", heading.lower()).strip("_")

    assert [slug(heading) for heading in sections()] == [story.__name__ for story in STORIES]


def test_every_kind_of_event_that_the_books_know_is_worked_out() -> None:
    """`ontzorgen check` allows no transfer outside these kinds: one that is added there must be shown here."""
    queries = [events._benefits(), *events._of_the_plan(), *events._of_the_bank(), events._of_a_person()]
    bound = [part.value for query in queries for part in iterate(query) if isinstance(part, BindParameter)]
    known = {value for value in bound if isinstance(value, str) and re.fullmatch(r"[a-z-]+:", value)}
    known -= {bookings.client_account(""), bookings.creditor_account("")}  # accounts, no events
    shown = {
        event.partition(":")[0] + ":"
        for text in sections().values()
        for step in shown_in(text)
        for _, event, *_ in step
    }
    assert {"benefit:", "withheld:", "resolved:"} < known
    assert shown == known


def test_every_way_to_settle_something_is_worked_out() -> None:
    said = {as_what.value for as_what in AsWhat if any(f"`{as_what.value}`" in text for text in sections().values())}
    assert said == {as_what.value for as_what in AsWhat}


def test_the_table_at_the_top_says_all_that_is_worked_out_and_nothing_more() -> None:
    worked = {
        (event.partition(":")[0], kind(debit), kind(credit))
        for text in sections().values()
        for step in shown_in(text)
        for _, event, debit, credit, _ in step
    }
    assert summary() == worked
