from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sepaxml
from lxml import etree
from support.pain001_examples import ENERGY, FILE, INSURANCE, RENT, with_payments

from payments.pain001.writer import HOOKS, SCHEMA, render, schema_problem

GOLDEN = Path(__file__).parent / "golden" / "pain001_three_payments.xml"
NS = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}


def texts(content: bytes, path: str) -> list[str]:
    return [str(element.text) for element in etree.fromstring(content).iterfind(path, NS)]


def test_the_bytes_are_those_that_were_once_looked_at_by_people():
    assert render(FILE) == GOLDEN.read_bytes()


def test_a_rerun_gives_the_same_bytes_and_leaves_the_plan_as_it_was():
    before = deepcopy(FILE)
    assert render(FILE) == render(FILE)
    assert before == FILE


def test_the_file_is_valid_by_the_published_schema():
    assert schema_problem(render(FILE)) is None


def test_ids_time_and_way_of_booking_are_ours():
    content = render(replace(FILE, batch_booking=False))
    assert texts(content, ".//p:MsgId") == ["ASSEN-202611-01-001"]
    assert texts(content, ".//p:PmtInfId") == ["ASSEN-202611-01-001-B1"]
    assert texts(content, ".//p:EndToEndId") == ["202612-1-VL-0001", "202612-1-VL-0002", "202612-1-VL-0003"]
    assert texts(content, ".//p:CreDtTm") == ["2026-11-20T14:05:09"]
    assert texts(content, ".//p:BtchBookg") == ["false"]
    assert texts(render(FILE), ".//p:BtchBookg") == ["true"]


def test_the_time_is_that_of_amsterdam_whatever_zone_it_was_stored_in():
    assert render(replace(FILE, created_at=FILE.created_at.astimezone(UTC))) == render(FILE)


def test_each_kind_of_reference_stands_where_a_creditor_looks_for_it():
    content = render(FILE)
    assert texts(content, ".//p:RmtInf/p:Ustrd") == [RENT.remittance]
    assert texts(content, ".//p:CdtrRefInf/p:Ref") == [ENERGY.remittance, INSURANCE.remittance]
    assert texts(content, ".//p:CdtrRefInf/p:Tp/p:Issr") == ["CUR", "ISO"]
    assert texts(content, ".//p:CdtrRefInf/p:Tp/p:CdOrPrtry/p:Cd") == ["SCOR", "SCOR"]


def test_the_creditor_reads_for_whom_is_paid_and_nothing_that_tells_of_welfare():
    content = render(FILE)
    assert texts(content, ".//p:UltmtDbtr/p:Nm") == ["Jose Nunez-Oztuerk", "Jose Nunez-Oztuerk", "Gulsah Demir"]
    for element in ("CtgyPurp", "Purp", "PstlAdr", "LclInstrm"):
        assert texts(content, f".//p:{element}") == []


def test_count_and_sum_stand_on_both_levels_once():
    content = render(FILE)
    assert texts(content, ".//p:NbOfTxs") == ["3", "3"]
    assert texts(content, ".//p:CtrlSum") == ["915.67", "915.67"]


@pytest.mark.parametrize(
    ("cents", "text"), [(1, "0.01"), (10, "0.10"), (100, "1.00"), (99_999_999_999, "999999999.99")]
)
def test_cents_are_written_as_euros_without_a_rounding(cents: int, text: str):
    content = render(with_payments(replace(RENT, amount_cents=cents)))
    assert texts(content, ".//p:InstdAmt") == [text]
    assert schema_problem(content) is None


@pytest.mark.parametrize("cents", [0, -1, -500, 100_000_000_000])
def test_an_amount_that_sepa_cannot_pay_is_refused(cents: int):
    with pytest.raises(ValueError, match=r"202612-1-VL-0001.*cannot be paid"):
        render(with_payments(replace(RENT, amount_cents=cents)))


def test_a_file_without_payments_is_refused():
    with pytest.raises(ValueError, match="at least one payment"):
        render(with_payments())


@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 11, 20, 14, 5, 9), FILE.created_at + timedelta(microseconds=1)],  # noqa: DTZ001 - refused
)
def test_a_time_that_could_be_read_in_two_ways_is_refused(moment: datetime):
    with pytest.raises(ValueError, match="time zone and whole seconds"):
        render(replace(FILE, created_at=moment))


def test_nothing_is_shortened_and_markup_in_a_name_stays_text():
    long = replace(RENT, creditor_name="A" * 71, ultimate_debtor="<b>&", remittance="o" * 141)
    content = render(with_payments(long))
    assert texts(content, ".//p:Cdtr/p:Nm") == ["A" * 71]
    assert texts(content, ".//p:UltmtDbtr/p:Nm") == ["<b>&"]
    assert texts(content, ".//p:Ustrd") == ["o" * 141]


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (b"<PmtMtd>TRF<", b"<PmtMtd>XXX<", "PmtMtd"),
        (b' Ccy="EUR"', b"", "InstdAmt"),
        (b"650.12", b"0.-5", "InstdAmt"),
        (b"<Nm>Gulsah Demir<", b"<Nm>" + b"G" * 141 + b"<", "Nm"),
        (b"<ChrgBr>SLEV</ChrgBr>", b"<Unknown/>", "Unknown"),
        (b"</Document>", b"", "well-formed"),
    ],
)
def test_a_file_that_breaks_the_schema_is_told_by_place(right: bytes, wrong: bytes, problem: str):
    content = render(FILE)
    assert right in content
    assert problem in (schema_problem(content.replace(right, wrong)) or "valid")


def test_a_schema_problem_never_quotes_what_may_be_a_clients_name():
    problem = schema_problem(render(FILE).replace(b"<Nm>Gulsah Demir<", b"<Nm>" + b"Gulsah Demir " * 20 + b"<"))
    assert problem is not None
    assert "Gulsah" not in problem


def test_the_private_methods_of_sepaxml_that_we_build_on_are_where_they_were(monkeypatch: pytest.MonkeyPatch):
    advice = (
        "sepaxml changed the private methods that payments/pain001/writer.py extends: read its transfer.py, adapt "
        "_Message, "
        "look at the golden file, and only then move the version pin in pyproject.toml"
    )
    called: list[str] = []
    for hook in HOOKS:
        original = getattr(sepaxml.SepaTransfer, hook, None)
        assert callable(original), f"{hook} is gone. {advice}"

        def spy(self: object, *args: object, name: str = hook, method: object = original) -> object:
            called.append(name)
            return method(self, *args)  # type: ignore[operator]

        monkeypatch.setattr(sepaxml.SepaTransfer, hook, spy)
    render(with_payments(RENT))
    assert called == list(HOOKS), f"the methods are called in another order: {called}. {advice}"
