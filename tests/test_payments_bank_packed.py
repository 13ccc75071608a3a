"""A zip of statements: each file of it, or a refusal that says what to do; never more than there is room for."""

import io
import zipfile
from collections.abc import Callable

import pytest

from payments.bank import packed
from payments.bank.packed import files_in
from payments.problems import InputRefused


def zipped(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(InputRefused) as refused:
        files_in(content, "bank.zip")
    [problem] = refused.value.problems
    return str(problem)


def test_what_is_no_zip_is_the_one_file_that_it_is() -> None:
    assert files_in(b"<Document/>", "a.xml") == [("a.xml", b"<Document/>")]
    assert files_in(b"", "a.xml") == [("a.xml", b"")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_each_file_of_a_zip_has_the_name_of_the_zip_before_its_own(method: int) -> None:
    content = zipped(("nov/a.xml", b"<a/>"), ("nov/", b""), ("b.xml", b"<b/>"), method=method)
    assert files_in(content, "bank.zip") == [("bank.zip/nov/a.xml", b"<a/>"), ("bank.zip/b.xml", b"<b/>")]


def test_a_zip_with_too_many_files_is_refused() -> None:
    many = [(f"{number}.xml", b"<a/>") for number in range(packed.MAX_FILES + 1)]
    assert "is a zip of 101 files, 100 are allowed: unpack it" in refusal(zipped(*many))
    assert len(files_in(zipped(*many[1:]), "bank.zip")) == 100


@pytest.mark.parametrize("size", [30_000_000, 200_000_001])
def test_a_zip_that_unpacks_to_far_more_than_it_is_is_refused(size: int) -> None:
    assert "or 250 times its own size: unpack it" in refusal(zipped(("a.xml", b" " * size)))


def test_the_bound_holds_for_all_files_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_UNPACKED", 1_000)
    assert len(files_in(zipped(("a", b"x" * 500), ("b", b"y" * 500)), "bank.zip")) == 2
    assert "unpacks to more than 1000 bytes" in refusal(zipped(("a", b"x" * 500), ("b", b"y" * 501)))


def test_a_directory_that_lies_about_the_size_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "MAX_UNPACKED", 1_000)
    honest = zipped(("a", b"x" * 5_000), method=zipfile.ZIP_STORED)
    lying = honest.replace((5_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert "is a zip that is damaged" in refusal(lying)


def locked(content: bytes) -> bytes:
    """The same with the flag of a password on its only file, in the directory."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + bytes([content[at] | 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (lambda: zipped(("nov/", b"")), "is a zip without a file in it"),
        (lambda: locked(zipped(("a.xml", b"<a/>"))), "bank.zip/a.xml: is locked with a password: unpack it"),
        (lambda: zipped(("a.xml", b"<a/>"), method=zipfile.ZIP_BZIP2), "is packed in a way that is not read"),
        (lambda: zipped(("a.xml", b"<a/>" * 99))[:60], "is a zip that is damaged: ask the bank"),
        (lambda: zipped(("a.xml", b"<a/>" * 99)).replace(b"<", b"x")[:-30], "is a zip that is damaged"),
    ],
)
def test_a_zip_that_cannot_be_read_says_what_to_do(content: Callable[[], bytes], words: str) -> None:
    assert words in refusal(content())
