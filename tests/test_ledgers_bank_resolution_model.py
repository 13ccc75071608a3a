"""Which settlements each kind of exception takes: the paper says the same, and no kind is forgotten."""

import re
from pathlib import Path

from ledgers.bank.resolution_model import ALLOWED, AsWhat
from payments.matching.model import ExceptionKind

PAPER = Path(__file__).parents[1] / "docs" / "reference" / "reconciling.md"
ROW = re.compile(r"^\| (`[a-z_`, ]+`) \| (`[a-z_`, ]+`)(?:: .*)? \|$", re.MULTILINE)


def test_the_paper_names_for_every_kind_the_settlements_that_it_takes() -> None:
    after = PAPER.read_text(encoding="utf-8").partition("## What each kind takes\n")[2]
    table = after.partition("## ")[0]
    said = {
        kind: frozenset(AsWhat(way.strip("`")) for way in ways.split(", "))
        for kinds, ways in ROW.findall(table)
        for kind in kinds.replace("`", "").split(", ")
    }
    assert said == {kind.value: allowed for kind, allowed in ALLOWED.items()}
    assert set(ALLOWED) == set(ExceptionKind)


def test_every_settlement_belongs_to_some_kind() -> None:
    assert frozenset().union(*ALLOWED.values()) == set(AsWhat)
