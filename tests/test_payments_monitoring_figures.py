"""The figures for council and CBS: counted by hand, traced to clients, and safe for the few among the many."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.factories import a_client, an_obligation

from config.checklist import load_checklists
from payments.dossier.case import AssessmentMade, EarlyReason, Event, EventKind
from payments.dossier.checklist import Answer, OwnPayment
from payments.monitoring.figures import Facts, FigureRow, FigureRules, Quarter, figures, quarters
from payments.monitoring.histories import Attempt, Bill, MonthRun, OwnCost, Person, TakenBack, TrajectoryHistory
from payments.monitoring.small_groups import Flow, Mark, Tally, alone, divided, tally
from payments.parties import Category
from payments.plan.grounds import Ground, Segment

Q4 = Quarter("2026-Q4", "2026-10", "2026-12")
Q1 = Quarter("2027-Q1", "2027-01", "2027-03")
CHECKLISTS = {checklist.version: checklist for checklist in load_checklists().versions}
RULES = FigureRules(5, 6, CHECKLISTS, Q4.end)
VERSION = next(iter(CHECKLISTS))
K = RULES.small_group

Values = dict[tuple[str, str, str], int | None]


def a_person(client: str, *, added: tuple[Segment, ...] = (), events: tuple[Event, ...] = (), **changes: Any) -> Person:
    return Person(client, (("", a_client(client, **changes)),), events, added=added)


def a_history(
    client: str, start: date, end: date | None = None, reason: EarlyReason | None = None, **more: Any
) -> TrajectoryHistory:
    person = more.pop("person", None) or a_person(client, right_from=start)
    return TrajectoryHistory(person, start, end, reason, **more)


def happened(kind: EventKind, on_day: date, sequence: int = 1) -> Event:
    return Event(sequence, kind, on_day, "gezien", None, "rosa", "2026-12-01T12:00:00+01:00")


def a_bill(client: str, category: Category, covers: str, *attempts: Attempt, **changes: Any) -> Bill:
    fields: dict[str, Any] = {
        "gemeente": "assen",
        "client": client,
        "paid_by": (client,),
        "category": category,
        "covers": covers,
        "month": "2026-11",
        "decided": date(2026, 11, 25),
        "attempts": attempts,
    }
    return Bill(**fields | changes)


def sent(booked: date | None = None, returned: date | None = None, rejected: date | None = None) -> Attempt:
    return Attempt(date(2026, 11, 25), booked, returned, rejected)


def an_assessment(
    on: date, answers: Mapping[str, bool | int], waive: str | None = None, sequence: int = 1
) -> AssessmentMade:
    said = {c: Answer(a, None, "x") if isinstance(a, bool) else Answer(None, a, "x") for c, a in answers.items()}
    return AssessmentMade(sequence, on, VERSION, waive, said, "rosa")


def count(facts: Facts, quarter: Quarter = Q4, rules: FigureRules = RULES) -> list[FigureRow]:
    return figures(facts, "assen", quarter, rules)


def values(rows: list[FigureRow]) -> Values:
    return {(row.figure, row.kind, row.group): row.value for row in rows}


def groups(rows: list[FigureRow], figure: str, kind: str) -> dict[str, int | None]:
    """The groups of one figure that are not zero."""
    return {row.group: row.value for row in rows if (row.figure, row.kind) == (figure, kind) and row.value}


def test_quarters_are_those_of_the_calendar_and_say_when_they_are_cut() -> None:
    found = quarters("2026-08", "2027-01")
    assert [(q.name, q.first, q.last, q.whole) for q in found] == [
        ("2026-Q3", "2026-08", "2026-09", False),
        ("2026-Q4", "2026-10", "2026-12", True),
        ("2027-Q1", "2027-01", "2027-01", False),
    ]


# --- counted by hand -------------------------------------------------------------------------------------------------


def town() -> Facts:
    """Ten people of Assen and one of Tynaarlo in the last quarter of 2026."""
    autumn, spring = date(2026, 10, 15), date(2026, 3, 1)
    young = a_person("10001", right_from=autumn, birth_date=date(2007, 1, 2))  # 19
    grown = a_person(
        "10002",
        right_from=date(2026, 1, 5),
        birth_date=date(2005, 12, 31),  # 20, and 21 on the last day
        added=(Segment(Ground.ART_57, date(2026, 11, 1), date(2027, 1, 31), "B-57"),),
    )
    voluntary = Segment(Ground.VOLUNTARY, date(2026, 9, 1), date(2026, 12, 31), "B-V")
    late = a_person("10009", right_from=spring, added=(voluntary,))
    owed = a_person(
        "10006",
        right_from=spring,
        events=(happened(EventKind.ARREARS, date(2026, 11, 20)), happened(EventKind.NO_ARREARS, date(2026, 12, 20), 2)),
    )
    waived = an_assessment(date(2026, 12, 1), {"digid": True, "pays_on_time": 2}, waive="woont bij familie")
    histories = [
        a_history("10001", autumn, person=young),
        a_history("10002", date(2026, 1, 5), person=grown),
        a_history("10003", autumn),
        a_history("10004", date(2026, 12, 31), assessments=(waived,)),
        a_history("10005", spring, date(2026, 10, 1), explained=True),
        a_history("10006", spring, date(2026, 10, 31), person=owed),
        a_history("10007", autumn, date(2026, 11, 5), EarlyReason.RIGHT_ENDED),
        a_history("10008", autumn, date(2026, 12, 31), EarlyReason.CUSTOM),
        a_history("10009", spring, date(2026, 12, 15), EarlyReason.CUSTOM, person=late, explained=True),
        a_history("10010", spring, date(2026, 9, 30)),  # the quarter before
        a_history("20001", autumn, person=a_person("20001", right_from=autumn, gemeente="tynaarlo")),
    ]
    on_the_day = sent(booked=date(2026, 12, 1))
    bills = [
        a_bill("10001", Category.RENT, "2026-12", on_the_day),
        a_bill("10002", Category.RENT, "2026-12", sent(booked=date(2026, 12, 2))),  # a day late
        a_bill("10003", Category.ENERGY, "2026-12", sent(booked=date(2026, 12, 31))),  # due at the end of its month
        a_bill("10003", Category.HEALTH_INSURANCE, "2026-12", on_the_day),
        a_bill("10009", Category.RENT, "2026-12", sent(booked=date(2026, 11, 25), returned=date(2026, 11, 28))),
        a_bill("10009", Category.WATER, "2026-12", sent(rejected=date(2026, 11, 25)), sent(booked=date(2026, 12, 30))),
        a_bill("10001", Category.RENT, "2027-01", sent(), month="2026-12"),  # due next quarter
    ]
    short = (date(2026, 11, 25), frozenset({"10001", "10002"})), (date(2026, 12, 9), frozenset({"10002"}))
    return Facts(histories, bills, [MonthRun("assen", "2026-11", short)])


def test_a_quarter_counted_by_hand() -> None:
    rows = count(town())
    found = values(rows)
    assert found["started", "total", "total"] == 5  # 1, 3, 4, 7, 8
    assert groups(rows, "started", "age") == {"18-20": 1, "21+": 4}
    assert found["running", "total", "total"] == 4  # 1, 2, 3, 4; 8 ended on the last day itself
    assert groups(rows, "running", "ground") == {"ART_56A": 3, "ART_57": 1}
    assert groups(rows, "running", "age") == {"18-20": 1, "21+": 3}
    assert found["ended", "total", "total"] == 5
    assert groups(rows, "ended", "reason") == {"regular": 2, "right_ended": 1, "maatwerk": 2}
    assert groups(rows, "ended", "ground") == {"ART_56A": 2, "VRIJWILLIG": 1, "geen": 2}
    assert groups(rows, "ended", "arrears_after") == {"no": 1, "unknown": 4}
    assert groups(rows, "ended", "months") == {"<=6": 5}
    assert found["months_used", "total", "total"] == 2  # one month, of 10009, over five people: 0,2
    assert groups(rows, "overrides", "end_maatwerk") == {"total": 2, "unexplained": 1}
    assert groups(rows, "overrides", "proof_waived") == {"total": 1}
    assert groups(rows, "extensions", "ground") == {"ART_57": 1}  # the voluntary one began the quarter before
    assert found["payments_due", "total", "total"] == 6
    assert found["paid_on_time", "total", "total"] == 666  # 4 of 6
    assert found["shortages", "total", "total"] == 1  # the newest run of the month
    assert groups(rows, "returns", "kind") == {"returned": 1, "rejected": 1}
    assert found["assessed", "total", "total"] == 1
    assert groups(rows, "assessed", "verdict") == {"not_passed": 1}
    assert found["checklist_met", "item", "digid"] == 1000
    assert found["checklist_met", "item", "budget"] == 0


def test_each_gemeente_has_figures_of_its_own() -> None:
    rows = figures(town(), "tynaarlo", Q4, RULES)
    assert {(row.figure, row.kind, row.group): row.value for row in rows if row.value} == {
        ("started", "total", "total"): 1,
        ("started", "ground", "ART_56A"): 1,
        ("started", "age", "21+"): 1,
        ("running", "total", "total"): 1,
        ("running", "ground", "ART_56A"): 1,
        ("running", "age", "21+"): 1,
    }


def test_every_figure_can_be_traced_to_the_clients_it_is_about() -> None:
    rows = count(town())
    for row in rows:
        counted = sum(row.cases.values())
        if row.of is None:
            assert row.value == counted, row
        elif row.value is not None:
            scale = 10 if row.figure == "months_used" else 1000
            assert row.value == scale * counted // sum(row.of.values()), row
    cases = {(row.figure, row.kind, row.group): dict(row.cases) for row in rows}
    assert cases["ended", "reason", "maatwerk"] == {"10008": 1, "10009": 1}
    assert cases["payments_due", "total", "total"] == {"10001": 1, "10002": 1, "10003": 2, "10009": 2}


def test_parts_add_up_to_their_total() -> None:
    rows = count(town())
    found = values(rows)
    for figure in ("started", "running", "ended", "extensions", "returns", "assessed"):
        for kind in {row.kind for row in rows if row.figure == figure} - {"total"}:
            parts = [row.value or 0 for row in rows if (row.figure, row.kind) == (figure, kind)]
            assert sum(parts) == found[figure, "total", "total"], (figure, kind)


def test_months_used_are_those_between_start_and_end_that_reached_the_bank() -> None:
    months = [f"2026-{number:02d}" for number in range(1, 13)]
    bills = [a_bill("10001", Category.RENT, "2027-06", sent(), month=month) for month in months]
    unsent = Attempt(None, None, None, None)
    bills = [b if b.month != "2026-05" else replace(b, attempts=(unsent,)) for b in bills]
    history = a_history("10001", date(2026, 2, 10), date(2026, 11, 3))  # February up to November
    rows = count(Facts([history], bills, []))
    assert values(rows)["months_used", "total", "total"] == 90  # not May
    assert groups(rows, "ended", "months") == {"7 t/m 9": 1}


def test_a_payment_that_was_made_only_after_its_due_day_is_late_in_the_quarter_in_which_it_was_made() -> None:
    decided = date(2027, 1, 9)
    made = Attempt(decided, decided, None, None)
    facts = Facts([], [a_bill("10001", Category.RENT, "2026-12", made, decided=decided)], [])
    assert values(count(facts))["payments_due", "total", "total"] == 0
    later = values(count(facts, Q1))
    assert (later["payments_due", "total", "total"], later["paid_on_time", "total", "total"]) == (1, 0)


def test_a_refused_payment_that_the_bank_booked_all_the_same_is_paid() -> None:
    attempt = sent(booked=date(2026, 11, 27), rejected=date(2026, 11, 26))
    rows = count(Facts([], [a_bill("10001", Category.RENT, "2026-12", attempt)], []))
    assert values(rows)["paid_on_time", "total", "total"] == 1000
    assert groups(rows, "returns", "kind") == {"rejected": 1}


def test_who_moved_is_counted_where_they_lived_on_the_day_that_counts() -> None:
    here = a_client("10001", right_from=date(2026, 10, 1))
    person = Person("10001", (("", here), ("2026-12", replace(here, gemeente="tynaarlo"))))
    facts = Facts([TrajectoryHistory(person, date(2026, 10, 1), date(2026, 11, 30), EarlyReason.MOVED)], [], [])
    found = values(count(facts))
    assert (found["started", "total", "total"], found["ended", "total", "total"]) == (1, 1)
    assert not any(row.value for row in figures(facts, "tynaarlo", Q4, RULES))


def test_the_books_judge_the_checklist_as_they_stood_at_the_end_of_the_quarter() -> None:
    rent = OwnCost((("", an_obligation("VL-1", "10001")),), date(2026, 12, 31), ())
    energy = OwnCost((("", an_obligation("VL-2", "10001", category=Category.ENERGY)),), date(2027, 1, 1), ())
    settled = ((date(2026, 12, 1), date(2026, 12, 31)),)
    person = replace(a_person("10001"), costs=(rent, energy), exceptions=settled)
    made = an_assessment(date(2026, 12, 1), {"no_arrears": True})
    history = TrajectoryHistory(person, date(2026, 9, 1), assessments=(made,))
    found = values(count(Facts([history], [], [])))
    met = {code: found["checklist_met", "item", code] for code in ("pay_rent", "pay_energy", "no_arrears")}
    assert met == {"pay_rent": 1000, "pay_energy": 0, "no_arrears": 1000}
    still_open = replace(person, exceptions=((date(2026, 12, 1), date(2027, 1, 1)),))
    found = values(count(Facts([replace(history, person=still_open)], [], [])))
    assert found["checklist_met", "item", "no_arrears"] == 0


def test_a_cost_that_was_taken_back_is_nobodys_proof_until_it_is_handed_over_again() -> None:
    """Handed over on 1 January, taken back from March on 10 March, the client's again from June by word of 20 May."""
    back = TakenBack(date(2027, 3, 10), "2027-03", date(2027, 5, 20))
    seen = [(date(2027, month, 5), OwnPayment("VL-1", f"2027-0{month}", True, 1)) for month in (1, 2, 6)]
    rent = OwnCost((("", an_obligation("VL-1", "10001")),), date(2027, 1, 1), tuple(seen), (back,))
    days = [date(2026, 12, 31), date(2027, 3, 9), date(2027, 3, 10), date(2027, 5, 20), date(2027, 6, 5)]
    assert [rent.handed(day) for day in days] == [False, True, False, True, True]
    counted = [[proof.covers for proof in rent.seen(day)] for day in days]
    assert counted == [[], ["2027-01", "2027-02"], [], [], ["2027-06"]]


