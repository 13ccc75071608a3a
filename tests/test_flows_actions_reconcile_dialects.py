"""What banks write otherwise than expected, from the file to the books: read, told, or refused with the way out."""

from importlib.resources import files
from pathlib import Path

import pytest
from sqlalchemy import select
from support.by_hand import ASSEN, Bank, Move
from support.story import Office
from support.story_bank import ENERGY, INSURANCE, RENT, a_couple, all_is_well, open_exceptions

from ledgers.database import open_engine, reading
from ledgers.schema.core import audit_trail

ALL = Move(-929_46, payment_information_id="ASSEN-202611-01-001-B1", iban="")  # 650,01 + 120,50 + 158,95
OTHER = "NL47BNGH0285171739"  # another account of the gemeente, with which nothing is paid here


def of_another_account(path: str, closing: str = "5.00") -> str:
    """The same file with a statement of another account after its own."""
    text = Path(path).read_text(encoding="utf-8")
    own = text[text.index("<Stmt>") : text.index("</Stmt>")]
    quiet = own.replace(ASSEN, OTHER).replace("<Id>S", "<Id>OTHER-S")
    opening, rest = quiet.split("<Bal>", 1)
    balances = "".join(
        f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{euros}</Amt>'
        "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-25</Dt></Dt></Bal>"
        for code, euros in (("OPBD", "5.00"), ("CLBD", closing))
    )
    assert rest
    Path(path).write_text(text.replace("</Stmt>", f"</Stmt>{opening}{balances}</Stmt>"), encoding="utf-8")
    return path


def settled(office: Office, other_accounts: str | None) -> None:
    """Settings of one's own, with this word for the statements of other accounts; None: without the key."""
    text = (files("config") / "example.toml").read_text(encoding="utf-8")
    line = 'other_accounts = "ignore"\n'
    assert line in text
    own = "" if other_accounts is None else f'other_accounts = "{other_accounts}"\n'
    office.config = office.folder / "own.toml"
    office.config.write_text(text.replace(line, own), encoding="utf-8")


def trail(office: Office) -> list[str]:
    engine = open_engine(office.url)
    with reading(engine) as connection:
        query = select(audit_trail.c.subject).where(audit_trail.c.action == "bank_file_read")
        found = [str(subject) for subject in connection.execute(query).scalars()]
    engine.dispose()
    return found


