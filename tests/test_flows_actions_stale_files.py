"""A file that waits is judged by today: it goes to the bank only while its month, planned again, would be the same."""

from dataclasses import replace
from datetime import datetime

import pytest
from support.seats import seat
from support.story import CREDITORS, Office, client_line, ordinary_month

from flows.actions import payment_files
from ledgers.errors import Refused
from payments.calendar import AMSTERDAM

FILE, SECOND = "ASSEN-202611-01-001", "ASSEN-202611-02-001"
TOTAL = "1.541,79"  # 650,00 + 120,50 + 612,34 + 158,95


@pytest.fixture
def waiting(office: Office) -> Office:
    """November is planned: rent and energy of 0010001, rent and insurance of 0010002, in one file."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    return office


def approve(office: Office, file: str = FILE, total: str = TOTAL) -> tuple[int, list[tuple[object, ...]]]:
    """The exit code, and each payment that would be different."""
    said = office("carla", "--json", "approve", file, "--total", total)
    names = ("client", "obligation", "covers", "was_cents", "would_be_cents", "why")
    return said.code, [tuple(item[name] for name in names) for item in said.document.get("stale", [])]


def rent_to(creditor: str, amount: str = "650,00", until: str = "", first: str = "2026-10") -> str:
    return f"VL-1;0010001;{creditor};huur;{amount};C-77;{first};{until};"


def new_iban(office: Office) -> None:
    line = CREDITORS["ZORG"].replace("NL02ABNA0123456789", "NL39ABNA0999900011")
    office.creditors(line, confirm=False)


def confirmed_iban(office: Office) -> None:
    new_iban(office)
    office.do("bram", "creditor", "confirm", "ZORG", "--how", "teruggebeld")


def stopped_right(office: Office) -> None:
    office.clients(client_line("0010002", recht_tot="2026-11-20"), first="2026-11")


def later_right(office: Office) -> None:
    office.clients(client_line("0010002", recht_vanaf="2026-12-01"), first="2026-11")


def another_gemeente(office: Office) -> None:
    office.clients(client_line("0010002", gemeente="tynaarlo"), first="2026-11")


RENT_2 = ("0010002", "VL-3", "2026-12", 612_34, 0)
CARE_2 = ("0010002", "VL-4", "2026-12", 158_95, 0)
RENT_1 = ("0010001", "VL-1", "2026-12", 650_00, 0)
ENERGY_1 = ("0010001", "VL-2", "2026-12", 120_50, 0)
CHANGES = {
    "an account that is to be confirmed": (new_iban, [(*CARE_2, "iban_unconfirmed")]),
    "a confirmed other account": (confirmed_iban, [(*CARE_2[:4], 158_95, "creditor_changed")]),
    "another amount": (
        lambda office: office.obligations(rent_to("WONEN", "655,00"), first="2026-11"),
        [(*RENT_1[:4], 655_00, "amount_changed")],
    ),
    "another creditor": (
        lambda office: office.obligations(rent_to("ZORG"), first="2026-11"),
        [(*RENT_1[:4], 650_00, "creditor_changed")],
    ),
    "a last month before": (
        lambda office: office.obligations(rent_to("WONEN", until="2026-11"), first="2026-11"),
        [(*RENT_1, "not_due")],
    ),
    "a first month after": (
        lambda office: office.obligations(rent_to("WONEN", first="2027-01"), first="2026-11"),
        [(*RENT_1, "not_due")],
    ),
    "a rent that does not fit any more": (
        lambda office: office.obligations(rent_to("WONEN", "1.400,00"), first="2026-11"),
        [(*RENT_1, "shortfall")],
    ),
    "a right that ended": (stopped_right, [(*RENT_2, "right_ended"), (*CARE_2, "right_ended")]),
    "a right that begins later": (later_right, [(*RENT_2, "right_not_started"), (*CARE_2, "right_not_started")]),
    "a move to another gemeente": (another_gemeente, [(*RENT_2, "not_due"), (*CARE_2, "not_due")]),
    "a hold": (
        lambda office: office.do("dirk", "hold", "0010001", "--why", "wordt nagekeken"),
        [(*RENT_1, "on_hold"), (*ENERGY_1, "on_hold")],
    ),
    "a mandate taken back": (
        lambda office: office.do("rosa", "event", "mandate_revoked", "0010001", "--on", "2026-11-17", "--why", "brief"),
        [(*RENT_1, "no_mandate"), (*ENERGY_1, "no_mandate")],
    ),
    "a month that is the client's own": (
        lambda office: office.do("rosa", "handover", "VL-2", "--first-own-month", "2026-12", "--method", "incasso"),
        [(*ENERGY_1, "handed_over")],
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_changed_since_keeps_the_file_here_before_and_after_its_approval(waiting: Office, what: str) -> None:
    change, expected = CHANGES[what]
    waiting.do("carla", "approve", FILE, "--total", TOTAL)
    change(waiting)
    said = waiting("bram", "--json", "release", FILE, "--out", str(waiting.folder / "bank"))
    assert (said.code, not (waiting.folder / "bank").exists()) == (1, True)
    names = ("client", "obligation", "covers", "was_cents", "would_be_cents", "why")
    assert [tuple(item[name] for name in names) for item in said.document["stale"]] == expected
    assert waiting.files()[0]["stale"] == len(expected)
    assert [item["stale"] for item in waiting.status()["files"]] == [len(expected)]
    listed = waiting.do("rosa", "--json", "worklist").document
    clients = {item["client"] for item in listed if item["kind"] == "stale_file"}
    assert clients == {each[0] for each in expected}
    waiting.do("carla", "cancel", FILE, "--why", "verouderd")
    waiting.do("bram", "run", "2026-11", "--gemeente", "assen")
    assert [(file["file_id"], file["stale"]) for file in waiting.files()] == [(FILE, 0), (SECOND, 0)]
    waiting.do("inge", "check")


def test_before_the_approval_too_and_in_words(waiting: Office) -> None:
    confirmed_iban(waiting)
    assert approve(waiting) == (1, [(*CARE_2[:4], 158_95, "creditor_changed")])
    text = waiting("carla", "approve", FILE, "--total", TOTAL).err
    assert "VL-4 2026-12 for 0010002 (creditor_changed): EUR 158,95, now EUR 158,95" in text
    assert f"`ontzorgen cancel {FILE} --why TEXT` and run 2026-11 again" in text
    sheet = waiting.do("carla", "sheet", FILE).out
    warning = sheet[sheet.index("LET OP") :]
    assert "andere rekening" in warning
    assert f"VEROUDERD {FILE}: 1 betaling zou vandaag anders zijn." in waiting.do("inge", "files").out
    assert f"VEROUDERD {FILE}" in waiting.do("inge", "status", "2026-11").out


def test_what_the_bank_has_or_was_approved_already_is_not_judged_again(waiting: Office) -> None:
    waiting.do("carla", "approve", FILE, "--total", TOTAL)
    waiting.do("bram", "release", FILE, "--out", str(waiting.folder / "bank"))
    confirmed_iban(waiting)
    assert approve(waiting)[0] == 0
    waiting.do("bram", "release", FILE, "--out", str(waiting.folder / "bank"))
    assert waiting.files()[0]["stale"] == 0
    assert "stale_file" not in waiting.do("rosa", "--json", "worklist").out


def test_of_two_files_of_a_month_only_the_one_that_changed_stays(waiting: Office) -> None:
    """A late client has a file of their own; their rent changes, the first file goes out."""
    waiting.clients(client_line("0010003"))
    waiting.obligations("VL-6;0010003;WONEN;huur;500,00;C-80;2026-10;;")
    waiting.benefits("U-9;0010003;2026-11;regulier;1.331,43;")
    waiting.do("bram", "run", "2026-11", "--gemeente", "assen")
    waiting.obligations("VL-6;0010003;WONEN;huur;510,00;C-80;2026-10;;", first="2026-11")
    assert approve(waiting, SECOND, "500,00") == (1, [("0010003", "VL-6", "2026-12", 500_00, 510_00, "amount_changed")])
    assert approve(waiting)[0] == 0
    waiting.do("bram", "release", FILE, "--out", str(waiting.folder / "bank"))
    waiting.do("carla", "cancel", SECOND, "--why", "huur is 510,00")
    waiting.do("bram", "run", "2026-11", "--gemeente", "assen")
    third = waiting.files()[-1]
    assert (third["file_id"], third["control_sum_cents"]) == ("ASSEN-202611-03-001", 510_00)


def test_a_benefit_that_was_told_since_or_a_line_for_another_changes_nothing(waiting: Office) -> None:
    waiting.do("bram", "export", "remainders", "2026-11", "--out", str(waiting.folder / "rest.csv"))
    waiting.clients(client_line("0010009"))
    waiting.creditors("NIEUW;Verhuur Nieuw;NL39ABNA0999900011;huur;", confirm=False)
    assert approve(waiting) == (0, [])


def test_a_preview_says_that_a_file_waits(waiting: Office) -> None:
    words = ("event", "right_ended", "0010001", "--on", "2026-11-17", "--why", "werk", "--preview")
    said = waiting.do("rosa", *words)
    assert f"Bestand {FILE} wacht en kan dan niet meer worden goedgekeurd of vrijgegeven; EUR 770,50" in said.out
    document = waiting.do("rosa", "--json", *words).document
    stale = [item for run in document["runs"] for item in run["stale"]]
    assert {(item["obligation"], item["why"]) for item in stale} == {("VL-1", "right_ended"), ("VL-2", "right_ended")}
    assert approve(waiting) == (0, [])  # nothing of it was stored


@pytest.mark.parametrize("moment", ["2026-11-25 14:31", "2026-11-26 09:00"])
def test_nothing_is_approved_or_released_after_its_day_or_its_cut_off(waiting: Office, moment: str) -> None:
    now = datetime.strptime(moment, "%Y-%m-%d %H:%M").replace(tzinfo=AMSTERDAM)
    late = replace(seat(waiting, "carla"), now=now)
    with pytest.raises(Refused, match=r"execution date 2026-11-25 is past|cut-off of 2026-11-25 \(14:30\) has passed"):
        payment_files.approve(late, FILE, 1541_79)
    in_time = replace(late, now=datetime(2026, 11, 25, 14, 29, tzinfo=AMSTERDAM))
    payment_files.approve(in_time, FILE, 1541_79)
    with pytest.raises(Refused, match="ontzorgen cancel ASSEN-202611-01-001 --why TEXT"):
        payment_files.release(replace(late, actor="bram"), FILE, waiting.folder / "bank")
    assert payment_files.approve(late, FILE, 1541_79).already
    waiting.today = "2026-11-27"
    waiting.do("carla", "cancel", FILE, "--why", "te laat")
    waiting.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-11-30")
    waiting.do("carla", "approve", SECOND, "--total", TOTAL)
    waiting.do("bram", "release", SECOND, "--out", str(waiting.folder / "bank"))
