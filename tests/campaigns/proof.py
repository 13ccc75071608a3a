"""Turn the figures of the campaigns into docs/proof.md, so that what we publish is what the commands said.

    python tests/campaigns/proof.py FOLDER-WITH-JSON > docs/proof.md
"""

import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

HEAD = """# Proof

Figures of the campaigns in `tests/campaigns/`, written by `tests/campaigns/proof.py` from what they said themselves.
`make campaign` repeats them all; the same seed repeats the same campaign. A small share of each runs in `make test`.

Made on {day} with Python {python}, SQLite {sqlite}, SQLAlchemy {sqlalchemy}, hypothesis {hypothesis}, on {cores} cores.
"""

MEANING = {
    "crash": "the month, import to close, killed with SIGKILL and started again: same books, files and bank",
    "disk": "every write refused by a full disk or a read-only folder: nothing half, and it works again after",
    "concurrency": "two or more starts at once of run, approve, release, reconcile, confirm, end: each effect once",
    "model": "random orders of imports, runs, approvals, bank answers and decisions beside a plain model",
    "bad_input": "mutated and invented files against every reader: refused with place and value, nothing stored",
    "tamper": "one alteration behind the program's back, in files, rows or trail: found by a proof",
}


def figures(folder: Path) -> list[dict[str, Any]]:
    """Every result in the folder's JSON files, one or a list in each."""
    found: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        found += document if isinstance(document, list) else [document]
    return [_of_readers(result) if "readers" in result else result for result in found]


def _of_readers(result: dict[str, Any]) -> dict[str, Any]:
    """The bad-input campaign counts per reader."""
    readers = result["readers"]
    told = {
        name: f"{t['files']:,} files, {t['refused']:,} refused, {t['accepted']:,} still valid, "
        f"{t['internal']} internal errors, slowest {t['slowest_ms']} ms"
        for name, t in readers.items()
    }
    defects = [f"{name} {d['number']}: {d['what']}" for name, t in readers.items() for d in t["defects"]]
    return {"campaign": "bad_input", "database": "sqlite", "attempts": sum(t["files"] for t in readers.values()),
            "seed": result["seed"], "failures": defects, "seconds": result.get("seconds", 0),
            "details": told}  # fmt: skip


def table(results: list[dict[str, Any]]) -> list[str]:
    """One line for each campaign and database."""
    lines = ["| campaign | database | attempts | seed | found | seconds |", "| --- | --- | ---: | --- | ---: | ---: |"]
    for r in results:
        found = len(r["failures"]) if isinstance(r["failures"], list) else r["failures"]
        seconds = f"{round(r['seconds']):,}" if r["seconds"] else "not timed"
        lines.append(f"| {r['campaign']} | {r['database']} | {r['attempts']:,} | {r['seed']} | {found} | {seconds} |")
    return lines


def document(results: list[dict[str, Any]]) -> str:
    """The whole page."""
    import os
    import sqlite3

    head = HEAD.format(
        day=datetime.now(UTC).date(), python=platform.python_version(), sqlite=sqlite3.sqlite_version,
        sqlalchemy=version("sqlalchemy"), hypothesis=version("hypothesis"), cores=os.cpu_count(),
    )  # fmt: skip
    ran = {r["campaign"] for r in results}
    meaning = [f"- **{name}**: {what}." for name, what in MEANING.items() if name in ran]
    parts = [head, "\n".join(table(results)), "\n".join(meaning)]
    for r in results:
        if r.get("details"):
            told = "\n".join(f"- {name}: {value}" for name, value in r["details"].items())
            parts.append(f"## {r['campaign']} on {r['database']}\n\n{told}")
        if isinstance(r["failures"], list) and r["failures"]:
            parts.append("Found:\n\n" + "\n".join(f"- {failure}" for failure in r["failures"][:50]))
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document(figures(Path(sys.argv[1]))))
