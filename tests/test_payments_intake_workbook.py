import io
import random
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from support.table_of_four import CELLS, GOOD, SHAPE, damaged, messages, read_or_refuse, refused

from payments.intake.text_table import read_table


def workbook(*rows, sheets=(), formats=None):
    """An XLSX file with the rows on its first sheet, each value as the cell type that its Python type suggests."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, number_format in (formats or {}).items():
        book.active[place].number_format = number_format
    for title, more in sheets:
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(content, change=None, add=None):
    """The same workbook with the text of one part changed, or parts added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if change and info.filename.endswith("sheet1.xml") else data)
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return target.getvalue()


def xlsxwriter_book(rows):
    """As `workbook`, by another library: all texts, kept in the table of shared strings."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
    return target.getvalue()


BOOK = workbook(["code", "naam", "bedrag"], ["007", "Jansen", "650,00"])


class TestWorkbooks:
    def test_a_workbook_reads_like_the_same_csv(self):
        content = workbook(
            ["code", "naam", "bedrag", "datum"],
            ["007", "Jansen", 650, date(2026, 11, 1)],
            ["008", "De Vries", 1331.43, None],
        )
        written = GOOD.replace(b"1.331,43", b"1331,43")
        assert read_table(content, "f", SHAPE) == read_table(written, "f", SHAPE)

    def test_another_writer_and_constant_memory_make_no_difference(self):
        target = io.BytesIO()
        with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
            sheet = book.add_worksheet()
            for row, cells in enumerate([["code", "naam", "bedrag"], ["007", "Jansen", 1331.43]]):
                for column, cell in enumerate(cells):
                    sheet.write(row, column, cell)
        assert read_table(target.getvalue(), "f", SHAPE).columns["bedrag"] == ["1331,43"]

    @pytest.mark.parametrize(
        ("number", "text"),
        [
            (650, "650,00"),
            (1331.43, "1331,43"),
            (0, "0,00"),
            (8.5, "8,50"),
            (0.07, "0,07"),
            (999999999.99, "999999999,99"),
        ],
    )
    def test_a_number_in_an_amount_column_becomes_the_dutch_text(self, number, text):
        assert read_table(workbook(["code", "naam", "bedrag"], ["A", "x", number]), "f", SHAPE).columns["bedrag"] == [
            text
        ]

    @pytest.mark.parametrize(
        ("number", "what"),
        [
            (650.005, "more than two decimals"),
            (8.001, "more than two decimals"),
            (1e-9, "more than two decimals"),
            (-5, "is negative"),
            (1e300, "far above"),
            (10**40, "far above"),
        ],
    )
    def test_a_number_that_is_no_amount(self, number, what):
        (problem,) = refused(workbook(["code", "naam", "bedrag"], ["A", "x", number]))
        assert (problem.line, problem.column) == (2, "bedrag")
        assert what in problem.what

    def test_a_number_elsewhere_may_have_lost_its_zeros(self):
        problems = refused(workbook(["code", "naam", "bedrag"], [7, 12, "1,00"]))
        assert [(p.column, p.value) for p in problems] == [("code", "7"), ("naam", None)]
        assert all("leading zeros" in p.what for p in problems)

    @pytest.mark.parametrize(
        ("row", "column", "what"),
        [
            (["=1+1", "x", "1,00"], "code", "holds a formula"),
            (["A", "x", "=650"], "bedrag", "holds a formula"),
            ([True, "x", "1,00"], "code", "boolean"),
            (["A", "x", False], "bedrag", "boolean"),
            (["A", "x", "#N/A"], "bedrag", "boolean or an error"),
            ([date(2026, 11, 1), "x", "1,00"], "code", "is a date cell"),
            (["A", "x", date(2026, 11, 1)], "bedrag", "is a date cell"),
            (["A", "x", "1,00", datetime(2026, 11, 1, 9, 30)], "datum", "with a time"),  # noqa: DTZ001 - cells have no zone
            (["A", "x", "1,00", 46000], "datum", "is a number cell"),
            ([" A", "x", "1,00"], "code", "space"),
            (["A\nB", "x", "1,00"], "code", "U+000A"),
            (["@A", "x", "1,00"], "code", "starts like a spreadsheet formula"),
        ],
    )
    def test_a_cell_of_the_wrong_kind(self, row, column, what):
        (problem,) = refused(workbook(["code", "naam", "bedrag", "datum"], [], row))
        assert (problem.line, problem.column) == (3, column)
        assert what in problem.what

    def test_empty_rows_and_columns_are_nothing_but_a_cell_outside_the_table_is(self):
        content = workbook(
            [], ["code", "naam", "bedrag"], [], ["A", "x", "1,00", ""], [None, None, None, None, "kladje"]
        )
        (problem,) = refused(content)
        assert (problem.line, problem.what) == (5, "has a cell to the right of the last named column: empty it")

    def test_rows_without_end_that_hold_nothing_are_refused_before_they_take_all_day(self):
        content = workbook(["code", "naam", "bedrag"], ["A", "x", "1,00"])
        padded = repacked(content, lambda xml: xml.replace(b"</sheetData>", b"<row/>" * 100_001 + b"</sheetData>"))
        assert messages(padded) == ["test.csv: has more than 100000 empty rows near line 100003: delete them"]

    @pytest.mark.parametrize("header", [2026, True, "=code", date(2026, 1, 1), None])
    def test_a_header_is_text(self, header):
        problems = refused(workbook(["code", "naam", header, "bedrag"], []))
        assert [p.line for p in problems] == [1]

    def test_one_sheet_only_may_have_content(self):
        rows = [["code", "naam", "bedrag"], ["A", "x", "1,00"]]
        assert read_table(workbook(*rows, sheets=[("leeg", []), ("ook leeg", [[None]])]), "f", SHAPE).lines == [2]
        assert read_table(workbook(sheets=[("tweede", rows)]), "f", SHAPE).lines == [2]
        assert "has 2 sheets with content" in messages(workbook(*rows, sheets=[("tweede", [["x"]])]))[0]

    def test_an_empty_workbook(self):
        assert messages(workbook()) == ["test.csv: is empty: no sheet has a header line"]

    def test_a_dimension_that_lies_hides_no_row(self):
        content = workbook(["code", "naam", "bedrag"], ["A", "x", "1,00"], ["B", "y", "2,00"])
        lying = repacked(content, lambda xml: xml.replace(b'ref="A1:C3"', b'ref="A1:C2"'))
        assert lying != repacked(content)
        assert read_table(lying, "f", SHAPE).columns["code"] == ["A", "B"]

    @pytest.mark.parametrize(
        ("before", "after"),
        [(b'<row r="3"', b'<row r="2"'), (b'r="B3"', b'r="A3"'), (b'r="B3"', b'r="B9"')],
    )
    def test_rows_out_of_order_are_not_dropped_but_refused(self, before, after):
        rows = workbook(["code", "naam", "bedrag"], ["A", "x", "1,00"], ["B", "y", "2,00"])
        disordered = repacked(rows, lambda xml: xml.replace(before, after))
        assert "out of order near line" in messages(disordered)[0]

    def test_a_row_far_down_costs_nothing(self):
        far = repacked(
            workbook(["code", "naam", "bedrag"], ["A", "x", "1,00"]),
            lambda xml: xml.replace(b'<row r="2"', b'<row r="999999999"').replace(b'2" t=', b'999999999" t='),
        )
        assert read_table(far, "f", SHAPE).lines == [999_999_999]

    def test_a_header_far_to_the_right(self):
        wide = repacked(BOOK, lambda xml: xml.replace(b'"C1"', b'"XFD1"'))
        assert "the first one has 16384 cells" in messages(wide)[0]


class TestWorkbooksThatAreWeapons:
    @pytest.mark.parametrize("kept", [4, 30, 200, 1000, -2500, -30, -1])  # not by a share of what a zip happens to be
    def test_a_truncated_workbook(self, kept):
        assert refused(BOOK[:kept])

    def test_a_zip_that_is_no_workbook(self):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("creditors.csv", GOOD)
        assert "is not a readable workbook" in messages(target.getvalue())[0]
        assert "is not a readable workbook" in messages(b"PK\x05\x06" + bytes(18))[0]

    def test_an_old_or_protected_workbook(self):
        assert "without a password" in messages(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000))[0]

    def test_an_encrypted_zip(self):
        encrypted = bytearray(BOOK)
        for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            place = encrypted.find(mark)
            while place >= 0:
                encrypted[place + offset] |= 1
                place = encrypted.find(mark, place + 4)
        assert "is encrypted" in messages(bytes(encrypted))[0]

    def test_a_zip_bomb_is_seen_in_the_directory(self):
        bomb = repacked(BOOK, add={"xl/media/bomb.xml": bytes(5_000_000)})
        assert len(bomb) < 20_000
        assert "unpacks to more than 4000000 bytes" in messages(bomb, max_bytes=1_000_000)[0]

    def test_a_zip_bomb_with_a_directory_that_lies(self):
        bomb = bytearray(repacked(BOOK, add={"xl/media/bomb.xml": bytes(5_000_000)}))
        true_size = (5_000_000).to_bytes(4, "little")
        while (place := bomb.find(true_size)) >= 0:
            bomb[place : place + 4] = (10).to_bytes(4, "little")
        assert "is not a readable workbook" in messages(bytes(bomb), max_bytes=1_000_000)[0]

    def test_very_many_parts(self):
        assert "1000 parts" in messages(repacked(BOOK, add={f"xl/{n}.xml": b"" for n in range(1000)}))[0]

    def test_another_compression(self):
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(BOOK)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as new:
            for info in old.infolist():
                new.writestr(info.filename, old.read(info))
        assert "is not a readable workbook" in messages(target.getvalue())[0]

    @pytest.mark.parametrize(
        "declared",
        [
            '<!DOCTYPE x [<!ENTITY a "' + "A" * 10_000 + '">]>',
            '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
            '<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_an_entity_bomb_or_a_foreign_entity(self, declared, encoding):
        def armed(xml):
            text = xml.decode().replace("<t>Jansen</t>", "<t>&a;&a;&a;</t>")
            body = text[text.index("?>") + 2 :] if text.startswith("<?xml") else text
            return f'<?xml version="1.0" encoding="{encoding}"?>{declared}{body}'.encode(encoding)

        assert "document type" in messages(repacked(BOOK, armed))[0]

    def test_a_document_type_across_two_chunks_is_seen_too(self):
        for shift in range(12):
            padded = b" " * ((1 << 20) - shift) + b"<!DOCTYPE x>"
            assert "document type" in messages(repacked(BOOK, add={"xl/other.xml": padded}))[0]

    @pytest.mark.parametrize(
        "broken",
        [
            lambda xml: xml.replace(b"<sheetData>", b"<sheetData><"),
            lambda xml: xml.replace(b"<v>0</v>", b"<v>99999</v>"),
            lambda xml: xml.replace(b"<v>0</v>", b"<v>x</v>"),
            lambda xml: xml.replace(b'r="A1"', b'r="1A"'),
            lambda xml: xml.replace(b'r="A1"', b'r="' + b"A" * 5000 + b'1"'),
            lambda xml: xml.replace(b"<sheetData>", b"<a>" * 100_000),
            lambda xml: xml[:0],
            lambda xml: b"\xff" + xml,
        ],
    )
    def test_broken_xml_in_a_part(self, broken):
        shared = xlsxwriter_book([["code", "naam", "bedrag"], ["007", "Jansen", "650,00"]])
        assert read_table(repacked(shared), "f", SHAPE).lines == [2]
        assert refused(repacked(shared, broken))


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused_and_nothing_else(data):
    read_or_refuse(damaged(data, BOOK))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_sheet_in_a_sound_workbook_is_read_or_refused_and_nothing_else(data):
    read_or_refuse(repacked(BOOK, lambda xml: damaged(data, xml)))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(CELLS.filter(bool), CELLS, CELLS, CELLS), max_size=4))
def test_what_is_written_is_read_back_from_a_workbook(rows):
    content = xlsxwriter_book([("code", "naam", "bedrag", "datum"), *rows])
    table = read_table(content, "f", SHAPE)
    assert list(zip(*table.columns.values(), strict=True)) == rows


class TestWhatABadInputCampaignFound:
    @pytest.mark.parametrize("number", ["1_000", " 650", "٦٥٠", "0x10", "nan"])
    def test_a_number_that_only_a_program_would_read_is_refused(self, number):
        (problem,) = refused(repacked(workbook(["code", "naam", "bedrag"], ["A", "x", 650]), _number(number)))
        assert "is not a readable workbook" in problem.what

    def test_a_text_that_stands_before_the_first_one_is_refused(self):
        texts = xlsxwriter_book([("code", "naam", "bedrag"), ("A", "x", "1,00")])
        (problem,) = refused(repacked(texts, lambda xml: xml.replace(b"<v>3</v>", b"<v>-1</v>")))
        assert "is not a readable workbook" in problem.what

    def test_a_data_table_is_refused_without_its_insides(self):
        table = b'<c r="C2"><f t="dataTable" ref="A1:B2" r1="A1"/></c>'
        book = workbook(["code", "naam", "bedrag"], ["A", "x", 650])
        (message,) = messages(repacked(book, lambda xml: re.sub(rb'<c r="C2".*?</c>', table, xml)))
        assert message == "test.csv, line 2, column bedrag: holds a formula: paste its value instead"

    def test_cells_below_a_name_that_is_not_ours_are_not_shown(self):
        book = workbook(["code", "naam", "bedrag", "geboren"], ["A", "x", "1,00", date(1983, 11, 21)])
        told = " ".join(messages(book))
        assert "'geboren' is not a column" in told
        assert "1983" not in told

    @pytest.mark.parametrize("rubbish", [b"<row/>" * 1_000_000, b"<row>" + b"<c/>" * 1_500_000 + b"</row>"])
    def test_a_sheet_that_unpacks_to_fifty_times_the_file_is_refused_unread(self, rubbish):
        (problem,) = refused(repacked(BOOK, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + rubbish)))
        assert "unpacks to more than" in problem.what

    def test_a_row_too_long_to_hold_is_refused_though_the_file_is_large_enough_to_have_it(self):
        noise = {"xl/noise.bin": random.Random(1).randbytes(200_000)}
        long_row = b"<c/>" * 300_000 + b"</row>"
        (problem,) = refused(repacked(BOOK, lambda xml: xml.replace(b"</row>", long_row, 1), noise))
        assert "has a row, or something after the last one, of more than" in problem.what


def _number(text):
    return lambda xml: xml.replace(b"<v>650</v>", f"<v>{text}</v>".encode())
