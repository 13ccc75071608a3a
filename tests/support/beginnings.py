"""What many tests begin with is played once in a process; for the next test its books and files are copied."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from support.server import Server

if TYPE_CHECKING:
    from support.story import Office

Story = Callable[..., object]  # of an office, and of what else the story needs to know


@dataclass(frozen=True)
class Played:
    """How an office stood when a story had been played: books (a file or a database), files, day and counter."""

    books: str
    files: Path
    today: str
    written: int


@dataclass
class Beginnings:
    """The stories that were played in this process, each from books with staff and nothing else."""

    folder: Path
    server: Callable[[], Server]
    _played: dict[object, Played] = field(default_factory=dict)

    def play(self, office: "Office", story: Story, *words: str, **changes: object) -> None:
        """Play a story for this office, or hand it what the same story came to before in an office like it."""
        files = {str(path.relative_to(office.folder)): path.read_bytes() for path in _files(office.folder)}
        asked = (story.__module__, story.__qualname__, words, tuple(sorted(changes.items())))
        settings = office.config and office.config.read_bytes()
        key = (make_url(office.url).get_backend_name(), asked, office.today, settings, tuple(sorted(files.items())))
        played = self._played.get(key)
        if played is None:
            story(office, *words, **changes)
            self._played[key] = self._keep(office)
        else:
            self._put_back(office, played)

    def _keep(self, office: "Office") -> Played:
        number = len(self._played)
        files = self.folder / str(number)
        shutil.copytree(office.folder, files, ignore=shutil.ignore_patterns("books.db*"))
        if office.url.startswith("sqlite"):
            books = str(self.folder / f"{number}.db")
            with (
                closing(sqlite3.connect(office.folder / "books.db")) as source,
                closing(sqlite3.connect(books)) as kept,
            ):
                source.backup(kept)
        else:
            books = f"beginning_{number}"
            self.server().copy(str(make_url(office.url).database), books)
        return Played(books, files, office.today, office.written)

    def _put_back(self, office: "Office", played: Played) -> None:
        shutil.copytree(played.files, office.folder, dirs_exist_ok=True)
        if office.url.startswith("sqlite"):
            for leftover in office.folder.glob("books.db*"):
                leftover.unlink()
            shutil.copyfile(played.books, office.folder / "books.db")
        else:
            self.server().put_back(played.books, str(make_url(office.url).database))
        office.today, office.written = played.today, played.written


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("books.db")]
