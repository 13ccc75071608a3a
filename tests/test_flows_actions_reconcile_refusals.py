"""A block or file that the bank refuses, with reasons of its own beside those of the payments in it."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest
from support.assen_month import assen_only, because, exceptions
from support.story import Office

RENT, ENERGY, SECOND_RENT, INSURANCE = (f"202612-1-VL-{number}" for number in (1, 2, 3, 4))


def refused(
    office: Office,
    payments: Mapping[str, str],
    *,
    level: str,
    reason: str = "",
    statuses: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """A pain.002 that refuses all of Assen's file as a file or as a block, and says of some payments why."""
    mentioned = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{statuses.get(name, 'RJCT')}</TxSts>"
        f"{''.join(because(code) for code in codes.split())}</TxInfAndSts>"
        for name, codes in payments.items()
    )
    said = because(reason) if reason else ""
    group = f"<GrpSts>RJCT</GrpSts>{said}" if level == "group" else ""
    block = f"<PmtInfSts>RJCT</PmtInfSts>{said if level == 'block' else ''}"
    path = office.folder / f"refused-{len(list(office.folder.iterdir()))}.xml"
    path.write_text(
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt><GrpHdr><MsgId>'
        f"{path.stem}</MsgId><CreDtTm>2026-11-24T09:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        "<OrgnlMsgId>ASSEN-202611-01-001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{group}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>ASSEN-202611-01-001-B1</OrgnlPmtInfId>"
        f"{block}{mentioned}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>",
        encoding="utf-8",
    )
    return str(path)


def told(office: Office) -> dict[str, tuple[str, str]]:
    """Kind and reason per payment that waits for a person."""
    return {item["payment"]: (item["kind"], item["reason"].split(":")[0]) for item in exceptions(office)}


def held(office: Office, month: str = "2026-12") -> set[str]:
    """The costs that the next month's run does not pay because an IBAN must be confirmed again."""
    office.benefits("V-1;0010001;2026-12;regulier;1.331,43;", "V-2;0010002;2026-12;regulier;1331,43;nee")
    office("bram", "run", month)
    return {line["obligation"] for line in office.status(month)["held"] if line["reason"] == "iban_unconfirmed"}


@pytest.mark.parametrize("level", ["block", "group"])
def test_a_closed_account_is_not_paid_again_at_whatever_level_the_refusal_stands(office: Office, level: str) -> None:
    assen_only(office)
    office.do("bram", "reconcile", refused(office, {RENT: "AC04", ENERGY: "MS03"}, level=level, reason="FF01"))
    assert told(office) == {
        RENT: ("rejected", "AC04"),
        ENERGY: ("rejected", "MS03"),
        SECOND_RENT: ("rejected", "FF01"),
        INSURANCE: ("rejected", "FF01"),
    }
    assert held(office) == {"VL-1", "VL-3"}  # both rents go to the account that is closed
    office.do("bram", "check")


@pytest.mark.parametrize("level", ["block", "group"])
def test_a_reason_of_the_block_or_file_is_about_our_account_and_blocks_no_creditor(office: Office, level: str) -> None:
    assen_only(office)
    office.do("bram", "reconcile", refused(office, {RENT: ""}, level=level, reason="AC04"))
    assert {kind for kind, _ in told(office).values()} == {"rejected"}
    assert held(office) == set()


def test_one_duplicate_in_a_refused_block_does_not_hide_the_others(office: Office) -> None:
    assen_only(office)
    said = {RENT: "AM05", ENERGY: "AC01", SECOND_RENT: "MS03", INSURANCE: "AC01"}
    office.do("bram", "reconcile", refused(office, said, level="block"))
    found = told(office)
    assert found[RENT][0] == "duplicate"
    assert {name: found[name] for name in (ENERGY, SECOND_RENT, INSURANCE)} == {
        ENERGY: ("rejected", "AC01"),
        SECOND_RENT: ("rejected", "MS03"),
        INSURANCE: ("rejected", "AC01"),
    }
    payments = office.status()["payments"]
    assert (payments["instructed"], payments["rejected"]) == (1, 3)
    office.do("bram", "resolve", f"X-{RENT}-duplicate", "--as-what", "not_paid", "--why", "bank gebeld")
    assert told(office)[RENT][0] == "rejected"
    office.do("bram", "check")


def test_a_payment_without_a_reason_shares_that_of_its_block_also_when_it_is_a_duplicate(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", refused(office, {RENT: "AC01"}, level="block", reason="DU01"))
    assert {name: kind for name, (kind, _) in told(office).items()} == {
        RENT: "rejected",
        ENERGY: "duplicate",
        SECOND_RENT: "duplicate",
        INSURANCE: "duplicate",
    }


def test_where_all_that_is_said_is_duplicate_nobody_is_rejected(office: Office) -> None:
    assen_only(office)
    office.do("bram", "reconcile", refused(office, {RENT: "AM05"}, level="group"))
    assert [(item["kind"], item["payment"]) for item in exceptions(office)] == [("duplicate", None)]
    assert office.status()["payments"]["instructed"] == 4


def test_of_several_reasons_the_one_that_stops_most_counts(office: Office) -> None:
    assen_only(office)
    said = {RENT: "NARR AC04", ENERGY: "AC01 DUPL", SECOND_RENT: "MS03 FF01", INSURANCE: "FF01"}
    office.do("bram", "reconcile", refused(office, said, level="block"))
    found = told(office)
    assert [found[name] for name in (RENT, SECOND_RENT, INSURANCE)] == [
        ("rejected", "AC04"),
        ("rejected", "MS03"),
        ("rejected", "FF01"),
    ]
    assert found[ENERGY][0] == "duplicate"


def test_what_is_said_of_a_valid_payment_in_a_refused_block_is_not_held_against_it(office: Office) -> None:
    assen_only(office)
    path = refused(office, {RENT: "AC04"}, level="block", reason="FF01", statuses={RENT: "ACTC"})
    office.do("bram", "reconcile", path)
    assert told(office)[RENT] == ("rejected", "FF01")
    assert held(office) == set()
