"""The door for XML from banks: what is let in, what is turned away, and with which words."""

import io
from pathlib import Path

import pytest

from payments.bank.fields import Element, Wrong, cents, count, sequence_number, yes_or_no
from payments.bank.moments import Odd, day, moment, moment_at
from payments.bank.schema import schema_warnings
from payments.bank.stream import MAX_DEPTH, MAX_ELEMENTS, MAX_TOKEN, BankXml, MessageKind, recognise
from payments.problems import InputRefused

BANKFILES = Path(__file__).parent / "bankfiles"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"
BODY = "<BkToCstmrStmt><GrpHdr><MsgId>É1</MsgId></GrpHdr></BkToCstmrStmt>"
GOOD = f'<Document xmlns="{NAMESPACE}">{BODY}</Document>'
BOMB = '<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def refusal(content: bytes | str, **limits: int) -> str:
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(InputRefused) as refused:
        list(BankXml(data, "bank.xml", **limits).parts())
    return "; ".join(str(problem) for problem in refused.value.problems)


def message_ids(content: bytes) -> list[str | None]:
    return [element.get("MsgId") for _, element in BankXml(content, "bank.xml").parts() if element.name == "GrpHdr"]


@pytest.mark.parametrize("folder", ["camt053", "camt054", "pain002"])
def test_every_bank_file_is_recognised_by_its_content(folder: str) -> None:
    kind = {"camt053": MessageKind.CAMT053, "camt054": MessageKind.CAMT054, "pain002": MessageKind.PAIN002}[folder]
    paths = sorted((BANKFILES / folder).glob("*.xml"))
    assert paths
    assert {recognise(path.read_bytes(), "renamed.txt") for path in paths} == {kind}


def test_recognising_leaves_a_stream_where_it_was() -> None:
    stream = io.BytesIO(b"skipped" + GOOD.encode())
    stream.seek(7)
    assert recognise(stream) is MessageKind.CAMT053
    assert stream.tell() == 7


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("   \n", "is not XML"),
        ("geen xml", "is not XML"),
        ("{}", "is not XML"),
        ("<a/>", "is not camt.053, camt.054 or pain.002"),
        ("<Document><BkToCstmrStmt/></Document>", "is not camt.053"),
        (GOOD.replace("camt.053", "camt.052"), "is not camt.053"),
        (GOOD.replace("camt.053", "pain.001"), "is not camt.053"),
        (GOOD.replace("Document", "Documents"), "is not camt.053"),
        (GOOD.replace("001.02", "001.01"), "version .01, which is not read"),
        (GOOD.replace("001.02", "001.13"), "version .13, which is not read"),
        (GOOD.replace("BkToCstmrStmt", "BkToCstmrAcctRpt"), "should hold one BkToCstmrStmt"),
        (GOOD.replace(BODY, BODY + BODY), "should hold one BkToCstmrStmt"),
        (GOOD.replace(BODY, ""), "nothing in it"),
        (GOOD.replace("</GrpHdr>", "</Wrong>"), "is not XML"),
        (GOOD + "<more/>", "is not XML"),
        (GOOD[:-20], "cut off?"),
        (GOOD[: GOOD.index("</GrpHdr>")], "ends in the middle of GrpHdr (cut off?)"),
        (GOOD.replace("É1", "a\0b"), "is not XML"),
        (GOOD.replace("É1", "a&#0;b"), "is not XML"),
        (GOOD.replace("É1", "&unknown;"), "is not XML"),
    ],
)
def test_what_is_not_a_message_of_a_bank_is_refused_with_the_reason(content: str, words: str) -> None:
    assert words in refusal(content)


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE Document>",
        BOMB,
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1/evil.dtd">',
        '<!DOCTYPE d [<!ENTITY % p SYSTEM "http://127.0.0.1/p"> %p;]>',
    ],
)
def test_a_doctype_is_refused_before_it_can_define_anything(doctype: str) -> None:
    attack = doctype + GOOD.replace("É1", "&c;&x;")
    assert "has a DOCTYPE" in refusal(attack)
    with pytest.raises(InputRefused):
        recognise(attack.encode())
    # Behind a byte order mark and in another encoding too.
    assert "has a DOCTYPE" in refusal(attack.encode("utf-16"))


