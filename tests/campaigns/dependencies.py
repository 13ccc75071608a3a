"""Ask the advisory indexes about every installed package; says honestly what could not be asked.

    python tests/campaigns/dependencies.py

Exit 1 for a known vulnerability only: a build does not fail for a network that is not there. Behind a mirror pip-audit
itself says "no known vulnerabilities" of packages that it could not look up: those count here as not audited.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

SERVICES = ("pypi", "osv")
PATIENCE = 300


def verdict(document: Mapping[str, Any]) -> tuple[list[str], int, list[str]]:
    """(known vulnerabilities, number of packages that were looked up, names of those that were not)."""
    found, audited, skipped = [], 0, []
    for package in document["dependencies"]:
        if "skip_reason" in package:
            skipped.append(package["name"])
            continue
        audited += 1
        for advisory in package["vulns"]:
            fixed = ", ".join(advisory["fix_versions"]) or "no fixed version yet"
            found.append(f"{package['name']} {package['version']}: {advisory['id']} ({fixed})")
    return found, audited, skipped


def ask(service: str) -> Mapping[str, Any] | None:
    """The answer of one service as pip-audit has it; None when it cannot be reached."""
    words = ["-f", "json", "-s", service, "--skip-editable", "--progress-spinner", "off", "--timeout", "15"]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", *words], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        answer: Mapping[str, Any] = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return answer


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main() -> int:
    for service in SERVICES:
        document = ask(service)
        found, audited, skipped = ([], 0, []) if document is None else verdict(document)
        if audited:
            say(f"dependencies: {audited} looked up at {service}, {len(found)} known vulnerabilities")
            if skipped:
                say(f"NOT audited ({len(skipped)}): {', '.join(skipped)}")
            for line in found:
                say(f"  {line}")
            return int(bool(found))
    say("dependencies NOT audited: no advisory index can be reached from here")
    return 0


if __name__ == "__main__":
    sys.exit(main())