# --- the same period, the same figures -------------------------------------------------------------------------------


def afterwards(facts: Facts) -> Facts:
    """The same town with a great deal that happened in the next quarter."""
    later = date(2027, 1, 10)
    histories = []
    for history in facts.histories:
        person = history.person
        register = person.versions[-1][1]
        moved = replace(register, gemeente="tynaarlo", right_from=date(2027, 1, 4), mandate_date=None)
        person = replace(
            person,
            versions=(*person.versions, ("2027-01", moved)),
            events=(
                *person.events,
                happened(EventKind.ARREARS, later, 8),
                happened(EventKind.RIGHT_ENDED, later, 9),
                happened(EventKind.MANDATE_REVOKED, later, 10),
            ),
            right_ends=person.right_ends | {date(2027, 1, 3)},
            added=(*person.added, Segment(Ground.CUSTOM, date(2027, 2, 1), date(2027, 3, 1), "B-M")),
            exceptions=((later, None),),
        )
        made = (*history.assessments, an_assessment(later, {"digid": False}, "later", 2))
        histories.append(replace(history, person=person, ended=history.ended or later, assessments=made))
    histories.append(a_history("10099", date(2027, 1, 1)))
    bills = [replace(b, attempts=tuple(_returned(a, later) for a in b.attempts)) for b in facts.bills]
    bills.append(a_bill("10001", Category.RENT, "2026-12", decided=later))
    month_runs = [replace(run, runs=(*run.runs, (later, frozenset({"10003"})))) for run in facts.month_runs]
    return Facts(histories, bills, [*month_runs, MonthRun("assen", "2026-12", ((later, frozenset({"10001"})),))])


