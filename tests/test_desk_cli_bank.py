"""The finance team's month: what the bank answered, what nobody expected, and the month that closes."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from support.assen_month import ASSEN, RETURNED, SINGLE, answers, assen_only, because, exceptions, only, report
from support.story import Office, client_line, ordinary_month

from flows.rehearsal.bank import FakeBank
from flows.rehearsal.bank_model import BankPlan, Habits
from ledgers.database import open_engine, writing
from ledgers.schema.core import transfers


def released(office: Office) -> list[Path]:
    """An ordinary November up to the bank's folder."""
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    paths = office.approve_and_release()
    office.today = "2026-12-20"
    return paths


@pytest.mark.quick
def test_a_quiet_month_is_booked_and_closes(office: Office) -> None:
    assen_only(office)
    early = office("bram", "close", "2026-11")
    assert (early.code, "still in transit" in early.err) == (5, True)
    proof = office.do("inge", "--json", "status", "2026-11").document["proof"]
    assert (proof["in_transit_cents"], len(proof["in_transit"])) == (154179, 4)
    assert proof["in_transit"][0]["age_group"] == "8-30"
    office.do("bram", "reconcile", *answers(office))
    document = office.do("inge", "--json", "status", "2026-11").document
    assert document["gemeenten"][0]["payments"]["booked"] == 4
    assert document["gemeenten"][0]["files"][0]["state"] == "accepted"
    assert document["gemeenten"][0]["files"][0]["executed"] is True
    assert "uitgevoerd" in office.do("inge", "files").out  # and not: in behandeling
    assert "uitgevoerd, SHA-256" in office.do("inge", "status", "2026-11").out
    assert document["proof"]["bank_cents"] == document["proof"]["books_cents"] == 1_000_000 - 154179
    assert document["proof"]["in_transit_cents"] == document["proof"]["unexplained_cents"] == 0
    office.do("bram", "close", "2026-11")
    assert "closed already" in office.do("bram", "close", "2026-11").out


def test_after_a_refused_file_nothing_is_called_done(office: Office) -> None:
    (path,) = assen_only(office)
    bank = FakeBank(ASSEN, 1_000_000, 1)
    bank.receive(path.read_bytes(), BankPlan(rejects=4))
    told = [answer for answer in bank.answers(date(2026, 12, 20)) if b"pain.002" in answer.content]
    for answer in told:
        (office.folder / answer.name).write_bytes(answer.content)
    office.do("bram", "reconcile", *(str(office.folder / answer.name) for answer in told))
    assert [file["state"] for file in office.files()] == ["rejected"]
    said = office.do("bram", "run", "2026-11", "--gemeente", "assen").out
    assert "0 betalingen, EUR 0,00" in said
    assert "de bank weigerde ASSEN-202611-01-001: besluit daarover, zie `ontzorgen exceptions`" in said


def test_a_closed_month_is_locked_by_the_database(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office))
    office.do("bram", "close", "2026-11")
    office.do("anna", "check")
    engine = open_engine(office.url)
    row = {
        "event_key": "by-hand",
        "line": 1,
        "gemeente": "assen",
        "month": "2026-11",
        "booked_on": date(2026, 12, 1),
        "debit": "suspense",
        "credit": "bank",
        "amount_cents": 1,
    }
    with pytest.raises(IntegrityError, match="closed_month_transfers"), writing(engine) as connection:
        connection.execute(transfers.insert(), row)
    assert "was al gedaan" in office.do("bram", "run", "2026-11").out
    office.clients(client_line("0010003"))
    office.benefits("U-3;0010003;2026-11;regulier;1.000,00;")
    said = office("bram", "run", "2026-11", "--execution-date", "2026-12-22")
    assert (said.code, "is closed" in said.err) == (1, True)


def test_what_comes_back_after_the_closing_is_booked_in_an_open_month(office: Office) -> None:
    assen_only(office)
    paths = answers(office, RETURNED)
    office.do("bram", "reconcile", paths[0])
    office.do("bram", "close", "2026-11")
    office.do("bram", "reconcile", *paths[1:])
    item = only(office)
    assert (item["kind"], item["month"]) == ("returned", "2026-12")
    office.do("bram", "resolve", item["id"], "--as-what", "refund_to_client", "--why", "besproken")
    office.do("bram", "check")
    out = office.folder / "journal.csv"
    office.do("bram", "export", "journal", "2026-12", "--out", str(out))
    assert "returned:" in out.read_text(encoding="utf-8")


