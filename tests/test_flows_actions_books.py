"""The books as a whole: made once, proven, and the trail compared with paper."""

import pytest
from sqlalchemy import text
from support.seats import seat
from support.story import Office, ordinary_month

from flows.actions.books import BooksCreated, NotedHead, check_books, create_books, prove_books, verify_trail
from ledgers.database import open_engine, writing
from ledgers.errors import ProofFailed


def test_books_that_are_there_are_not_made_again(office: Office) -> None:
    before = office.digest()
    done = create_books(seat(office, "bram"))
    assert isinstance(done, BooksCreated)
    assert (done.created, office.digest()) == (False, before)


def test_new_books_are_made_where_the_url_says(office: Office) -> None:
    office.url = f"sqlite:///{office.folder / 'new.db'}"
    assert create_books(seat(office, "bram")) == BooksCreated(office.url, created=True)
    assert (office.folder / "new.db").stat().st_mode & 0o077 == 0


def test_a_head_on_paper_is_found_again_and_another_one_is_missed(office: Office) -> None:
    ordinary_month(office)
    reader = seat(office, "inge")
    found = verify_trail(reader)
    on_paper = NotedHead(found.rows, found.head[:16])
    office.do("bram", "run", "2026-11")
    later = verify_trail(reader, [on_paper])
    assert later.rows > found.rows
    with pytest.raises(ProofFailed, match=f"row {found.rows} is gone or another"):
        verify_trail(reader, [on_paper, NotedHead(found.rows, "0" * 16)])


def test_books_that_were_altered_are_not_proven(office: Office) -> None:
    ordinary_month(office)
    office.do("bram", "run", "2026-11")
    reader = seat(office, "inge")
    prove_books(reader)
    assert check_books(reader).digest == office.digest()
    if not office.url.startswith("sqlite"):
        return
    engine = open_engine(office.url)
    with writing(engine) as connection:
        triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        for name in triggers:
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE transfers SET amount_cents = amount_cents + 1"))
    with pytest.raises(ProofFailed, match="violation"):
        check_books(reader)
    with pytest.raises(ProofFailed):
        prove_books(reader)
