"""The same command typed by several people at the same moment, or two commands that exclude each other.

    python tests/campaigns/run.py concurrency --attempts 2000 --seed 1

Whatever the race, it must end as if the commands had been given one after the other in some order: the same rows in
every table, the same bytes in every file, and to each the answer of that order. That order is done first, undisturbed.
"""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import permutations

from campaigns.crash import Tally
from support.forked import at_once
from support.kept_month import Month, State, Step
from support.story import Said

MANY = (2, 4, 8)
JITTER = 0.03  # seconds between the first and the last start
RACED = (
    "import creditors",
    "import benefits",
    "creditor confirm",
    "run",
    "approve",
    "release",
    "reconcile",
    "resolve",
    "hold",
    "handover",
    "end propose",
    "end confirm",
    "export remainders",
    "close",
)
# The command at hand beside one that says otherwise.
RIVALS: dict[str, tuple[str, ...]] = {
    "end confirm": ("rosa", "end", "withdraw", "0020001", "--why", "toch niet"),
    "close": ("bram", "run", "2026-11"),
    "run": ("dirk", "hold", "0010001", "--why", "wacht op de machtiging"),
    "approve": ("bram", "release", "{file}", "--out", "bank"),
    "resolve": ("bram", "resolve", "{file}", "--as-what", "{other}", "--why", "anders besloten"),
    "end propose": ("dirk", "hold", "0020001", "--why", "verhuist"),
}
PROPER = (0, 1, 4, 5)  # 5: a month that cannot be closed yet
# A run of all gemeenten is a transaction for each, reading all files is one for each: others may come in between.
ONE_TRANSACTION = ("--gemeente", "assen")

Answers = tuple[tuple[str, int, str], ...]
Ending = tuple[State, Answers]


def races(month: Month, seed: str, many: int) -> Tally:
    """Race so many times by seed, each kind of command in turn."""
    chance, tally = random.Random(seed), Tally()
    kinds = [(number, kind) for number, step in enumerate(month.steps) if (kind := kind_of(step))]
    known: dict[tuple[int, tuple[Step, ...]], list[Ending]] = {}
    while tally.attempts < many:
        number, kind = kinds[chance.randrange(len(kinds))]
        runners = _runners(month, number, kind, chance)
        key = number, runners
        if key not in known:
            known[key] = endings(month, number, runners)
        tally.attempts += 1
        tally.details[kind] += 1
        delays = [chance.uniform(0, JITTER) for _ in runners]
        found = race(month, number, runners, delays, known[key])
        tally.failures += [f"{len(runners)} x {' / '.join(sorted({str(r) for r in runners}))}: {f}" for f in found[:3]]
    return tally


def kind_of(step: Step) -> str | None:
    """Which of the raced commands this is."""
    line = " ".join(step.words)
    return next((kind for kind in RACED if line.startswith(kind)), None)


def _runners(month: Month, number: int, kind: str, chance: random.Random) -> tuple[Step, ...]:
    step = month.steps[number]
    if kind == "run":
        step = replace(step, words=(*step.words, *ONE_TRANSACTION))
    if kind == "reconcile":
        step = replace(step, words=step.words[:2])
    if kind not in RIVALS or chance.randrange(3):
        return (step,) * chance.choice(MANY)
    other = "refund_to_client" if "resubmit" in step.words else "resubmit"
    who, *words = (word.format(file=step.words[1], other=other) for word in RIVALS[kind])
    return (step, Step(who, tuple(words), step.today)) * chance.choice((1, 2))


def endings(month: Month, number: int, runners: Sequence[Step]) -> list[Ending]:
    """How it may end: every order of these commands, one after the other."""
    found: list[Ending] = []
    for order in [tuple(runners)] if len({*runners}) == 1 else {*permutations(runners)}:
        month.back_to(number)
        said = [(step, month.tell(step)) for step in order]
        ending = month.state(), answers(said)
        if ending not in found:
            found.append(ending)
    # The same command, however often: what the undisturbed month says. A race on books of another place would not.
    undisturbed = (month.states[number + 1], month.twice[number])
    assert {*runners} != {month.steps[number]} or found[0][0] in undisturbed, f"{runners[0]} went elsewhere"
    return found


def answers(said: Sequence[tuple[Step, Said]]) -> Answers:
    """What each was told: the exit code and the words."""
    return tuple(sorted((str(step), one.code, one.out) for step, one in said))


def race(
    month: Month, number: int, runners: Sequence[Step], delays: Sequence[float], allowed: Sequence[Ending]
) -> list[str]:
    """Start all at the same moment; what is wrong with how it ended."""
    month.back_to(number)
    said: list[Said | None] = at_once(*(partial(month.tell, step) for step in runners), delays=delays)
    assert all(one is not None for one in said)
    told = [(step, one) for step, one in zip(runners, said, strict=True) if one is not None]
    improper = [one for _, one in told if one.code not in PROPER or (one.code and not one.err)]
    wrong = [f"exit {one.code}: {one.err[:200]}" for one in improper]
    if wrong:
        return wrong
    ending = month.state(), answers(told)
    if ending in allowed:
        return month.violations()
    if all(ending[1] != answer for _, answer in allowed):
        return [f"answers of no order: {Counter(ending[1])}"]
    return next(state.differences(ending[0]) for state, answer in allowed if answer == ending[1])