def _returned(attempt: Attempt, day: date) -> Attempt:
    return attempt if attempt.returned or attempt.rejected else replace(attempt, returned=day)


def test_what_happens_later_changes_no_figure_of_the_quarter() -> None:
    before, after = count(town()), count(afterwards(town()))
    assert after == before
    assert count(afterwards(town()), Q1) != count(town(), Q1)  # it does change the next one


def test_the_order_in_which_the_books_are_read_changes_nothing() -> None:
    facts = town()
    backwards = Facts(facts.histories[::-1], facts.bills[::-1], facts.month_runs[::-1])
    assert count(backwards) == count(facts)


# --- small groups ----------------------------------------------------------------------------------------------------


def people(value: int) -> Tally:
    return tally(f"{number:05d}" for number in range(value))


def partition(sizes: list[int]) -> tuple[Tally, dict[str, Tally]]:
    """A total and its parts, each of people of its own."""
    keys = iter(range(1_000))
    parts = {f"g{place}": tally(f"{next(keys):05d}" for _ in range(size)) for place, size in enumerate(sizes)}
    return tally(client for part in parts.values() for client in part.cases), parts


@pytest.mark.parametrize(
    ("sizes", "published"),
    [
        ([9, 0, 7], "9 0 7"),
        ([12, 3], "x x"),  # one alone would be the total minus the other
        ([20, 6, 8, 2], "20 x 8 x"),  # with the next smallest
        ([20, 3, 2, 0], "20 <5 <5 0"),  # together they reach the limit
        ([20, 2, 1, 6], "20 x x x"),  # together they do not
        ([20, 4, 4, 0], "x x x x"),  # 8 of two below 5 is 4 and 4
        ([1, 1, 1, 1, 1], "x x x x x"),
        ([2, 0, 1], "<5 <5 <5"),  # of a small total nothing is shown
        ([0, 0], "0 0"),
    ],
)
def test_which_parts_are_hidden(sizes: list[int], published: str) -> None:
    total, parts = partition(sizes)
    marks = divided(alone(total, K), parts, K)
    shown = {Mark.SMALL: "<5", Mark.GUARDED: "x"}
    assert " ".join(shown.get(marks[g], str(part.value)) for g, part in parts.items()) == published


