"""A file that waits for a person pays for nobody who may not be paid for any more, and can be taken back."""

import pytest
from support.story import Office, client_line, ordinary_month

FILE, SECOND = "ASSEN-202611-01-001", "ASSEN-202611-02-001"


@pytest.fixture
def waiting(office: Office) -> Office:
    """November is planned: 770,50 for one client and 771,29 for another, in one file."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    return office


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("hold", "0010001", "--why", "wordt nagekeken"), "on_hold"),
        (("event", "death", "0010001", "--on", "2026-11-17", "--why", "bericht"), "on_hold"),
        (("event", "mandate_revoked", "0010001", "--on", "2026-11-17", "--why", "brief"), "no_mandate"),
        (("event", "right_ended", "0010001", "--on", "2026-11-17", "--why", "werk"), "right_ended"),
    ],
)
def test_who_is_stopped_after_the_run_is_not_paid_by_the_file_that_waits(
    waiting: Office, words: tuple[str, ...], reason: str
) -> None:
    waiting.do("rosa" if words[0] == "event" else "dirk", *words)
    refused = waiting("carla", "approve", FILE, "--total", "1.541,79")
    assert (refused.code, f"for 0010001 ({reason})" in refused.err) == (1, True)
    waiting.do("bram", "cancel", FILE, "--why", "0010001 staat stil")
    waiting.do("bram", "run", "2026-11", "--gemeente", "assen")
    waiting.do("carla", "approve", SECOND, "--total", "771,29")
    waiting.do("bram", "release", SECOND, "--out", str(waiting.folder / "bank"))
    held = [(h["client"], h["obligation"], h["reason"]) for h in waiting.status()["held"]]
    assert held == [("0010001", "VL-1", reason), ("0010001", "VL-2", reason)]
    for obligation in ("VL-1", "VL-2"):
        waiting.do("bram", "give-back", obligation, "2026-12", "--why", "wordt niet betaald")
    waiting.do("inge", "check")


def test_an_end_confirmed_after_the_approval_keeps_the_file_from_the_bank(waiting: Office) -> None:
    waiting.do("carla", "approve", FILE, "--total", "1.541,79")
    waiting.do("rosa", "end", "propose", "0010001", "--date", "2026-11-18", "--reason", "moved")
    waiting.do("dirk", "end", "confirm", "0010001")
    refused = waiting("bram", "release", FILE, "--out", str(waiting.folder / "bank"))
    assert (refused.code, "0010001 (ended)" in refused.err) == (1, True)
    assert not (waiting.folder / "bank").exists()


def test_a_file_taken_back_is_made_anew_with_ids_of_its_own(waiting: Office) -> None:
    assert waiting("bram", "cancel", FILE, "--why", " ").code == 1
    waiting.do("bram", "cancel", FILE, "--why", "verkeerde betaaldag")
    assert "already" in waiting.do("bram", "cancel", FILE, "--why", "verkeerde betaaldag").out
    assert waiting("carla", "approve", FILE, "--total", "1.541,79").code == 1
    waiting.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-11-24")
    states = {f["file_id"]: (f["state"], f["execution_date"]) for f in waiting.files()}
    assert states == {FILE: ("cancelled", "2026-11-25"), SECOND: ("generated", "2026-11-24")}
    waiting.do("carla", "approve", SECOND, "--total", "1.541,79")
    waiting.do("bram", "release", SECOND, "--out", str(waiting.folder / "bank"))
    assert waiting("bram", "cancel", SECOND, "--why", "te laat").code == 1
    assert "already" in waiting.do("bram", "--json", "run", "2026-11", "--gemeente", "assen").out
    assert len(waiting.files()) == 2
    waiting.do("inge", "check")


def test_a_file_taken_back_twice_and_a_payment_that_then_comes_back_are_paid_once_each(waiting: Office) -> None:
    """Attempts are counted over everything that was ever made; only what is not taken back counts as one."""
    for number in (1, 2):
        waiting.do("bram", "cancel", f"ASSEN-202611-0{number}-001", "--why", "nog niet")
        waiting.do("bram", "run", "2026-11", "--gemeente", "assen")
    third = "ASSEN-202611-03-001"
    waiting.do("carla", "approve", third, "--total", "1.541,79")
    waiting.do("bram", "release", third, "--out", str(waiting.folder / "bank"))
    path = waiting.folder / "bank" / f"{third}.xml"
    out = str(waiting.folder / "answers")
    waiting.do("bram", "fake-bank", str(path), "--out", out, "--seed", "1", "--rejects", "1")
    waiting.today = "2026-11-30"
    waiting.do("bram", "reconcile", *map(str, sorted((waiting.folder / "answers").glob("*.xml"))))
    (item,) = waiting.do("bram", "--json", "exceptions").document
    waiting.do("bram", "resolve", item["id"], "--as-what", "resubmit", "--why", "rekening klopt")
    waiting.do("bram", "creditor", "confirm", "WONEN", "STROOM", "ZORG", "--how", "teruggebeld")
    for _ in range(2):
        waiting.do("bram", "run", "2026-11", "--gemeente", "assen", "--execution-date", "2026-12-01")
    new = [f for f in waiting.files() if f["state"] == "generated"]
    assert [(f["file_id"], f["transactions"]) for f in new] == [("ASSEN-202611-04-001", 1)]
    waiting.do("inge", "check")


def test_a_client_who_was_not_in_the_file_does_not_stop_it(waiting: Office) -> None:
    waiting.clients(client_line("0010009"))
    waiting.do("dirk", "hold", "0010009", "--why", "nieuw")
    waiting.do("carla", "approve", FILE, "--total", "1.541,79")
