"""Files that hypothesis invents: of the right outline, with anything at all where a value belongs."""

from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile, ZipInfo

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

BATCH = 12
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
_anything = st.text(max_size=40)
_nearly = st.one_of(
    _anything,
    st.from_regex(r"-?[0-9]{1,3}([.,][0-9]{3})*[.,][0-9]{1,3}", fullmatch=True),
    st.from_regex(r"[12][0-9]{3}-[01][0-9](-[0-3][0-9])?", fullmatch=True),
    st.from_regex(r"[A-Z]{2}[0-9]{2}[A-Z]{4}[0-9]{10}", fullmatch=True),
    st.sampled_from(
        ["ja", "nee", "huur", "regulier", "maand", "CRDT", "BOOK", "EUR", "1.00", "RJCT", "0000001", "S0001"]
    ),
)


def table_files(columns: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """CSV with these columns, more or fewer, and any cells."""
    header = (
        st.just(list(columns)) | st.permutations(columns) | st.lists(_anything | st.sampled_from(columns), max_size=9)
    )
    rows = st.lists(st.lists(_nearly, min_size=len(columns), max_size=len(columns)) | st.lists(_nearly), max_size=4)
    quote = st.sampled_from(["{}", '"{}"'])
    return st.builds(
        lambda head, body, end, how: end.join(";".join(map(how.format, row)) for row in [head, *body]).encode(
            "utf-8", "surrogatepass"
        ),
        header,
        rows,
        st.sampled_from(["\n", "\r\n", "\r"]),
        quote,
    )


def workbook_files(template: bytes, columns: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """A sound workbook whose only sheet holds cells of any type and any value."""
    kinds = st.sampled_from(["n", "s", "str", "inlineStr", "b", "e", "d", "", "x"])
    cells = st.lists(st.tuples(kinds, _nearly, st.integers(0, 3)), max_size=len(columns) + 1)
    return st.builds(lambda rows: _workbook(template, columns, rows), st.lists(cells, max_size=4))


def _workbook(template: bytes, columns: tuple[str, ...], rows: list[list[tuple[str, str, int]]]) -> bytes:
    every = [[("str", name, 0) for name in columns], *rows]
    grid = "".join(
        f'<row r="{line}">'
        + "".join(
            f'<c r="{chr(65 + place)}{line}" t={quoteattr(kind)} s="{style}"><v>{escape(text)}</v></c>'
            for place, (kind, text, style) in enumerate(row)
        )
        + "</row>"
        for line, row in enumerate(every, start=1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{grid}</sheetData></worksheet>'.encode("utf-8", "replace")
    target = BytesIO()
    with ZipFile(BytesIO(template)) as old, ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name), sheet if name == "xl/worksheets/sheet1.xml" else old.read(name))
    return target.getvalue()


def xml_files(roots: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """A tree of elements that the message knows, in any order and depth."""
    leaf = st.builds(lambda name, text: f"<{name}>{escape(text)}</{name}>", st.sampled_from(names), _nearly)
    money = st.builds(lambda text, unit: f"<Amt Ccy={quoteattr(unit)}>{escape(text)}</Amt>", _nearly, _nearly)
    tree = st.recursive(
        leaf | money,
        lambda inner: st.builds(
            lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
            st.sampled_from(names),
            st.lists(inner, max_size=5),
        ),
        max_leaves=20,
    )
    return st.builds(
        lambda root, parts: (
            f'<Document xmlns="{NAMESPACE}{root[0]}"><{root[1]}>{"".join(parts)}</{root[1]}></Document>'.encode(
                "utf-8", "replace"
            )
        ),
        st.sampled_from(roots),
        st.lists(tree, max_size=5),
    )


def json_files(keys: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """Any JSON document with keys that the file may have, and some that it may not."""
    key = (st.sampled_from(keys) | _anything).map(_quoted)
    leaf = st.one_of(
        _nearly.map(_quoted), st.integers().map(str), st.floats().map(repr), st.sampled_from(["true", "null"])
    )
    tree = st.recursive(
        leaf,
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda parts: f"[{','.join(parts)}]")
            | st.lists(st.tuples(key, inner), max_size=5).map(
                lambda pairs: f"{{{','.join(f'{k}:{v}' for k, v in pairs)}}}"
            )
        ),
        max_leaves=25,
    )
    return tree.map(lambda text: text.encode("utf-8", "replace"))


def toml_files(template: bytes, keys: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """The shipped file with lines of any value put somewhere into it, or such lines alone."""
    lines = template.decode().split("\n")
    value = st.one_of(
        _nearly.map(_quoted),
        st.integers().map(str),
        st.floats().map(repr),
        st.booleans().map(lambda b: str(b).lower()),
        st.dates().map(str),
        st.lists(_nearly.map(_quoted), max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        _anything,
    )
    line = st.tuples(st.sampled_from(keys) | _anything.map(_quoted), value).map(lambda pair: f"{pair[0]} = {pair[1]}")
    return st.builds(
        lambda place, new, whole: "\n".join([*lines[:place], *new, *lines[place + whole :]]).encode("utf-8", "replace"),
        st.integers(0, len(lines)),
        st.lists(line, min_size=1, max_size=3),
        st.sampled_from([0, 1, 1, 10_000]),
    )


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@lru_cache(maxsize=64)
def batch(strategy: Callable[[], st.SearchStrategy[bytes]], number: int) -> tuple[bytes, ...]:
    """The same files for the same number; hypothesis may give fewer than it was asked for."""
    made: list[bytes] = []

    @seed(number)
    @settings(
        max_examples=BATCH,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy())
    def make(content: bytes) -> None:
        made.append(content)

    make()
    return tuple(made)