def test_an_inclusion_is_refused_and_a_schema_location_never_fetched() -> None:
    include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    assert "includes another document" in refusal(GOOD.replace("É1", include))
    located = GOOD.replace(
        "<Document ",
        '<Document xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{NAMESPACE} http://127.0.0.1:9/nowhere.xsd" ',
    )
    assert message_ids(located.encode()) == ["É1"]


def test_a_statement_inside_something_unknown_is_not_passed_over() -> None:
    hidden = GOOD.replace("</BkToCstmrStmt>", "<Stmts><Stmt/></Stmts></BkToCstmrStmt>")
    assert "'Stmts' has an element that does not belong in BkToCstmrStmt" in refusal(hidden)


def test_what_stands_in_another_namespace_says_nothing() -> None:
    foreign = GOOD.replace("<MsgId>", '<MsgId xmlns="urn:other">NO<MsgId>NO</MsgId></MsgId><MsgId>')
    assert message_ids(foreign.encode()) == ["É1"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_every_honest_encoding_is_read(encoding: str) -> None:
    declared = f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?>{GOOD}'
    assert message_ids(declared.encode(encoding)) == ["É1"]


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-16", "utf-8"),
        ("utf-8", "iso-8859-1"),
        ("ascii", "utf-8"),
        ("klingon", "utf-8"),
        ("rot13", "utf-8"),
        ("utf-7", "utf-8"),
        ("shift_jis", "utf-8"),
    ],
)
def test_an_encoding_that_is_not_the_declared_one_is_refused(declared: str, written: str) -> None:
    assert refusal(f'<?xml version="1.0" encoding="{declared}"?>{GOOD}'.encode(written))


DECLARED = f'<?xml version="1.0" encoding="UTF-8"?>\n{GOOD}'


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (
            f"\n{DECLARED}",
            2,
            "something stands before its first line <?xml ...?>, such as an empty line: take that away",
        ),
        (f"  {DECLARED}", 1, "something stands before its first line"),
        (f"{DECLARED}\n{DECLARED}", 3, "something more follows; give each message in a file of its own"),
        (f"{DECLARED}{DECLARED}", 2, "something more follows"),
        (f"{DECLARED}\n{GOOD}", 3, "something more follows"),
        (DECLARED.encode("latin-1"), 2, "a letter here is not in the encoding that its first line names"),
        (DECLARED.replace("</GrpHdr>", "</Wrong>"), 2, "here ends another part than the one that began: ask the bank"),
        (DECLARED.replace("É1", "a & b"), 2, "it is damaged at this place: ask the bank to send the file again"),
        (DECLARED[:20], 1, "cut off?"),
        ("   \n", 2, "it holds nothing but white space: ask the bank"),
    ],
)
def test_what_is_no_whole_xml_is_refused_in_the_words_of_a_clerk(content: bytes | str, line: int, words: str) -> None:
    told = refusal(content)
    assert told.startswith(f"bank.xml, line {line}: is not XML: "), told
    assert words in told


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x1f\x8b\x08\x00", "is packed (gzip): unpack it first"),
        (b"7z\xbc\xaf\x27\x1c\x00", "is packed (7-zip): unpack it first"),
        (b"Rar!\x1a\x07", "is packed (rar): unpack it first"),
        (b"PK\x03\x04\x14", "is a zip inside a zip: unpack it first"),
        (b"%PDF-1.7", "is a PDF, for people to read: ask the bank for camt.053"),
        (b"\r\n:20:940S261125", "is MT940: ask the bank for camt.053"),
        (b"{1:F01RABONL2UAXXX", "is MT940: ask the bank for camt.053"),
    ],
)
def test_another_well_known_form_is_refused_by_its_name_and_with_the_way_out(content: bytes, words: str) -> None:
    assert words in refusal(content)
    with pytest.raises(InputRefused):
        recognise(content)


def test_deep_nesting_is_refused_inside_and_outside_our_namespace() -> None:
    own = GOOD.replace("É1", "<a>" * 100_000 + "</a>" * 100_000)
    assert f"nested more than {MAX_DEPTH} deep" in refusal(own)
    assert f"nested more than {MAX_DEPTH} deep" in refusal(own.replace("<a>", '<a xmlns="urn:o">', 1))


def test_a_huge_text_tag_or_comment_is_refused() -> None:
    huge = "x" * (MAX_TOKEN + 200_000)
    assert "has a text of more than" in refusal(GOOD.replace("É1", huge))
    assert "has a tag, text or comment of more than" in refusal(GOOD.replace("<MsgId>", f'<MsgId a="{huge}">'))
    assert "has a tag, text or comment of more than" in refusal(GOOD.replace("<MsgId>", f"<!--{huge}--><MsgId>"))