Bounds = tuple[int, int]
MANY = 10_000


def bounds_of(value: int, mark: Mark, *, zeros_shown: bool) -> Bounds:
    """What a reader knows of one cell at first sight."""
    if mark is Mark.OPEN:
        return value, value
    return int(zeros_shown), K - 1 if mark is Mark.SMALL else MANY


@dataclass
class Reader:
    """Somebody who computes with everything that is shown: cells with bounds, and sums that are known to be zero."""

    cells: dict[Any, Bounds]
    sums: list[dict[Any, int]]

    def think(self) -> None:
        changed = True
        while changed:
            changed = False
            for signs in self.sums:
                for cell, sign in signs.items():
                    changed |= self._narrow(cell, sign, {c: s for c, s in signs.items() if c != cell})

    def _narrow(self, cell: Any, sign: int, others: dict[Any, int]) -> bool:
        ends = [sorted((s * self.cells[c][0], s * self.cells[c][1])) for c, s in others.items()]
        low, high = -sum(e[1] for e in ends), -sum(e[0] for e in ends)
        if sign < 0:
            low, high = -high, -low
        old = self.cells[cell]
        self.cells[cell] = max(old[0], low), min(old[1], high)
        return self.cells[cell] != old

    def found_out(self, hidden: list[Any]) -> list[Any]:
        return [cell for cell in hidden if self.cells[cell][0] >= self.cells[cell][1]]


