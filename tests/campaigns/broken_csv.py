"""Ways in which a CSV export goes wrong."""

from random import Random

from campaigns.broken_bytes import Mutation, junk

Rows = list[list[str]]


def _rows(content: bytes) -> Rows:
    return [line.split(";") for line in content.decode("utf-8", "replace").split("\n")]


def _written(rows: Rows, between: str = ";", end: str = "\n") -> bytes:
    return end.join(between.join(row) for row in rows).encode("utf-8", "surrogatepass")


def _row(chance: Random, rows: Rows) -> list[str]:
    return rows[chance.randrange(len(rows))]


def cell_wrong(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    row = rows[chance.randint(min(1, len(rows) - 1), len(rows) - 1)]
    place = chance.randrange(len(row))
    row[place] = junk(chance, row[place])
    return _written(rows)


def column_wrong(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    place = chance.randrange(len(rows[0]))
    for row in rows[1:]:
        if place < len(row):
            row[place] = junk(chance, row[place])
    return _written(rows)


def line_doubled(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    rows.insert(chance.randrange(len(rows) + 1), list(_row(chance, rows)))
    return _written(rows)


def column_doubled(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    place = chance.randrange(len(rows[0]))
    return _written([[*row, *row[place : place + 1]] for row in rows])


def column_lost(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    place = chance.randrange(len(rows[0]))
    return _written([row[:place] + row[place + 1 :] for row in rows])


def columns_shuffled(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    order = list(range(len(rows[0])))
    chance.shuffle(order)
    return _written([[row[place] for place in order] if len(row) == len(order) else row for row in rows])


def cells_swapped(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    row = _row(chance, rows)
    one, other = chance.randrange(len(row)), chance.randrange(len(row))
    row[one], row[other] = row[other], row[one]
    return _written(rows)


def header_wrong(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    place = chance.randrange(len(rows[0]))
    rows[0][place] = chance.choice((junk(chance, rows[0][place]), rows[0][place].title(), "bsn", ""))
    return _written(rows)


def header_lost(chance: Random, content: bytes) -> bytes:
    return _written(_rows(content)[1:])


def header_again(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    rows.insert(chance.randint(1, len(rows)), rows[0])
    return _written(rows)


def field_added(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    row = _row(chance, rows)
    row.insert(chance.randint(0, len(row)), chance.choice(("", "x", '""')))
    return _written(rows)


def field_lost(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    row = _row(chance, rows)
    row.pop(chance.randrange(len(row)))
    return _written(rows)


def quoted(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    row = _row(chance, rows)
    place = chance.randrange(len(row))
    row[place] = chance.choice(('"{}"', '"{}', '{}"', '"{}"x', ' "{}"', '"{}""', '""{}""', "'{}'", '"a\n{}"')).format(
        row[place]
    )
    return _written(rows)


def another_delimiter(chance: Random, content: bytes) -> bytes:
    return _written(_rows(content), between=chance.choice((",", "\t", "|", ":", " ; ", ";;", "；", "\x1f")))


def another_line_end(chance: Random, content: bytes) -> bytes:
    return _written(_rows(content), end=chance.choice(("\r\n", "\r", "\n\n", "\n\r", "\u2028", "\x0b", "\x85", "")))


def many_lines(chance: Random, content: bytes) -> bytes:
    rows = _rows(content)
    return _written([*rows, *[_row(chance, rows)] * chance.choice((50, 1_000))])


CSV: tuple[Mutation, ...] = (
    *(cell_wrong,) * 8,
    column_wrong,
    line_doubled,
    column_doubled,
    column_lost,
    columns_shuffled,
    cells_swapped,
    header_wrong,
    header_lost,
    header_again,
    field_added,
    field_lost,
    quoted,
    another_delimiter,
    another_line_end,
    many_lines,
)
