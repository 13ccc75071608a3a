"""What follows from a reason: every code of the agreed groups, and a person for whatever is not in them."""

import pytest

from payments.bank.reasons import VERIFICATION_OF, ReasonGroup, Verification, reason_group


@pytest.mark.parametrize(
    ("codes", "group"),
    [
        ("AC01 AC03 AC04 AC06 AG01 MD07 BE04 RC01", ReasonGroup.CREDITOR_ACCOUNT),
        ("MS02 MS03 NARR", ReasonGroup.UNKNOWN),
        ("FF01 AM10 RR10 DT01 TM01 CH03", ReasonGroup.TECHNICAL),
        ("AM04", ReasonGroup.TREASURY),
        ("AM05 DUPL DU01 DU02 DU03 DU04 DU05", ReasonGroup.DUPLICATE),
        ("FOCR", ReasonGroup.AS_ASKED),
    ],
)
def test_each_code_leads_to_its_group(codes: str, group: ReasonGroup) -> None:
    assert {reason_group(code) for code in codes.split()} == {group}


@pytest.mark.parametrize("code", [None, "", "ac04", "ZZ99", "Rekening opgeheven"])
def test_a_code_that_nobody_agreed_on_is_for_a_person(code: str | None) -> None:
    assert reason_group(code) is ReasonGroup.UNKNOWN


def test_only_a_technical_fault_is_repaired_and_sent_again() -> None:
    assert [group for group in ReasonGroup if group.may_be_resubmitted] == [ReasonGroup.TECHNICAL]


def test_only_a_wrong_account_blocks_the_account() -> None:
    assert [group for group in ReasonGroup if group.blocks_account] == [ReasonGroup.CREDITOR_ACCOUNT]


def test_every_answer_of_the_name_check_is_known_and_is_no_reason_to_refuse() -> None:
    assert VERIFICATION_OF == {
        "RCVC": Verification.MATCH,
        "RVMC": Verification.CLOSE_MATCH,
        "RVNM": Verification.NO_MATCH,
        "RVNA": Verification.NOT_POSSIBLE,
        "RVCM": Verification.MISMATCHES_INSIDE,
        "RVNC": Verification.UNFINISHED,
    }
    assert {reason_group(code) for code in VERIFICATION_OF} == {ReasonGroup.UNKNOWN}