@given(st.lists(st.integers(0, 12), min_size=2, max_size=6))
def test_no_hidden_part_can_be_computed_from_the_total_and_the_other_parts(sizes: list[int]) -> None:
    total, parts = partition(sizes)
    whole = alone(total, K)
    marks = divided(whole, parts, K)
    assert all(marks[g] is not Mark.OPEN for g, part in parts.items() if 0 < part.value < K)
    zeros_shown = any(marks[g] is Mark.OPEN and part.value == 0 for g, part in parts.items())
    cells = {g: bounds_of(part.value, marks[g], zeros_shown=zeros_shown) for g, part in parts.items()}
    cells["total"] = bounds_of(total.value, whole, zeros_shown=True)
    reader = Reader(cells, [dict.fromkeys(parts, 1) | {"total": -1}])
    reader.think()
    assert reader.found_out([g for g in parts if marks[g] is not Mark.OPEN]) == []
    hidden = [parts[g].value for g in parts if marks[g] is not Mark.OPEN]
    if hidden and whole is Mark.OPEN:
        assert sum(hidden) >= K  # not even the group of all hidden ones is small


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_started_ended_and_running_give_none_of_each_other_away(before: int, came: int, went: int) -> None:
    went = min(went, before + came)
    sizes = {"before": before, "came": came, "went": went, "after": before + came - went}
    flow = Flow(**{name: people(size) for name, size in sizes.items()})
    marks = dict(zip(("came", "went", "after"), flow.marks(K), strict=True)) | {"before": alone(flow.before, K)}
    assert all(marks[name] is not Mark.OPEN for name, size in sizes.items() if 0 < size < K)
    cells = {name: bounds_of(size, marks[name], zeros_shown=marks[name] is Mark.SMALL) for name, size in sizes.items()}
    reader = Reader(cells, [{"before": 1, "came": 1, "went": -1, "after": -1}])
    reader.think()
    assert reader.found_out([name for name in sizes if marks[name] is not Mark.OPEN]) == []


