"""A table of four columns, as CSV or as a workbook: how it should look, what is wrong with it, and any damage."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import strategies as st

from payments.intake.text_table import TableFormat, read_table
from payments.problems import InputRefused, Problem

SHAPE = TableFormat(
    required=("code", "naam", "bedrag"),
    optional=("datum",),
    amounts=frozenset({"bedrag"}),
    dates=frozenset({"datum"}),
    private=frozenset({"naam"}),
)
GOOD = b"code;naam;bedrag;datum\n007;Jansen;650,00;2026-11-01\n008;De Vries;1.331,43;\n"


def refused(content: bytes, **options: Any) -> Sequence[Problem]:
    with pytest.raises(InputRefused) as caught:
        read_table(content, "test.csv", SHAPE, **options)
    return caught.value.problems


def messages(content: bytes, **options: Any) -> list[str]:
    return [str(problem) for problem in refused(content, **options)]


def damaged(data: st.DataObject, content: bytes) -> bytes:
    """The bytes with a few pieces replaced, wherever Hypothesis likes."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(changed)))
        length = data.draw(st.integers(0, 8))
        changed[place : place + length] = data.draw(
            st.binary(max_size=6) | st.sampled_from([b'"', b";", b"\n", b"\r", b"<"])
        )
    return bytes(changed)


def read_or_refuse(content: bytes) -> None:
    """Either a sound table comes of it, or a refusal."""
    try:
        table = read_table(content, "f", SHAPE)
    except InputRefused:
        return
    for cells in table.columns.values():
        assert len(cells) == len(table.lines)
        assert all(
            cell.isprintable() and cell == cell.strip() and not cell.startswith(("=", "+", "@")) for cell in cells
        )


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]) | st.just(" "), max_size=12).filter(
    lambda cell: cell == cell.strip() and not cell.startswith(("=", "+", "@", "-"))
)