def day(bank: Bank) -> str:
    return bank.says("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))


def test_a_statement_of_another_account_is_left_out_and_that_is_said_and_kept(office: Office) -> None:
    path = of_another_account(day(a_couple(office)))
    said = office.do("bram", "--json", "reconcile", path)
    [answer] = said.document["files"]
    assert (answer["booked"], answer["exceptions"], answer["other_accounts"]) == (3, 0, 1)
    assert [w for w in answer["warnings"] if OTHER in w and "its statement 'OTHER-S001' is left out" in w]
    assert "is left out" in said.err
    [kept] = trail(office)
    assert '"other_accounts": 1' in kept or '"other_accounts":1' in kept
    assert OTHER not in kept
    assert "already read" in office.do("bram", "reconcile", path).out
    all_is_well(office)


@pytest.mark.parametrize("word", ["refuse", None])
def test_a_statement_of_another_account_refuses_the_file_where_the_settings_say_so(
    office: Office, word: str | None
) -> None:
    path = of_another_account(day(a_couple(office)))
    before = office.digest()
    settled(office, word)
    said = office("bram", "reconcile", path)
    assert (said.code, OTHER in said.err, 'other_accounts = "ignore"' in said.err) == (3, True, True), said.err
    assert office.digest() == before


def test_a_file_with_nothing_of_ours_is_refused_whatever_the_settings_say(office: Office) -> None:
    path = day(a_couple(office))
    Path(path).write_text(Path(path).read_text(encoding="utf-8").replace(ASSEN, OTHER), encoding="utf-8")
    said = office("bram", "reconcile", path)
    assert (said.code, "send it to whom it belongs" in said.err) == (3, True)


def test_a_statement_of_another_account_that_does_not_add_up_still_refuses_the_file(office: Office) -> None:
    said = office("bram", "reconcile", of_another_account(day(a_couple(office)), closing="6.00"))
    assert (said.code, "Stmt[2]/Bal" in said.err) == (3, True)


def test_the_inbox_says_what_it_left_out(office: Office) -> None:
    path = of_another_account(day(a_couple(office)))
    place = office.folder / "inbox" / "assen"
    place.mkdir(parents=True)
    Path(path).rename(place / "s.xml")
    said = office.do("bram", "inbox", str(place.parent))
    assert "s.xml: 3 booked, 0 returned, 0 rejected, 0 exceptions, 1 statements of other accounts left out" in said.out
    assert f"Warning: s.xml, column Acct/Id: '{OTHER}' is no account" in said.err


# --- details that do not add up -------------------------------------------------------------------------------------


def changed(path: str, old: str, new: str) -> str:
    text = Path(path).read_text(encoding="utf-8")
    assert old in text
    Path(path).write_text(text.replace(old, new), encoding="utf-8")
    return path


def batch_of(*details: tuple[str, str]) -> str:
    """A batch of three that the bank names as ours, with these of its payments."""
    listed = "".join(
        f'<TxDtls><Refs><EndToEndId>{name}</EndToEndId></Refs><Amt Ccy="EUR">{euros}</Amt>'
        "<CdtDbtInd>DBIT</CdtDbtInd></TxDtls>"
        for name, euros in details
    )
    head = "<Btch><PmtInfId>ASSEN-202611-01-001-B1</PmtInfId><NbOfTxs>3</NbOfTxs></Btch>"
    return f"<NtryDtls>{head}{listed}</NtryDtls>"


def whole_batch(bank: Bank, details: str, cents: int = -929_46) -> str:
    path = bank.says("2026-11-25", Move(cents, "X"))
    text = Path(path).read_text(encoding="utf-8")
    start, end = text.index("<NtryDtls>"), text.index("</NtryDtls>") + len("</NtryDtls>")
    Path(path).write_text(text[:start] + details + text[end:], encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "details",
    [
        batch_of((RENT, "0.00"), (ENERGY, "0.00"), (INSURANCE, "0.00")),
        batch_of((RENT, "650.01"), (ENERGY, "120.50")),
        batch_of((RENT, "650.01")),
        batch_of((RENT, "650.01"), (ENERGY, "120.50"), (INSURANCE, "158.96")),
    ],
)
def test_a_batch_of_ours_is_booked_by_name_and_total_whatever_its_details_say(office: Office, details: str) -> None:
    said = office.do("bram", "reconcile", whole_batch(a_couple(office), details))
    assert "add up to" in said.err
    assert (office.status()["payments"]["booked"], open_exceptions(office)) == (3, [])
    all_is_well(office)


def test_a_batch_with_the_banks_charges_in_it_waits_for_a_person_and_the_next_day_is_read(office: Office) -> None:
    bank = a_couple(office)
    details = batch_of((RENT, "650.01"), (ENERGY, "120.50"), (INSURANCE, "158.95"))
    office.do("bram", "reconcile", whole_batch(bank, details, cents=-930_06))
    [item] = open_exceptions(office)
    assert (item["kind"], item["amount_cents"]) == ("batch_differs", 930_06)
    bank.tells("2026-11-26", Move(25_00, iban="NL39RABO0300065264", text="?"))
    assert [found["amount_cents"] for found in open_exceptions(office)] == [930_06, 25_00]
    all_is_well(office)


def test_an_entry_of_a_stranger_that_does_not_add_up_stops_nobody(office: Office) -> None:
    bank = a_couple(office)
    details = batch_of(("A", "10.00"), ("B", "5.00")).replace("ASSEN-202611-01-001-B1", "VREEMD").replace(">3<", ">2<")
    office.do("bram", "reconcile", whole_batch(bank, details, cents=-20_00))
    assert [(item["kind"], item["amount_cents"]) for item in open_exceptions(office)] == [("unknown_debit", 20_00)]
    bank.tells("2026-11-26", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    assert office.status()["payments"]["booked"] == 3
    all_is_well(office)


# --- numbers, dates and empty elements ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "warned"),
    [
        ("<Id>S001</Id>", "<Id>S001</Id><ElctrncSeqNb>000000000000000034</ElctrncSeqNb>", ""),
        ("<Id>S001</Id>", "<Id>S001</Id><ElctrncSeqNb>202611250000000001</ElctrncSeqNb><LglSeqNb/>", ""),
        ("2026-11-25T20:00:00+01:00", "2026-11-25", "CreDtTm"),
        ("2026-11-25T20:00:00+01:00", "2026-11-25T20:00", "CreDtTm"),
        ("<ValDt><Dt>2026-11-25</Dt></ValDt>", "<ValDt/>", ""),
        ("<ValDt><Dt>2026-11-25</Dt></ValDt>", "<ValDt><Dt>onbekend</Dt></ValDt>", "ValDt/Dt"),
        ('<Amt Ccy="EUR">650.01</Amt><CdtDbtInd>DBIT</CdtDbtInd><RltdPties>', '<Amt Ccy="EUR"/><RltdPties>', ""),
    ],
)
def test_what_decides_nothing_about_money_stops_no_statement(office: Office, old: str, new: str, warned: str) -> None:
    said = office.do("bram", "reconcile", changed(day(a_couple(office)), old, new))
    assert office.status()["payments"]["booked"] == 3
    warnings = [line for line in said.err.splitlines() if line.startswith("Warning") and "schema" not in line]
    assert bool([line for line in warnings if "is not written as the standard" in line]) is bool(warned)
    assert all(warned in line for line in warnings)
    all_is_well(office)


# --- statements in pages --------------------------------------------------------------------------------------------


def paged(bank: Bank, number: int, *moves: Move, last: bool, same_id: bool) -> str:
    """One page of the statement of 25 November: it stops at an interim balance where another page follows."""
    path = bank.says("2026-11-25", *moves, identity="D" if same_id else f"D-{number}")
    text = Path(path).read_text(encoding="utf-8")
    pages = f"<MsgPgntn><PgNb>{number}</PgNb><LastPgInd>{str(last).lower()}</LastPgInd></MsgPgntn></GrpHdr>"
    text = text.replace("</GrpHdr>", pages)
    text = text if number == 1 else text.replace("OPBD", "ITBD")
    text = text if last else text.replace("CLBD", "ITBD")
    Path(path).write_text(text, encoding="utf-8")
    return path


def pages(office: Office, *, same_id: bool) -> list[str]:
    """Rent on the first page, energy on the second, insurance on the third; the next day a stranger."""
    bank = a_couple(office)
    moves = (Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    found = [paged(bank, n, move, last=n == 3, same_id=same_id) for n, move in enumerate(moves, start=1)]
    return [*found, bank.says("2026-11-26", Move(25_00, iban="NL39RABO0300065264", text="?"))]


@pytest.mark.parametrize("same_id", [True, False])
def test_pages_of_one_statement_are_read_in_one_go_in_whatever_order_they_are_given(
    office: Office, *, same_id: bool
) -> None:
    first, second, third, next_day = pages(office, same_id=same_id)
    office.do("bram", "reconcile", next_day, third, first, second)
    assert office.status()["payments"]["booked"] == 3
    assert [item["amount_cents"] for item in open_exceptions(office)] == [25_00]
    once = office.digest()
    assert office.do("bram", "reconcile", first, second, third).out.count("already read") == 3
    assert office.digest() == once
    all_is_well(office)


@pytest.mark.parametrize("same_id", [True, False])
def test_pages_of_one_statement_are_read_one_after_the_other_and_nothing_in_between(
    office: Office, *, same_id: bool
) -> None:
    first, second, third, next_day = pages(office, same_id=same_id)
    for early, words in ((second, "is page 2: read its page 1 first"), (third, "is page 3: read its page 2 first")):
        said = office("bram", "reconcile", early)
        assert (said.code, words in said.err) == (1, True), said.err
    assert "is page 1 of a statement that goes on" in office.do("bram", "reconcile", first).err
    before = office.digest()
    for wrong in (third, next_day):
        assert office("bram", "reconcile", wrong).code == 1
    assert office.digest() == before
    for path in (second, third, next_day):
        office.do("bram", "reconcile", path)
    assert office.status()["payments"]["booked"] == 3
    all_is_well(office)


def test_a_page_that_moves_nothing_is_not_passed_over(office: Office) -> None:
    bank = a_couple(office)
    first = paged(bank, 1, last=False, same_id=False)
    second = paged(bank, 2, Move(-650_01, RENT), last=True, same_id=False)
    assert office("bram", "reconcile", second).code == 1
    office.do("bram", "reconcile", second, first)
    assert office.status()["payments"]["booked"] == 1


def test_a_page_in_the_inbox_waits_for_the_one_before_it(office: Office) -> None:
    first, second, third, _ = pages(office, same_id=True)
    place = office.folder / "inbox" / "assen"
    place.mkdir(parents=True)
    for path in (second, third):
        Path(path).rename(place / Path(path).name)
    assert office.do("bram", "inbox", str(place.parent)).out.count("waits in the inbox") == 2
    Path(first).rename(place / Path(first).name)
    assert office.do("bram", "inbox", str(place.parent)).out.count("1 booked") == 3
    all_is_well(office)


def test_a_last_page_of_a_message_may_hold_a_whole_statement(office: Office) -> None:
    path = changed(
        day(a_couple(office)),
        "</GrpHdr>",
        "<MsgPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></MsgPgntn></GrpHdr>",
    )
    office.do("bram", "reconcile", path)
    assert office.status()["payments"]["booked"] == 3