def test_a_part_with_more_elements_than_any_message_has_is_refused() -> None:
    many = GOOD.replace("</GrpHdr>", "<a/>" * MAX_ELEMENTS + "</GrpHdr>")
    assert f"more than {MAX_ELEMENTS} elements in one part" in refusal(many)


def test_the_size_limit_holds_to_the_byte() -> None:
    data = GOOD.encode()
    assert list(BankXml(data, "bank.xml", max_bytes=len(data)).parts())
    assert "the size limit" in refusal(data, max_bytes=len(data) - 1)


def test_a_problem_names_file_and_line() -> None:
    assert refusal("\n\n" + GOOD.replace("</GrpHdr>", "\n</x>")).startswith("bank.xml, line 4: is not XML")


def amount(text: str, currency: str = "EUR") -> Element:
    element = Element("Amt", 7, currency)
    element.raw = text
    return element


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("1331.43", 133143),
        ("0", 0),
        ("200000", 20000000),
        ("6.3", 630),
        ("01.00", 100),
        ("8.850", 885),
        ("5442.09000", 544209),
        (".50", 50),
        ("5.", 500),
        ("\n 7.00 ", 700),
        ("90071992547409.93", 9007199254740993),
    ],
)
def test_an_amount_is_exact_to_the_cent(text: str, exact: int) -> None:
    assert cents(amount(text)) == exact


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12,50",
        "1.234,56",
        "1,234.56",
        "-5.00",
        "1e3",
        "NaN",
        "INF",
        "0x10",
        "1.005",
        "0.001",
        "1 000.00",
        "EUR 5",
        "٣.00",
        ".",
        "1.2.3",
        "1_000",
        "12345678901234567.00",
    ],
)
def test_an_amount_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(Wrong):
        cents(amount(text))


def dated(name: str, text: str) -> Element:
    parent, child = Element("BookgDt", 3), Element(name, 3)
    child.raw = text
    parent.children = [child]
    return parent


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Dt", "2026-11-25", "2026-11-25"),
        ("Dt", "2026-11-25+01:00", "2026-11-25"),
        ("DtTm", "2026-11-25T23:30:00", "2026-11-25"),
        ("DtTm", "2026-11-25T23:30:00Z", "2026-11-26"),
        ("DtTm", "2026-07-01T22:30:00.123456789+00:00", "2026-07-02"),
        ("DtTm", "2026-11-26T00:30:00+02:00", "2026-11-25"),
        ("DtTm", "2026-11-25T24:00:00", "2026-11-26"),
    ],
)
def test_a_day_is_a_day_in_amsterdam(name: str, text: str, expected: str) -> None:
    odd: Odd = []
    found = day(dated(name, text), odd, needed=True)
    assert found is not None
    assert (found.isoformat(), odd) == (expected, [])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Dt", "25-11-2026"),
        ("Dt", "2026-02-30"),
        ("Dt", "0001-01-01"),
        ("DtTm", "2026-11-25T25:00:00"),
        ("DtTm", "2026-11-25T10:00:00+99:00"),
        ("DtTm", "9999-12-31T23:00:00Z"),
    ],
)
def test_a_day_that_does_not_exist_is_refused(name: str, text: str) -> None:
    with pytest.raises(Wrong):
        day(dated(name, text), [], needed=True)


def test_a_moment_without_offset_is_amsterdam_time() -> None:
    assert moment(dated("DtTm", "2026-07-01T12:00:00").need("DtTm")).isoformat() == "2026-07-01T12:00:00+02:00"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("DtTm", "2026-11-25", "2026-11-25"),
        ("DtTm", "2026-11-25T14:30", "2026-11-25"),
        ("DtTm", "2026-11-25 14:30:00", "2026-11-25"),
        ("DtTm", "2026-11-25T23:30Z", "2026-11-26"),
        ("Dt", "2026-11-25T14:30:00", "2026-11-25"),
    ],
)
def test_a_day_beyond_doubt_is_read_and_told_however_it_is_written(name: str, text: str, expected: str) -> None:
    odd: Odd = []
    found = day(dated(name, text), odd, needed=True)
    assert found is not None
    assert found.isoformat() == expected
    [told] = odd
    assert (told.line, told.path, told.value) == (3, f"BookgDt/{name}", text)
    assert f"is read as {expected}" in told.what


