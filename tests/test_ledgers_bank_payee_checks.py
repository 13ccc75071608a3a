"""Verification of Payee: kept per account of a creditor with its day; it moves nothing, and somebody looks."""

from support.by_hand import Move, refusal
from support.story import Office
from support.story_bank import (
    ENERGY,
    INSURANCE,
    NEIGHBOUR,
    RENT,
    a_couple,
    a_couple_and_a_neighbour,
    all_is_well,
    open_exceptions,
    settle,
)

FILE = "ASSEN-202611-01-001"


def report(office: Office, results: dict[str, str], file: str = FILE, day: str = "2026-11-24") -> str:
    """A pain.002 with a result for each payment."""
    path = office.folder / f"payees-{len(list(office.folder.iterdir()))}.xml"
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{result}</TxSts></TxInfAndSts>"
        for name, result in results.items()
    )
    path.write_text(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>'
        f"{path.stem}</MsgId><CreDtTm>{day}T09:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{file}</OrgnlMsgId>"
        "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>"
        f"{file}-B1</OrgnlPmtInfId>{told}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>",
        encoding="utf-8",
    )
    return str(path)


def results(office: Office, creditor: str) -> list[tuple[str, str, str]]:
    shown = office.do("inge", "--json", "creditor", "show", creditor).document["verifications"]
    return [(item["told_on"], item["iban"], item["result"]) for item in shown]


def test_every_result_is_kept_and_a_doubt_is_a_task_that_moves_nothing(office: Office) -> None:
    bank = a_couple(office)
    path = report(office, {RENT: "RVNM", ENERGY: "RVMC", INSURANCE: "RCVC"})
    office.do("bram", "reconcile", path)
    assert office.status()["payments"]["instructed"] == 3
    assert office.files()[0]["state"] == "released"
    assert [(i["kind"], i["payment"], i["amount_cents"], i["owner"]) for i in open_exceptions(office)] == [
        ("payee_name", RENT, 0, "finance"),
        ("payee_name", ENERGY, 0, "finance"),
    ]
    assert open_exceptions(office)[0]["reason"].startswith("RVNM: naam hoort niet bij deze rekening")
    assert results(office, "WONEN") == [("2026-11-24", "NL91ABNA0417164300", "RVNM")]
    assert results(office, "ZORG") == [("2026-11-24", "NL02ABNA0123456789", "RCVC")]
    kinds = [item["kind"] for item in office.do("inge", "--json", "worklist").document]
    assert kinds.count("payee_name") == 2
    assert "already read" in office.do("bram", "reconcile", path).out
    bank.tells("2026-11-25", Move(-650_01, RENT), Move(-120_50, ENERGY), Move(-158_95, INSURANCE))
    assert office.status()["payments"]["booked"] == 3
    for item in open_exceptions(office):
        refused = office("bram", "resolve", item["id"], "--as-what", "suspense", "--why", "x")
        assert (refused.code, "is settled as acknowledge" in refused.err) == (1, True)
        settle(office, item["id"], "acknowledge", why="gebeld: naam is veranderd")
    assert open_exceptions(office) == []
    all_is_well(office)
    office.do("bram", "close", "2026-11")


def test_the_next_sheet_begins_with_the_account_whose_name_the_bank_does_not_find(office: Office) -> None:
    a_couple(office)
    office.do("bram", "reconcile", report(office, {RENT: "RVMC", ENERGY: "RVNM", INSURANCE: "RVNA"}))
    office.benefits("U-3;0010001;2026-12;regulier;900,00;", "U-4;0010002;2026-12;regulier;900,00;")
    office.do("bram", "run", "2026-12", "--gemeente", "assen", "--execution-date", "2026-12-23")
    (file,) = [one["file_id"] for one in office.files("2026-12")]
    sheet = office.do("carla", "sheet", file).out
    warnings = sheet.partition("LET OP")[2].splitlines()
    assert warnings[1].startswith("- RVNM: naam hoort niet bij deze rekening, volgens de bank op 24-11-2026")
    assert "STROOM" in "".join(warnings[1:3])
    assert sheet.index("RVNM") < sheet.index("RVMC")
    assert "RVNA" not in sheet
    office.do("bram", "reconcile", report(office, {ENERGY: "RCVC"}, day="2026-12-02"))
    again = office.do("carla", "sheet", file).out
    assert ("RVNM" in again, "RVMC" in again) == (False, True)
    assert [day for day, _, _ in results(office, "STROOM")] == ["2026-12-02", "2026-11-24"]


def test_one_task_for_one_account_however_many_payments_stand_on_it(office: Office) -> None:
    a_couple_and_a_neighbour(office)
    office.do("bram", "reconcile", report(office, {RENT: "RVNM", NEIGHBOUR: "RVNM"}))
    (item,) = open_exceptions(office)
    assert (item["candidates"], item["client"]) == ([RENT, NEIGHBOUR], None)
    office.do("bram", "reconcile", report(office, {NEIGHBOUR: "RVNM"}, day="2026-11-25"))
    assert len(open_exceptions(office)) == 1
    settle(office, item["id"], "acknowledge")
    office.do("bram", "reconcile", report(office, {NEIGHBOUR: "RVNM"}, day="2026-11-26"))
    assert [item["payment"] for item in open_exceptions(office)] == [NEIGHBOUR]
    all_is_well(office)


def test_a_doubt_about_what_was_refused_is_kept_and_asks_nobody(office: Office) -> None:
    a_couple(office)
    office.do("bram", "reconcile", refusal(office, INSURANCE))
    office.do("bram", "reconcile", report(office, {INSURANCE: "RVNM"}))
    assert [item["kind"] for item in open_exceptions(office)] == ["rejected"]
    assert len(results(office, "ZORG")) == 1
    assert office("bram", "reconcile", report(office, {"202612-1-NIET": "RVNM"})).code == 3
    all_is_well(office)


def test_a_creditor_is_shown_with_its_lines_accounts_and_confirmations(office: Office) -> None:
    a_couple(office)
    office.do("bram", "reconcile", report(office, {RENT: "RVMC"}))
    shown = office.do("inge", "--json", "creditor", "show", "WONEN").document
    assert [(v["name"], v["iban"]) for v in shown["versions"]] == [("Stichting Wonen Noord", "NL91ABNA0417164300")]
    assert [(a["entered_by"], a["confirmed_by"], a["how"]) for a in shown["accounts"]] == [
        ("anna", "bram", "teruggebeld")
    ]
    text = office.do("inge", "creditor", "show", "WONEN").out
    assert "NL91ABNA0417164300: RVMC, naam komt bijna overeen" in text
    assert "bevestigd door bram" in text
    assert office("inge", "creditor", "show", "NIEMAND").code == 1