DAYS = st.integers(0, 270).map(lambda days: date(2026, 6, 1) + timedelta(days=days))


@st.composite
def towns(draw: st.DrawFn) -> Facts:
    """Up to forty people over three quarters, of both ages and with every kind of end."""
    histories = []
    for number in range(draw(st.integers(0, 40))):
        start, lasts = draw(DAYS), draw(st.none() | st.integers(0, 200))
        end = None if lasts is None else start + timedelta(days=lasts)
        born = date(draw(st.sampled_from((1990, 2007))), 5, 4)
        reason = draw(st.sampled_from([None, *EarlyReason]))
        person = a_person(f"{number:05d}", right_from=start, birth_date=born)
        histories.append(TrajectoryHistory(person, start, end, reason, draw(st.booleans())))
    return Facts(histories, [], [])


@given(towns())
def test_no_hidden_cell_can_be_computed_from_a_whole_report(facts: Facts) -> None:
    cells: dict[Any, Bounds] = {}
    hidden, sums = [], []
    before: Any = None
    for quarter in quarters("2026-04", "2027-03"):
        rows = [row for row in count(facts, quarter) if row.figure in ("started", "running", "ended")]
        totals = {row.figure: row for row in rows if row.kind == "total"}
        for figure in totals:
            for kind in {row.kind for row in rows if row.figure == figure}:
                parts = [row for row in rows if (row.figure, row.kind) == (figure, kind)]
                zeros_shown = any(row.mark is Mark.OPEN and row.value == 0 for row in parts) or kind == "total"
                for row in parts:
                    lowest_one = zeros_shown and row.mark is Mark.SMALL
                    cell = (quarter.name, row.figure, row.kind, row.group)
                    cells[cell] = bounds_of(row.value or 0, row.mark, zeros_shown=lowest_one)
                    hidden += [cell] if row.mark is not Mark.OPEN else []
                if kind != "total":
                    whole = {(quarter.name, figure, "total", "total"): -1}
                    sums.append(whole | {(quarter.name, figure, kind, row.group): 1 for row in parts})
        stock, came, went = ((quarter.name, f, "total", "total") for f in ("running", "started", "ended"))
        if before is not None:
            sums.append({before: 1, came: 1, went: -1, stock: -1})
        before = stock
    reader = Reader(cells, sums)
    reader.think()
    assert reader.found_out(hidden) == []


def test_a_share_is_hidden_with_the_people_it_is_about() -> None:
    rows = count(town())
    marks = {(row.figure, row.kind, row.group): row.mark for row in rows}
    assert marks["paid_on_time", "total", "total"] is Mark.SMALL  # six payments of four people
    assert marks["checklist_met", "item", "digid"] is Mark.SMALL
    assert marks["months_used", "total", "total"] is marks["ended", "total", "total"]


def test_an_override_is_as_hidden_as_the_reason_it_repeats() -> None:
    histories = [a_history(f"{n:05d}", date(2026, 2, 1), date(2026, 10, 9)) for n in range(8)]
    histories += [a_history(f"1{n:04d}", date(2026, 2, 1), date(2026, 10, 9), EarlyReason.CUSTOM) for n in range(6)]
    histories += [a_history("20000", date(2026, 2, 1), date(2026, 10, 9), EarlyReason.DEATH)]
    marks = {(row.figure, row.kind, row.group): row.mark for row in count(Facts(histories, [], []))}
    assert marks["ended", "reason", "maatwerk"] is Mark.GUARDED  # it would give the one death away
    assert marks["overrides", "end_maatwerk", "total"] is Mark.GUARDED
    assert marks["overrides", "end_maatwerk", "unexplained"] is Mark.GUARDED