def test_a_returned_payment_is_paid_once_more_as_a_new_attempt(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office, RETURNED, seed=4))
    item = only(office)
    first = item["payment"]
    assert office.status()["payments"]["returned"] == 1
    office.do("bram", "resolve", item["id"], "--as-what", "resubmit", "--why", "rekening klopt weer")
    if "klopt niet" in item["reason"]:  # the bank said the account is wrong: it is blocked until somebody calls
        office.do("bram", "run", "2026-11", "--execution-date", "2026-12-22")
        assert [h["reason"] for h in office.status()["held"]] == ["iban_unconfirmed"]
        codes = ("WONEN", "STROOM", "ZORG")
        assert office("anna", "creditor", "confirm", *codes, "--how", "x").code == 1  # she brought these IBANs in
        office.do("bram", "creditor", "confirm", *codes, "--how", "teruggebeld na de terugboeking")
    office.do("bram", "run", "2026-11", "--execution-date", "2026-12-22")
    files = office.files()
    assert [f["transactions"] for f in files] == [4, 1]
    text = (office.approve_and_release()[-1]).read_text(encoding="utf-8")
    assert first.replace("202612-1-", "202612-2-") in text
    assert "was al gedaan" in office.do("bram", "run", "2026-11").out
    office.do("bram", "check")


def test_a_duplicate_is_never_paid_again_without_a_person(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office, BankPlan(rejects=2, returns=1), seed=2))
    assert len(exceptions(office)) == 3
    said = office("bram", "run", "2026-11", "--execution-date", "2026-12-22")
    assert "was al gedaan" in said.out


def test_a_file_sent_twice_by_mistake_does_not_undo_the_first(office: Office) -> None:
    (path,) = assen_only(office)
    bank = FakeBank(ASSEN, 1_000_000, 1)
    bank.receive(path.read_bytes())
    bank.receive(path.read_bytes())
    for answer in bank.answers(date(2026, 12, 20)):
        (office.folder / answer.name).write_bytes(answer.content)
    office.do("bram", "reconcile", *(str(p) for p in sorted(office.folder.glob("2026-*.xml"))))
    assert office.status()["payments"]["booked"] == 4
    item = only(office)
    assert (item["kind"], item["amount_cents"]) == ("duplicate", 0)
    assert office("bram", "resolve", item["id"], "--as-what", "resubmit", "--why", "x").code == 1
    office.do("bram", "resolve", item["id"], "--as-what", "acknowledge", "--why", "dubbel ingelezen, eerste is betaald")
    office.do("bram", "close", "2026-11")


def test_refused_payments_go_back_to_where_they_were_withheld(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office, BankPlan(rejects=1), seed=3))
    item = only(office)
    assert item["kind"] == "rejected"
    reserved = office.do("inge", "--json", "status", "2026-11").document["proof"]["reserved"]
    assert [entry["amount_cents"] for entry in reserved] == [item["amount_cents"]]
    assert office.status()["payments"]["rejected"] == 1
    assert office.files()[0]["state"] == "partly_rejected"
    office.do("bram", "resolve", item["id"], "--as-what", "refund_to_client", "--why", "verhuurder is gestopt")
    same = ("bram", "resolve", item["id"], "--as-what", "refund_to_client", "--why", "nog eens")
    assert "settled so already" in office.do(*same).out
    other = office("bram", "resolve", item["id"], "--as-what", "resubmit", "--why", "toch niet")
    assert other.code == 4
    out = office.folder / "rest.csv"
    office.do("bram", "export", "remainders", "2026-11", "--out", str(out))
    line = next(row for row in out.read_text("utf-8").splitlines() if item["client"] in row).split(";")
    assert line[6] != "0,00"
    office.do("bram", "check")
    office.do("bram", "close", "2026-11")


def test_money_of_a_stranger_and_a_refund_each_get_their_place(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office, BankPlan(stray_credits=1, stray_debits=1, refunds=1)))
    items = {item["kind"]: item for item in exceptions(office)}
    assert set(items) == {"unknown_credit", "unknown_debit", "creditor_refund"}
    stranger = items["unknown_credit"]["id"]
    assert office("bram", "resolve", stranger, "--as-what", "refund_to_client", "--why", "x").code == 1
    assert office("bram", "resolve", stranger, "--as-what", "match", "--why", "x").code == 1
    assert office("bram", "resolve", stranger, "--as-what", "resubmit", "--why", "x").code == 1
    assert office("bram", "resolve", stranger, "--as-what", "acknowledge", "--why", "x").code == 1
    assert office("bram", "resolve", stranger, "--as-what", "funding", "--why", " ").code == 1
    assert office("anna", "resolve", stranger, "--as-what", "funding", "--why", "x").code == 1
    assert office("bram", "resolve", "X-none", "--as-what", "funding", "--why", "x").code == 1
    office.do("bram", "resolve", stranger, "--as-what", "funding", "--why", "aanvulling door de gemeente")
    office.do("bram", "resolve", items["unknown_debit"]["id"], "--as-what", "suspense", "--why", "bankkosten")
    office.do(
        "bram",
        "resolve",
        items["creditor_refund"]["id"],
        "--as-what",
        "refund_to_client",
        "--why",
        "jaarnota",
        "--client",
        "0010001",
    )
    assert exceptions(office) == []
    parked = office.do("inge", "--json", "status", "2026-11").document["proof"]["suspense"]
    assert [item["id"] for item in parked] == [items["unknown_debit"]["id"]]
    assert "op tussenrekening" in office.do("inge", "status", "2026-11").out
    office.do("bram", "check")
    office.do("bram", "close", "2026-11")


