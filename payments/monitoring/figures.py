"""The figures for council and CBS: one gemeente, one quarter, everything counted from facts dated up to its end.

Every figure is a total with breakdowns of which the parts add up to it, or a share; who may be shown is decided in one
place for all of them (see payments.small_groups).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from payments.dossier.case import EarlyReason
from payments.dossier.checklist import Assessment, Checklist, Verdict
from payments.monitoring.histories import NO_GROUND, Bill, MonthRun, Person, TrajectoryHistory
from payments.monitoring.small_groups import Flow, Mark, Tally, alone, divided, tally
from payments.month import Month, add_months, first_day, index, last_day, month_of
from payments.plan.grounds import Ground

REGULAR = "regular"
GROUNDS = (*(ground.value for ground in Ground), NO_GROUND)
AGES = ("18-20", "21+")
REASONS = (REGULAR, *(reason.value for reason in EarlyReason))
MONTH_BANDS = ("<=6", "7 t/m 9", "10 t/m 12", ">12")  # "7-9" would open as a date in a spreadsheet
ARREARS = ("yes", "no", "unknown")
PERCENT, MONTHS = 1000, 10  # both in tenths


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter as far as it lies in the period that was asked for."""

    name: str  # 2026-Q4
    first: Month
    last: Month

    @property
    def start(self) -> date:
        """Its first day."""
        return first_day(self.first)

    @property
    def end(self) -> date:
        """Its last day."""
        return last_day(self.last)

    @property
    def whole(self) -> bool:
        """Whether all three months are in it."""
        return index(self.last) - index(self.first) == 2

    def has(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.start <= day <= self.end


def quarters(first: Month, last: Month) -> list[Quarter]:
    """The calendar quarters of a period, the first and last one cut to it."""
    found: dict[str, list[Month]] = {}
    for ahead in range(index(last) - index(first) + 1):
        month = add_months(first, ahead)
        found.setdefault(f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}", []).append(month)
    return [Quarter(name, months[0], months[-1]) for name, months in found.items()]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the books hold, of whatever date."""

    histories: Sequence[TrajectoryHistory]
    bills: Sequence[Bill]
    month_runs: Sequence[MonthRun]

    @property
    def people(self) -> list[Person]:
        """Everyone with a trajectory, once."""
        return list({history.client: history.person for history in self.histories}.values())


@dataclass(frozen=True, slots=True)
class FigureRules:
    """What the figures are measured by; `known_until` ends the period of the whole report."""

    small_group: int
    art_56a_months: int
    checklists: Mapping[str, Checklist]  # by version, oldest first
    known_until: date


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure of one group; `value` is a count, or tenths where `of` says what it is a share of."""

    figure: str
    kind: str  # what the group is: total, ground, age, reason ...
    group: str
    value: int | None  # None: there is nothing to take a share of
    mark: Mark
    cases: Mapping[str, int]  # per klantnummer what was counted
    of: Mapping[str, int] | None = None


def figures(facts: Facts, gemeente: str, quarter: Quarter, rules: FigureRules) -> list[FigureRow]:
    """All figures of one gemeente and quarter, always the same rows in the same order."""
    return list(_Counting(facts, gemeente, quarter, rules).rows())


Division = Mapping[str, Mapping[str, Tally]]  # what the groups are -> group -> its part of the total


class _Counting:
    """One gemeente and quarter under count."""

    def __init__(self, facts: Facts, gemeente: str, quarter: Quarter, rules: FigureRules) -> None:
        self._facts, self._gemeente, self._quarter, self._rules = facts, gemeente, quarter, rules
        self._small = rules.small_group
        self._bills = [bill for bill in facts.bills if bill.gemeente == gemeente]
        self._paid: dict[str, set[Month]] = defaultdict(set)  # months out of which something was paid that stands
        for bill in facts.bills:
            if any(attempt.stands(quarter.end) for attempt in bill.attempts):
                for client in bill.paid_by:
                    self._paid[client].add(bill.month)

    def rows(self) -> Iterator[FigureRow]:
        """The figures in the order of the report."""
        yield from self._trajectories()
        yield from self._extensions()
        yield from self._payments()
        yield from self._checklist()

    def _of(self, day: Callable[[TrajectoryHistory], date]) -> Iterator[TrajectoryHistory]:
        """The trajectories of people who lived in this gemeente on their own day of counting."""
        return (j for j in self._facts.histories if j.person.at(day(j)).gemeente == self._gemeente)

    def _running(self, day: date) -> list[TrajectoryHistory]:
        return [history for history in self._of(lambda _: day) if history.runs(day)]

    def _trajectories(self) -> Iterator[FigureRow]:
        start, end = self._quarter.start, self._quarter.end
        before = self._running(start - timedelta(days=1))
        started = [j for j in self._of(lambda j: j.started) if self._quarter.has(j.started)]
        running = self._running(end)
        ended = [j for j in self._of(_last_day) if j.ended is not None and self._quarter.has(j.ended)]
        flow = Flow(*(_clients(found) for found in (before, started, ended, running)))
        came, went, after = flow.marks(self._small)
        yield from self._figure("started", flow.came, came, self._by_ground_and_age(started, lambda j: j.started))
        yield from self._figure("running", flow.after, after, self._by_ground_and_age(running, lambda _: end))
        used = {id(history): self._months_used(history) for history in ended}
        parts = {
            "reason": _groups(ended, REASONS, _reason),
            **self._by_ground_and_age(ended, _last_day),
            "months": _groups(ended, MONTH_BANDS, lambda j: _band(used[id(j)])),
            "arrears_after": _groups(ended, ARREARS, lambda j: j.arrears(self._rules.known_until)),
        }
        yield from self._figure("ended", flow.went, went, parts)
        months = Counter[str]()
        for history in ended:
            months[history.client] += used[id(history)]
        yield self._share("months_used", "total", "total", months, flow.went, MONTHS, went)
        custom = divided(went, parts["reason"], self._small)[EarlyReason.CUSTOM]
        yield from self._overrides(ended, custom)

    def _by_ground_and_age(
        self, found: Sequence[TrajectoryHistory], day: Callable[[TrajectoryHistory], date]
    ) -> Division:
        months = self._rules.art_56a_months
        return {
            "ground": _groups(found, GROUNDS, lambda j: j.person.ground(day(j), months)),
            "age": _groups(found, AGES, lambda j: j.person.age_group(day(j))),
        }

    def _months_used(self, history: TrajectoryHistory) -> int:
        first, last = month_of(history.started), month_of(_last_day(history))
        return sum(first <= month <= last for month in self._paid[history.client])

    def _overrides(self, ended: Iterable[TrajectoryHistory], custom: Mark) -> Iterator[FigureRow]:
        """Where somebody went past the rules: apart, so that it stands out, and apart again where nobody said why."""
        by_hand = [history for history in ended if history.reason is EarlyReason.CUSTOM]
        waived = [
            (history.client, bool(made.waive_proof.strip()))
            for history in self._facts.histories
            for made in history.assessments
            if made.waive_proof is not None
            and self._quarter.has(made.assessed_on)
            and history.person.at(made.assessed_on).gemeente == self._gemeente
        ]
        ends = _clients(by_hand)
        unexplained = _clients(history for history in by_hand if not history.explained)
        yield FigureRow("overrides", "end_maatwerk", "total", ends.value, custom, ends.cases)
        mark = alone(unexplained, self._small) if custom is Mark.OPEN else custom
        yield FigureRow("overrides", "end_maatwerk", "unexplained", unexplained.value, mark, unexplained.cases)
        for group, counted in (
            ("total", tally(client for client, _ in waived)),
            ("unexplained", tally(client for client, explained in waived if not explained)),
        ):
            yield FigureRow(
                "overrides", "proof_waived", group, counted.value, alone(counted, self._small), counted.cases
            )

    def _extensions(self) -> Iterator[FigureRow]:
        added = [
            (person.client, segment.ground.value)
            for person in self._facts.people
            for segment in person.added
            if self._quarter.has(segment.start) and person.at(segment.start).gemeente == self._gemeente
        ]
        kinds = [ground.value for ground in Ground if ground is not Ground.ART_56A]
        parts = {kind: tally(client for client, ground in added if ground == kind) for kind in kinds}
        yield from self._lone("extensions", tally(client for client, _ in added), {"ground": parts})

    def _payments(self) -> Iterator[FigureRow]:
        end, has = self._quarter.end, self._quarter.has
        bills = [bill for bill in self._bills if has(bill.counts_on)]
        due = tally(bill.client for bill in bills)
        on_time = tally(bill.client for bill in bills if bill.on_time(end))
        yield from self._lone("payments_due", due, {})
        yield self._share("paid_on_time", "total", "total", on_time.cases, due, PERCENT, alone(due, self._small))
        months = [run for run in self._facts.month_runs if run.gemeente == self._gemeente and has(run.counts_on)]
        yield from self._lone("shortages", tally(client for run in months for client in run.short(end)), {})
        parts = {
            "returned": tally(b.client for b in self._bills for a in b.attempts if a.returned and has(a.returned)),
            "rejected": tally(b.client for b in self._bills for a in b.attempts if a.rejected and has(a.rejected)),
        }
        total = tally(client for part in parts.values() for client, count in part.cases.items() for _ in range(count))
        yield from self._lone("returns", total, {"kind": parts})

    def _checklist(self) -> Iterator[FigureRow]:
        """Everyone whose trajectory ran in the quarter and who was assessed by its end, on the newest answers."""
        end = self._quarter.end
        here = [j for j in self._of(lambda j: min(end, j.ended or end)) if j.started <= end]
        found: list[tuple[str, Assessment]] = []
        for history in here:
            if history.ended is None or history.ended >= self._quarter.start:
                judged = history.assessed(end, self._rules.checklists)
                found += [] if judged is None else [(history.client, judged)]
        assessed = tally(client for client, _ in found)
        verdicts = {v.value: tally(client for client, judged in found if judged.verdict is v) for v in Verdict}
        yield from self._lone("assessed", assessed, {"verdict": verdicts})
        mark = alone(assessed, self._small)
        for code in dict.fromkeys(i.code for checklist in self._rules.checklists.values() for i in checklist.items):
            outcomes = [(client, o.level) for client, judged in found for o in judged.outcomes if o.code == code]
            met, asked = tally(c for c, level in outcomes if level >= 1), tally(c for c, _ in outcomes)
            yield self._share("checklist_met", "item", code, met.cases, asked, PERCENT, mark)

    def _lone(self, figure: str, total: Tally, divisions: Division) -> Iterator[FigureRow]:
        return self._figure(figure, total, alone(total, self._small), divisions)

    def _figure(self, figure: str, total: Tally, mark: Mark, divisions: Division) -> Iterator[FigureRow]:
        yield FigureRow(figure, "total", "total", total.value, mark, total.cases)
        for kind, parts in divisions.items():
            marks = divided(mark, parts, self._small)
            for group, part in parts.items():
                yield FigureRow(figure, kind, group, part.value, marks[group], part.cases)

    def _share(
        self, figure: str, kind: str, group: str, cases: Mapping[str, int], of: Tally, scale: int, mark: Mark
    ) -> FigureRow:
        """A share in tenths, rounded down, so that 100,0% is everyone; hidden with the total it is a share of."""
        counted = sum(cases.values())
        value = scale * counted // of.value if of.value else None
        return FigureRow(
            figure, kind, group, value, alone(of, self._small) if mark is Mark.OPEN else mark, cases, of.cases
        )


def _clients(histories: Iterable[TrajectoryHistory]) -> Tally:
    return tally(history.client for history in histories)


def _groups(
    found: Sequence[TrajectoryHistory], names: Sequence[str], group: Callable[[TrajectoryHistory], str]
) -> dict[str, Tally]:
    grouped = [(history, group(history)) for history in found]
    return {name: _clients(history for history, own in grouped if own == name) for name in names}


def _reason(history: TrajectoryHistory) -> str:
    return history.reason.value if history.reason else REGULAR


def _last_day(history: TrajectoryHistory) -> date:
    """The day by which an end is counted; of a trajectory that runs on, its first day stands in."""
    return history.ended or history.started


def _band(months: int) -> str:
    limits = zip((6, 9, 12), MONTH_BANDS, strict=False)
    return next((band for limit, band in limits if months <= limit), MONTH_BANDS[-1])
