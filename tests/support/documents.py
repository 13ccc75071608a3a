"""The papers of this repository as a reader types them over: blocks, commands, tables, links, words in code."""

import re
import shlex
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from desk.cli.main import run

HOUSE = Path(__file__).parents[2]
PAPERS = sorted(path.relative_to(HOUSE).as_posix() for path in (*HOUSE.glob("*.md"), *(HOUSE / "docs").rglob("*.md")))

_FENCE = re.compile(r"```(\w*)(?: (\S+))?\s*")
_DAY = re.compile(r"# (\d{4}-\d{2}-\d{2})")
_PROMPT = re.compile(r"(\w*)\$ (.+)")
_NOTE = re.compile(r"(.*?)\s+# (?:exit (\d+)|(until stopped))")
_HEADING = re.compile(r"#{1,6} (.+)")


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the line it starts on, its lines, and the file that they are, if they are one."""

    language: str
    line: int
    lines: tuple[str, ...]
    file: str | None = None


@dataclass
class Command:
    """One command as the paper shows it: by whom, on which day, with which answer."""

    paper: str
    line: int
    who: str
    day: str
    words: list[str]
    code: int = 0
    stays: bool = False  # goes on until it is stopped
    shown: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.paper}:{self.line}: {self.who}$ {shlex.join(self.words)}"


def text_of(paper: str) -> str:
    return (HOUSE / paper).read_text(encoding="utf-8")


def blocks(paper: str) -> Iterator[Block]:
    """Every fenced block of a paper."""
    language, file, start, inside = None, None, 0, list[str]()
    for number, line in enumerate(text_of(paper).splitlines(), start=1):
        fence = _FENCE.fullmatch(line.strip())
        if fence is None:
            inside.append(line)
        elif language is None:
            language, file, start, inside = fence.group(1), fence.group(2), number, []
        else:
            yield Block(language, start, tuple(inside), file)
            language = None
    assert language is None, f"{paper}:{start}: a block without an end"


def prose(paper: str) -> str:
    """The paper without its blocks."""
    lines, outside = [], True
    for line in text_of(paper).splitlines():
        if _FENCE.fullmatch(line.strip()):
            outside = not outside
        elif outside:
            lines.append(line)
    return "\n".join(lines)


def commands(paper: str) -> list[Command]:
    """What the blocks `console` (with a prompt, and the answer) and `sh` (commands alone) tell a reader to type."""
    found: list[Command] = []
    day = ""
    for block in blocks(paper):
        if block.language not in ("console", "sh"):
            continue
        lines = iter(enumerate(block.lines, start=block.line + 1))
        for number, line in lines:
            if (said := _DAY.fullmatch(line)) is not None:
                day = said.group(1)
                continue
            typed = line if block.language == "sh" else ""
            who = ""
            if (prompt := _PROMPT.fullmatch(line)) is not None and block.language == "console":
                who, typed = prompt.groups()
            if not typed.strip() or typed.startswith("#"):
                if block.language == "console" and line.strip():
                    assert found, f"{paper}:{number}: an answer without a command"
                    found[-1].shown.append(line.strip())
                continue
            while typed.endswith("\\"):
                typed = f"{typed[:-1].rstrip()} {next(lines)[1].strip()}"
            note = _NOTE.fullmatch(typed)
            code, stays = (int(note.group(2) or 0), bool(note.group(3))) if note else (0, False)
            words = shlex.split(note.group(1) if note else typed)
            found.append(Command(paper, number, who, day, words, code, stays))
    return found


def play(command: Command, folder: Path) -> str:
    """Type an `ontzorgen` command in a folder; the answer, after the exit code and the shown lines were found in it."""
    words = [name for word in command.words[1:] for name in (_files(word, folder) if "*" in word else [word])]
    place = [*(["--as", command.who] if command.who else []), *(["--today", command.day] if command.day else [])]
    with chdir(folder), redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        code = run([*place, *words])
    said = err.getvalue() + out.getvalue()
    assert code == command.code, f"{command}\nexit {code}, the paper says {command.code}:\n{said}"
    insist_on(command, said)
    return said


def insist_on(command: Command, said: str) -> None:
    """Every line that the paper shows is in the answer, in that order; `...` stands for whatever is left out."""
    answered = iter(" ".join(line.split()) for line in said.splitlines())
    for line in command.shown:
        if line == "...":
            continue
        form = re.compile(".*".join(re.escape(part) for part in " ".join(line.split()).split("...")))
        assert any(form.fullmatch(given) for given in answered), f"{command}\nshown: {line}\nanswered:\n{said}"


def _files(word: str, folder: Path) -> list[str]:
    found = sorted(path.relative_to(folder).as_posix() for path in folder.glob(word))
    assert found, f"{word}: no such file in the story"
    return found


def tables(text: str) -> Iterator[list[list[str]]]:
    """Every table as rows of cells, its heading first."""
    rows: list[list[str]] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            if not all(set(cell) <= {"-", ":"} for cell in cells):
                rows.append(cells)
        elif rows:
            yield rows
            rows = []


def in_code(text: str) -> set[str]:
    """Everything between backticks."""
    return set(re.findall(r"`([^`\n]+)`", text))


def anchors(paper: str) -> set[str]:
    """The headings of a paper, as links call them."""
    found = (_HEADING.fullmatch(line) for line in prose(paper).splitlines())
    return {re.sub(r"[^\w\- ]", "", heading.group(1).lower()).replace(" ", "-") for heading in found if heading}


def links(paper: str) -> list[str]:
    """Where a paper sends its reader."""
    return re.findall(r"\]\(([^)\s]+)\)", prose(paper))