def test_a_line_is_matched_by_hand_only_to_the_cent(office: Office) -> None:
    assen_only(office)
    habits = Habits(booking="single", references="none")
    plan = BankPlan(fault="amount_off_by_a_cent")
    office.do("bram", "reconcile", *answers(office, plan, habits=habits))
    kinds = {item["kind"]: item for item in exceptions(office)}
    (item,) = kinds.values()
    assert item["kind"] in ("unknown_debit", "amount_differs")
    waiting = office.do("inge", "--json", "status", "2026-11").document["proof"]["in_transit"]
    said = office("bram", "resolve", item["id"], "--as-what", "match", "--payment", waiting[0]["payment"], "--why", "x")
    assert (said.code, "no tolerance" in said.err) == (1, True)
    assert office("bram", "close", "2026-11").code == 5


def test_the_same_statement_again_and_the_same_id_with_other_content(office: Office) -> None:
    assen_only(office)
    (path,) = answers(office)
    office.do("bram", "reconcile", path)
    assert "already read" in office.do("bram", "reconcile", path).out
    text = Path(path).read_text(encoding="utf-8")
    copy = Path(path).with_name("copy.xml")
    copy.write_text(text.replace("?>", "?><!-- delivered again -->", 1), encoding="utf-8")
    assert "already read" in office.do("bram", "reconcile", str(copy)).out
    copy.write_text(text.replace("Stichting Wonen", "Stichting Wonnen"), encoding="utf-8")
    said = office("bram", "reconcile", str(copy))
    assert (said.code, "another content" in said.err) == (4, True)


def test_a_missing_or_overlapping_day_is_refused_with_the_way_out(office: Office) -> None:
    assen_only(office)
    paths = answers(office, BankPlan(returns=2, stray_credits=1), seed=5)
    statements = [path for path in paths if "camt053" in path]
    assert len(statements) >= 3
    office.do("bram", "reconcile", statements[0])
    before = office.digest()
    gap = office("bram", "reconcile", statements[2])
    assert (gap.code, "missing" in gap.err) == (1, True)
    assert office.digest() == before
    office.do("bram", "reconcile", *statements[1:])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace(ASSEN, "NL20INGB0001234567"), "not an account of any gemeente"),
        (lambda text: '<Ntry><Amt Ccy="EUR">1'.join(text.split('<Ntry><Amt Ccy="EUR">', 1)), "make"),
        (lambda text: text[: len(text) // 2], ""),
        (lambda text: text.replace("?>", '?><!DOCTYPE x [<!ENTITY e "x">]>', 1), "DOCTYPE"),
        (lambda _: "geen xml", ""),
        (lambda _: '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"/>', ""),
        (lambda _: "", ""),
    ],
)
def test_a_file_that_cannot_be_right_changes_nothing(office: Office, change: Any, said: str) -> None:
    assen_only(office)
    (path,) = answers(office)
    text = Path(path).read_text(encoding="utf-8")
    Path(path).write_text(change(text), encoding="utf-8")
    before = office.digest()
    answer = office("bram", "reconcile", path)
    assert answer.code == 3, answer.err
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert office.digest() == before


def test_a_report_about_somebody_elses_file_is_refused(office: Office) -> None:
    assen_only(office)
    report = Path(__file__).parent / "bankfiles" / "pain002" / "nordea_pain_002_v3_txn_reject.xml"
    said = office("bram", "reconcile", str(report))
    assert (said.code, "not the MsgId of a file of ours" in said.err) == (3, True)


def test_one_wrong_file_does_not_keep_the_others_out(office: Office) -> None:
    assen_only(office)
    (path,) = answers(office)
    wrong = office.folder / "wrong.xml"
    wrong.write_text("nonsense", encoding="utf-8")
    assert office("bram", "reconcile", str(wrong), path).code == 3
    assert office.status()["payments"]["booked"] == 4


