"""The approval sheet as a PDF: the figures of the file on paper, the same paper at every printing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from hashlib import sha1, sha256
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pypdf import PdfReader
from support.pain001_examples import RENT, with_payments
from support.sheet_examples import FOUR, KNOWN, read_sheet
from support.story import Office, ordinary_month

from desk.paper.approval_sheet import Sheet
from desk.paper.approval_sheet_pdf import sheet_pdf
from desk.paper.typesetting import printable
from desk.words.formats import grouped
from payments.money import format_amount
from payments.pain001.orders import PaymentFile
from payments.pain001.rules import check
from payments.pain001.writer import render


def sheet(file: PaymentFile) -> Sheet:
    content = render(file)
    return read_sheet(content, check(content, file, KNOWN))


def pages(content: bytes) -> list[str]:
    """What stands on each page; a line break may fall anywhere in a sentence."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def test_paper_says_what_the_screen_says() -> None:
    four = sheet(FOUR)
    text = " ".join(pages(sheet_pdf(four)))
    assert "Totaal" in text
    assert "EUR 67.415,67" in text
    for order in four.orders:
        for label, value in order.facts:
            assert f"{label} {value}" in text
        for recipient in order.recipients:
            assert recipient.name in text
    for name, body, end in four.hashes:
        assert f"{name} {body} {end}" in text
    assert len(four.warnings) == 3
    for said in (*four.warnings, four.head, "Goedgekeurd door (een ander)", "Naam", "Datum", "Paraaf"):
        assert said in text


def test_the_figures_on_paper_are_those_in_the_xml() -> None:
    content = render(FOUR)
    text = " ".join(pages(sheet_pdf(read_sheet(content, []))))
    xml = etree.fromstring(content)
    said = {name: xml.findtext(f".//{{*}}{name}") or "" for name in ("MsgId", "PmtInfId", "NbOfTxs", "CtrlSum")}
    assert f"Kenmerk bericht (MsgId) {said['MsgId']}" in text
    assert f"Opdracht (PmtInfId) {said['PmtInfId']}" in text
    total = format_amount(int(said["CtrlSum"].replace(".", "")))
    assert f"EUR {total} Aantal betalingen {said['NbOfTxs']}" in text
    assert f"Samen {said['NbOfTxs']} {total}" in text
    assert f"Van rekening {grouped(xml.findtext('.//{*}DbtrAcct//{*}IBAN') or '')}" in text
    day = date.fromisoformat(xml.findtext(".//{*}ReqdExctnDt/{*}Dt") or xml.findtext(".//{*}ReqdExctnDt") or "")
    assert f"Uitvoeringsdatum {day:%d-%m-%Y}" in text
    for iban in xml.iterfind(".//{*}CdtrAcct//{*}IBAN"):
        assert grouped(iban.text or "") in text
    for number in (sha256(content).hexdigest(), sha1(content).hexdigest()):
        assert number in text.replace(" ", "")


def test_the_same_sheet_is_the_same_paper_whenever_it_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = sheet_pdf(sheet(FOUR))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert sheet_pdf(sheet(FOUR)) == first


def test_each_page_says_of_which_file_it_is_and_how_many_there_are() -> None:
    names = [f"Verhuurder nummer {number} aan de lange laan" for number in range(90)]
    many = (
        replace(RENT, payment_id=f"202612-1-V{n}", obligation=f"V{n}", creditor_name=name)
        for n, name in enumerate(names)
    )
    found = pages(sheet_pdf(sheet(with_payments(*many))))
    assert len(found) > 3
    for number, text in enumerate(found, start=1):
        assert text.endswith(f"pagina {number} van {len(found)}")
        assert "ASSEN-202611-01-001 SHA-256 .." in text
    assert all(sum(name in text for text in found) == 1 for name in names)


def test_ten_thousand_payments_to_one_landlord_are_one_line() -> None:
    many = (replace(RENT, payment_id=f"202612-1-V{n}", obligation=f"V{n}") for n in range(10_000))
    assert len(pages(sheet_pdf(sheet(with_payments(*many))))) == 2


def test_a_letter_that_the_font_does_not_have_is_shown_by_its_number() -> None:
    four = sheet(FOUR)
    facts = (
        ("Gemeente", "Súdwest-Fryslân"),
        ("Op naam van", "Żółć Şahinoğlu"),
        ("Gemaakt door", "b\u0430nk"),  # a Cyrillic letter that looks like a Latin one
        ("Stand", "klaar\xadgezet\x80"),
    )
    text = " ".join(pages(sheet_pdf(replace(four, facts=facts))))
    assert "Gemeente Súdwest-Fryslân" in text
    assert "Op naam van Żółć Şahinoğlu" in text
    assert r"Gemaakt door b\u0430nk" in text
    assert r"Stand klaar\xadgezet\x80" in text


