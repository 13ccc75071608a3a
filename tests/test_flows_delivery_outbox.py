"""What lies in the bank's folder is always a whole file with the released bytes, whatever happens while it is made."""

import errno
import os
from pathlib import Path

import pytest
from support.forked import at_once

from flows.delivery import outbox
from ledgers.errors import ProofFailed, Refused

CONTENT = b"<Document>" + b"EUR 850,00 " * 20_000 + b"</Document>"
NAME = "ASSEN-202611-01-001.xml"


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_file_is_delivered_into_a_new_folder_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    target = outbox.deliver(tmp_path / "bank" / "out", NAME, CONTENT)
    assert everything_in(tmp_path / "bank" / "out") == {NAME: CONTENT}
    assert target.stat().st_mode & 0o777 == 0o600
    assert target.parent.stat().st_mode & 0o777 == 0o700


def test_delivering_again_leaves_the_file_that_stands_there(tmp_path: Path) -> None:
    first = outbox.deliver(tmp_path, NAME, CONTENT).stat()
    assert outbox.deliver(tmp_path, NAME, CONTENT).stat().st_ino == first.st_ino


@pytest.mark.parametrize("changed", [CONTENT[:-1], CONTENT.replace(b"850,00", b"950,00"), b""])
def test_a_file_that_somebody_changed_is_named_and_not_overwritten(tmp_path: Path, changed: bytes) -> None:
    (tmp_path / NAME).write_bytes(changed)
    with pytest.raises(ProofFailed, match="somebody changed it"):
        outbox.deliver(tmp_path, NAME, CONTENT)
    assert everything_in(tmp_path) == {NAME: changed}


def test_nothing_stands_under_its_name_before_all_bytes_are_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk = os.fsync
    seen: list[list[str]] = []

    def look_and_sync(descriptor: int) -> None:
        seen.append([path.suffix for path in tmp_path.iterdir()])
        on_disk(descriptor)

    monkeypatch.setattr(os, "fsync", look_and_sync)
    outbox.deliver(tmp_path, NAME, CONTENT)
    assert seen == [[".part"], [".xml"]]  # the bytes, then the folder that names them


def test_a_full_disk_is_said_and_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(Refused, match=r"cannot be written: No space left on device\. Nothing is lost"):
            outbox.deliver(tmp_path, NAME, CONTENT)
        with pytest.raises(Refused, match="Choose another place"):
            outbox.replace(tmp_path / "sheet.txt", CONTENT)
    assert everything_in(tmp_path) == {}
    outbox.deliver(tmp_path, NAME, CONTENT)
    assert everything_in(tmp_path) == {NAME: CONTENT}


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bank").write_text("not a folder")
    with pytest.raises(Refused, match="mend the folder"):
        outbox.deliver(tmp_path / "bank", NAME, CONTENT)


def test_what_a_killed_writer_left_is_swept_away_but_not_another_files(tmp_path: Path) -> None:
    other = f".TYNAARLO{NAME}.abc.part"
    for name in (f".{NAME}.q1w2e3.part", f".{NAME}.r4t5y6.part", other):
        (tmp_path / name).write_bytes(CONTENT[:1000])
    outbox.deliver(tmp_path, NAME, CONTENT)
    assert everything_in(tmp_path) == {NAME: CONTENT, other: CONTENT[:1000]}


def test_what_stays_behind_when_the_next_writer_is_killed_after_its_rename_is_swept_too(tmp_path: Path) -> None:
    for write in (lambda: outbox.deliver(tmp_path, NAME, CONTENT), lambda: outbox.replace(tmp_path / NAME, CONTENT)):
        (tmp_path / NAME).write_bytes(CONTENT)
        (tmp_path / f".{NAME}.q1w2e3.part").write_bytes(CONTENT[:1000])
        write()
        assert everything_in(tmp_path) == {NAME: CONTENT}


def test_a_second_release_while_the_first_still_writes_harms_neither(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second starts and ends between the first one's write and its rename: the worst moment there is."""
    on_disk = os.fsync

    def second_comes_first(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", on_disk)
        outbox.deliver(tmp_path, NAME, CONTENT)
        on_disk(descriptor)

    monkeypatch.setattr(os, "fsync", second_comes_first)
    outbox.deliver(tmp_path, NAME, CONTENT)
    assert everything_in(tmp_path) == {NAME: CONTENT}


def test_eight_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    answers = at_once(*[lambda: str(outbox.deliver(tmp_path, NAME, CONTENT))] * 8)
    assert answers == [str(tmp_path / NAME)] * 8
    assert everything_in(tmp_path) == {NAME: CONTENT}


def test_an_overview_is_replaced_by_a_newer_one(tmp_path: Path) -> None:
    target = tmp_path / "overviews" / "remainders [2026-11].csv"
    for content in (b"old", b"new"):
        outbox.replace(target, content)
        assert everything_in(target.parent) == {target.name: content}