def test_the_inbox_is_read_once_and_a_refused_file_gets_a_note(office: Office) -> None:
    assen_only(office)
    inbox = office.folder / "inbox"
    (inbox / "assen").mkdir(parents=True)
    for path in answers(office, RETURNED):
        Path(path).rename(inbox / "assen" / Path(path).name)
    (inbox / "assen" / "rommel.xml").write_text("nonsense", encoding="utf-8")
    said = office.do("bram", "inbox", str(inbox))
    assert "refused" in said.out
    assert [p.name for p in (inbox / "assen").iterdir() if p.is_file()] == []
    assert len(list((inbox / "assen" / "processed").iterdir())) >= 2
    assert "rommel.xml" in (inbox / "assen" / "refused" / "rommel.xml.why.txt").read_text(encoding="utf-8")
    assert office.do("bram", "inbox", str(inbox)).out.strip() == "Nothing new."
    assert office.status()["payments"]["returned"] == 1


def test_a_zip_of_statements_is_read_and_moved_as_one_file(office: Office) -> None:
    assen_only(office)
    place = office.folder / "inbox" / "assen"
    place.mkdir(parents=True)
    with zipfile.ZipFile(place / "week.zip", "w") as archive:
        for path in answers(office, RETURNED):
            archive.write(path, Path(path).name)
    assert (
        "week.zip: 4 booked, 1 returned, 0 rejected, 1 exceptions" in office.do("bram", "inbox", str(place.parent)).out
    )
    assert [p.name for p in (place / "processed").iterdir()] == ["week.zip"]
    assert "already read" in office.do("bram", "reconcile", str(place / "processed" / "week.zip")).out


def test_a_zip_with_one_wrong_file_is_refused_whole_with_its_name(office: Office) -> None:
    assen_only(office)
    place = office.folder / "inbox" / "assen"
    place.mkdir(parents=True)
    (path,) = answers(office)
    with zipfile.ZipFile(place / "week.zip", "w") as archive:
        archive.write(path, "a.xml")
        archive.writestr("uitleg.pdf", "%PDF-1.7")
    before = office.digest()
    assert "refused: week.zip/uitleg.pdf: is a PDF" in office.do("bram", "inbox", str(place.parent)).out
    assert office.digest() == before
    assert sorted(p.name for p in (place / "refused").iterdir()) == ["week.zip", "week.zip.why.txt"]


def test_nothing_in_the_inbox_is_passed_over_in_silence(office: Office) -> None:
    assen_only(office)
    inbox = office.folder / "inbox"
    (inbox / "assen" / "oud").mkdir(parents=True)
    (inbox / "emmen").mkdir()
    for name in ("assen/lijst.csv", "assen/leeg", "assen/.x.xml", "assen/s.xml.part", "los.xml"):
        (inbox / name).write_text("rommel", encoding="utf-8")
    said = {item["file"]: item["outcome"] for item in office.do("bram", "--json", "inbox", str(inbox)).document}
    assert set(said) == {"lijst.csv", "leeg", ".x.xml", "s.xml.part", "los.xml", "oud", "emmen"}
    assert [name for name, outcome in said.items() if outcome.startswith("refused: ")] == ["leeg", "lijst.csv"]
    assert [name for name, outcome in said.items() if "still being written" in outcome] == [".x.xml", "s.xml.part"]
    assert "move it to the folder of a gemeente (aa-en-hunze, assen, tynaarlo)" in said["los.xml"]
    assert {said["oud"], said["emmen"]} == {"is not read: put the files themselves in the folder of a gemeente"}


def test_a_booking_is_settled_after_five_bank_days(office: Office) -> None:
    assen_only(office)
    plan = BankPlan(returns=1)
    office.do("bram", "reconcile", *answers(office, plan, seed=9))
    counts = office.status()["payments"]
    assert counts["booked"] == 3
    assert counts["settled"] in (0, 3)


def test_only_finance_and_administration_reconcile_and_only_finance_closes(office: Office) -> None:
    assen_only(office)
    (path,) = answers(office)
    for who in ("carla", "rosa", "dirk", "inge", "chef"):
        assert office(who, "reconcile", path).code == 1
        assert office(who, "close", "2026-11").code == 1
    office.do("anna", "reconcile", path)
    assert office("anna", "close", "2026-11").code == 1


def test_a_month_that_was_never_run_does_not_close(office: Office) -> None:
    assert office("bram", "close", "2026-11").code == 5