def test_every_letter_that_is_printed_as_it_is_has_its_shape_in_our_fonts() -> None:
    """A missing one would be refused here, and not on the day that somebody has such a name."""
    letters = "".join(filter(str.isprintable, map(chr, range(0x10000))))
    same = "".join(letter for letter in letters if printable(letter) == letter)
    assert len(same) > 500
    found = pages(sheet_pdf(replace(sheet(FOUR), file_id=same, facts=(("Gemeente", same),))))
    assert {letter for letter in same if letter.isalpha()} <= set("".join(found))


def test_what_stands_in_the_data_is_text_and_no_instruction() -> None:
    typed = '#pagebreak() *vet* _schuin_ $x^2$ = kop -- "ja" \\ @wie <hier> // niets'
    four = sheet(FOUR)
    text = " ".join(pages(sheet_pdf(replace(four, facts=(("Stand", typed),), warnings=(typed,)))))
    assert text.count(typed) == 2
    assert len(pages(sheet_pdf(four))) == 2


def test_a_name_of_one_long_word_is_not_printed_over_the_account() -> None:
    long = "W" * 70
    (first, *_) = PdfReader(BytesIO(sheet_pdf(sheet(with_payments(replace(RENT, creditor_name=long)))))).pages
    broken = [line.partition(" ")[0] for line in first.extract_text().splitlines() if "WWW" in line]
    assert len(broken) > 2
    assert "".join(broken).replace("NL39", "") == long


def test_the_paper_can_be_read_aloud() -> None:
    """What PDF/UA asks and a test can see: language, title, and a tag for every heading, list and table cell."""
    four = sheet(FOUR)
    reader = PdfReader(BytesIO(sheet_pdf(four)))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "nl-NL"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Opdrachtbrief betalingen vaste lasten ASSEN-202611-01-001"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()
    tags = Counter(tags_in(root["/StructTreeRoot"]))
    assert (tags["/H1"], tags["/H2"]) == (1, 7)
    assert (tags["/Table"], tags["/TH"]) == (1, 4)
    assert tags["/TR"] == 1 + len(four.orders[0].recipients) + 1
    assert tags["/LI"] == len(four.warnings) + 4


def tags_in(element: Any) -> Iterator[str]:
    """The kind of every part of the tree of tags."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        for child in element:
            yield from tags_in(child)
    elif isinstance(element, dict):
        if "/S" in element:
            yield str(element["/S"])
        yield from tags_in(element.get("/K"))


def test_only_our_own_fonts_are_used_and_they_are_the_ones_that_were_published() -> None:
    reader = PdfReader(BytesIO(sheet_pdf(sheet(FOUR))))
    used = {str(font["/BaseFont"])[8:] for page in reader.pages for font in fonts_of(page)}
    assert used == {"NotoSans-Regular", "NotoSans-Bold", "NotoSansMono-Regular", "NotoSansMono-Bold"}
    folder = files("desk.paper") / "fonts"
    origin = (folder / "ORIGIN.md").read_text(encoding="utf-8")
    shipped = [font for font in folder.iterdir() if font.name.endswith(".ttf")]
    assert {font.name for font in shipped} == {f"{name}.ttf" for name in used}
    for font in shipped:
        (row,) = [line for line in origin.splitlines() if f"`{font.name}`" in line]
        assert sha256(font.read_bytes()).hexdigest() in row


def fonts_of(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


def test_the_command_writes_pdf_or_text_by_the_name_of_the_file(office: Office, tmp_path: Path) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    (file, *_) = office.files()
    for name, start in (("brief.pdf", b"%PDF-"), ("BRIEF.PDF", b"%PDF-"), ("brief.txt", b"====")):
        office.do("carla", "sheet", file["file_id"], "--out", str(tmp_path / name))
        assert (tmp_path / name).read_bytes().startswith(start)
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
    said = office("carla", "sheet", file["file_id"], "--out", str(tmp_path / "brief.docx"))
    assert said.code == 2
    assert "brief.docx" in said.err
    assert not (tmp_path / "brief.docx").exists()
    text = " ".join(pages((tmp_path / "brief.pdf").read_bytes()))
    assert file["sha256"][-6:] in text
    assert "Naïma" not in text