@pytest.mark.parametrize(("name", "text"), [("Dt", "25-11-2026"), ("Dt", "2026-02-30"), ("DtTm", "gisteren")])
def test_a_day_on_which_no_rule_rests_is_left_out_and_told(name: str, text: str) -> None:
    odd: Odd = []
    assert day(dated(name, text), odd, needed=False) is None
    assert [told.value for told in odd] == [text]


def test_a_day_that_says_nothing_is_no_day() -> None:
    odd: Odd = []
    assert day(None, odd, needed=True) is None
    assert day(Element("BookgDt", 3), odd, needed=True) is None
    assert day(dated("Dt", ""), odd, needed=True) is None
    assert odd == []


def test_a_moment_that_is_needed_is_refused_by_its_own_name() -> None:
    period = dated("ToDtTm", "ooit")
    with pytest.raises(Wrong) as refused:
        moment_at(period, [], "ToDtTm", needed=True)
    assert (refused.value.path, refused.value.value) == ("ToDtTm", "ooit")
    assert moment_at(period, [], "ToDtTm") is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("34", 34),
        ("000000000000000034", 34),
        ("999999999999999999", 999_999_999_999_999_999),
        ("0" * 40 + "7", 7),
        ("+12", 12),
        ("12.0", 12),
        ("0", 0),
        ("000", 0),
        ("", None),
    ],
)
def test_a_sequence_number_is_read_up_to_the_eighteen_digits_of_the_standard(text: str, number: int | None) -> None:
    assert sequence_number(dated("ElctrncSeqNb", text), "ElctrncSeqNb") == number


@pytest.mark.parametrize("text", ["9" * 19, "-1", "1.5", "drie", "1 2", "+", ".", "٣", "0" * 101])
def test_a_sequence_number_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(Wrong, match="is not a whole number"):
        sequence_number(dated("ElctrncSeqNb", text), "ElctrncSeqNb")


def test_a_count_has_leading_zeros_too_and_an_end() -> None:
    assert count(dated("NbOfTxs", "000000000000012"), "NbOfTxs") == 12
    assert count(dated("NbOfTxs", "000000999999999"), "NbOfTxs") == 999_999_999
    with pytest.raises(Wrong, match="more than any bank counts"):
        count(dated("NbOfTxs", "1000000000"), "NbOfTxs")


def test_what_is_empty_says_no_more_than_what_is_absent() -> None:
    parent = dated("Dt", "")
    assert parent.said("Dt") is None
    assert yes_or_no(parent, "Dt") is None
    with pytest.raises(Wrong, match="is empty") as refused:
        parent.need("Dt")
    assert refused.value.path == "Dt"


def test_two_where_one_is_allowed_is_no_choice_of_ours() -> None:
    parent = dated("Dt", "2026-11-25")
    parent.children *= 2
    with pytest.raises(Wrong, match="stands here twice"):
        parent.find("Dt")


def test_a_departure_from_the_schema_is_told_and_a_missing_schema_too() -> None:
    [told] = schema_warnings(GOOD.encode(), "bank.xml", MessageKind.CAMT053, 2)
    assert "Missing child element(s)" in told.what
    [none] = schema_warnings(GOOD.encode(), "bank.xml", MessageKind.CAMT053, 11)
    assert none.what.endswith("there is none here for camt.053.001.11")
    valid = (BANKFILES / "camt053/ing_example_2014.camt053.v02.xml").read_bytes()
    assert schema_warnings(valid, "bank.xml", MessageKind.CAMT053, 2) == ()


def test_what_departs_from_the_schema_is_told_without_the_name_or_account_in_it() -> None:
    wrong = GOOD.replace("<MsgId>", "<MsgId>" + "Naima O'Voorbeeld " * 9, 1)
    [told] = schema_warnings(wrong.encode(), "bank.xml", MessageKind.CAMT053, 2)
    assert "does not keep to schema camt.053.001.02" in told.what
    assert "Voorbeeld" not in told.what
    long = GOOD.replace("<MsgId>", f"<{'A' * 5_000}/><MsgId>", 1)
    [told] = schema_warnings(long.encode(), "bank.xml", MessageKind.CAMT053, 2)
    assert len(told.what) < 400
