"""Turn the figures of the campaigns into docs/proof.md, so that what we publish is what the commands said.

python tests/campaigns/proof.py FOLDER-WITH-JSON > docs/proof.md
"""

import json
import sys
from pathlib import Path
from typing import Any

HEAD = """# Proof

Written by `tests/campaigns/proof.py` from what the campaigns in `tests/campaigns/` said themselves. `make campaign`
repeats them all, `make campaign SCALE=0.01 SEED=7` a hundredth of each with another seed; the same seed draws the same
kills, races, files and alterations. A small share of each runs in `make test`. "Found" is what should not have been:
wanted is 0 in every line.
"""

MEANING = {
    "crash": (
        "A month of two gemeenten, from new books to a closed month with a reject, a return, a resubmission and an "
        "end. A random command of it is killed with SIGKILL: at a statement, commit, write, fsync or rename, or at a "
        "random moment from outside; one in three once more while it recovers. Then it is given again, and every row "
        "of every table and every byte of every file, the bank's own included, is as after the undisturbed command."
    ),
    "disk": (
        "The same commands on a full, read-only or broken disk, at every step of writing a file and at every page by "
        "which the database grows: said in words, nothing half, and well when it is over."
    ),
    "concurrency": (
        "Two, four or eight processes start the same command, or two that exclude each other, at the same moment: "
        "books, files and answers must be those of one after the other, in some order."
    ),
    "model": (
        "Imports, runs, approvals, releases, bank answers, holds, hand-overs, ends and settlements in any order and "
        "with repeats, beside a model of plain dicts: after every step the self-check is empty and the model agrees. "
        "Attempts are whole stories; the commands in them are counted below."
    ),
    "bad_input": (
        "Mutated and invented files for every reader: refused with place and value in bounded time, or valid by the "
        "independent oracle; never an internal error, and the books unchanged."
    ),
    "tamper": (
        "One alteration behind the program's back, with all triggers and constraints gone: a cell, a row, two values "
        "exchanged, the audit trail (also sealed anew), a file handed to the bank. `release`, `check` or `audit "
        "verify` with the head from paper must tell."
    ),
}


def figures(folder: Path) -> list[dict[str, Any]]:
    """Every result in the folder, in the order of their explanations."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    return sorted(found, key=lambda result: [*MEANING].index(result["campaign"]))


def table(results: list[dict[str, Any]]) -> list[str]:
    """One line for each campaign and database."""
    lines = [
        "| campaign | database | attempts | found | seed | seconds | day | commit |",
        "| --- | --- | ---: | ---: | --- | ---: | --- | --- |",
    ]
    for r in results:
        commit = r["versions"].get("commit", "")
        lines.append(
            f"| {r['campaign']} | {r['database']} | {r['attempts']:,} | {len(r['failures'])} | {r['seed']} "
            f"| {round(r['seconds']):,} | {r['day']} | {commit} |"
        )
    return lines


def document(results: list[dict[str, Any]]) -> str:
    """The whole page."""
    parts = [HEAD, "\n".join(table(results))]
    for name in dict.fromkeys(r["campaign"] for r in results):
        parts.append(f"## {name}\n\n{MEANING[name]}")
        for r in (r for r in results if r["campaign"] == name):
            parts.append(f"On {r['database']}: " + ", ".join(f"{what} {n:,}" for what, n in r["details"].items()) + ".")
            if r["failures"]:
                parts.append("Found:\n\n" + "\n".join(f"- {failure}" for failure in r["failures"][:50]))
    versions = {(name, number) for r in results for name, number in r["versions"].items() if name != "commit"}
    parts.append("## Versions\n\n" + ", ".join(f"{name} {number}" for name, number in sorted(versions)) + ".")
    return "\n\n".join(part.strip() for part in parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document(figures(Path(sys.argv[1]))))