def test_two_gemeenten_and_one_account_that_has_not_answered(office: Office) -> None:
    released(office)
    office.do("bram", "reconcile", *answers(office))
    said = office("bram", "close", "2026-11")
    assert (said.code, "tynaarlo" in said.err) == (5, True)


def test_a_payment_refused_as_a_duplicate_stays_in_transit_until_somebody_knows(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", report(office, because("MS03") + because("AM05")))
    item = only(office)
    assert (item["kind"], item["payment"]) == ("duplicate", "202612-1-VL-3")
    assert office.status()["payments"]["instructed"] == 4
    office.do("bram", "reconcile", *answers(office, habits=SINGLE))
    assert office.status()["payments"]["booked"] == 4
    office.do("bram", "resolve", item["id"], "--as-what", "acknowledge", "--why", "gewoon betaald")
    office.do("bram", "close", "2026-11")


def test_a_duplicate_that_was_never_paid_becomes_a_rejection(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", report(office, because("AM05")))
    office.do("bram", "resolve", only(office)["id"], "--as-what", "not_paid", "--why", "bank gebeld: nooit betaald")
    item = only(office)
    assert (item["kind"], item["payment"]) == ("rejected", "202612-1-VL-3")
    office.do("bram", "resolve", item["id"], "--as-what", "refund_to_client", "--why", "besproken")
    office.do("bram", "check")


def test_a_refused_payment_that_the_bank_debits_all_the_same_is_not_made_again(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", report(office, because("MS03")))
    office.do("bram", "reconcile", *answers(office, habits=SINGLE))
    kinds = {item["kind"]: item["id"] for item in exceptions(office)}
    assert set(kinds) == {"rejected", "rejected_debited"}
    for way in ("resubmit", "refund_to_client"):
        said = office("bram", "resolve", kinds["rejected"], "--as-what", way, "--why", "x")
        assert (said.code, "not back" in said.err) == (1, True)
    assert office("bram", "close", "2026-11").code == 5
    office.do("bram", "resolve", kinds["rejected_debited"], "--as-what", "paid", "--why", "bank bevestigt: betaald")
    assert exceptions(office) == []
    assert office.status()["payments"]["booked"] == 4
    office.do("bram", "check")
    office.do("bram", "close", "2026-11")


def test_a_refused_payment_told_twice_is_told_once(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office, habits=SINGLE))
    for _ in range(2):
        office.do("bram", "reconcile", report(office, because("AC01")))
    assert [item["kind"] for item in exceptions(office)] == ["rejected_after_booking"]


def test_a_batch_that_differs_is_matched_by_hand_with_several_payments(office: Office) -> None:
    assen_only(office)
    habits = Habits(booking="batch", details=False, references="batch_only")
    (path,) = answers(office, BankPlan(fault="batch_count_wrong"), habits=habits)
    office.do("bram", "reconcile", path)
    item = only(office)
    assert item["kind"] == "batch_differs"
    words = [word for n in (1, 2, 3, 4) for word in ("--payment", f"202612-1-VL-{n}")]
    short = office("bram", "resolve", item["id"], "--as-what", "match", *words[:6], "--why", "x")
    assert (short.code, "no tolerance" in short.err) == (1, True)
    office.do("bram", "resolve", item["id"], "--as-what", "match", *words, "--why", "bank bevestigt het bestand")
    office.do("bram", "close", "2026-11")


def test_remainders_can_still_be_listed_after_the_month_closed(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", *answers(office))
    office.do("bram", "close", "2026-11")
    office.do("bram", "export", "remainders", "2026-11", "--out", str(office.folder / "rest.csv"))
    office.do("bram", "check")


def test_a_gemeente_with_benefits_that_was_never_run_keeps_the_month_open(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11", "--gemeente", "assen")
    office.approve_and_release()
    office.today = "2026-12-20"
    office.do("bram", "reconcile", *answers(office))
    said = office("bram", "close", "2026-11")
    assert (said.code, "tynaarlo: there are benefit records" in said.err) == (5, True)


def test_a_refund_is_never_another_clients_or_another_gemeentes(office: Office) -> None:
    released(office)
    office.do("bram", "reconcile", *answers(office, BankPlan(refunds=1)))
    item = only(office)
    said = office("bram", "resolve", item["id"], "--as-what", "refund_to_client", "--why", "x", "--client", "0020001")
    assert (said.code, "tynaarlo" in said.err) == (1, True)
    office.do("dirk", "resolve", item["id"], "--as-what", "refund_to_client", "--why", "x", "--client", "0010001")
    other = office("bram", "resolve", item["id"], "--as-what", "refund_to_client", "--why", "x", "--client", "0010002")
    assert other.code == 4
