"""The generator and the demonstration's input, read by the real readers and planned by the real planner."""

import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest

from config.settings import load_settings
from flows.rehearsal.demo_data import ART_57_CLIENT, ON_HOLD_CLIENT, STORIES, UNCONFIRMED_CREDITOR, write_demo_input
from flows.rehearsal.invent import invent
from flows.rehearsal.invented_data import betalingskenmerk, invented_iban, rf_reference
from payments.calendar import payday
from payments.charset import to_sepa
from payments.intake.benefits import read_benefits
from payments.intake.registers import read_clients, read_creditors, read_obligations
from payments.month import Month, first_day, last_day
from payments.parties import BenefitRecord, Category, Client, Component, Creditor, Frequency, Obligation
from payments.plan.grounds import Ground, HeldReason, Segment, segments_of
from payments.plan.planning import plan_month
from payments.plan.withholding import MonthFacts, Plan, Policy
from payments.references import betalingskenmerk_problem, contains_bsn, iban_problem, rf_problem

GEMEENTEN = ("assen", "aa-en-hunze", "tynaarlo")
MONTH = "2026-11"
MANY = 1_000
# 28 days; the earliest execution days there are (Easter, Christmas); a leap day; an ordinary one.
MONTHS = ("2027-02", "2011-04", "2022-12", "2028-02", MONTH)


@dataclass
class Input:
    month: Month
    creditors: dict[str, Creditor]
    clients: dict[str, Client]
    obligations: list[Obligation]
    benefits: list[BenefitRecord]

    def of(self, client: str) -> dict[Category, Obligation]:
        return {o.category: o for o in self.obligations if o.client == client}

    def lines(self, client: str) -> list[BenefitRecord]:
        return [line for line in self.benefits if line.client == client]


def read(paths: list[Path], month: Month) -> Input:
    """All four files through the readers that refuse anything odd."""
    content = {path.name: path.read_bytes() for path in paths}
    assert list(content) == ["creditors.csv", "clients.csv", "obligations.csv", f"benefits-{month}.csv"]
    creditors = {c.creditor: c for c in read_creditors(content["creditors.csv"], "creditors.csv")}
    clients = {c.client: c for c in read_clients(content["clients.csv"], "clients.csv", gemeenten=GEMEENTEN)}
    obligations = read_obligations(
        content["obligations.csv"], "obligations.csv", creditors=creditors, clients=clients.keys()
    )
    name = f"benefits-{month}.csv"
    benefits = read_benefits(content[name], name, clients=clients.keys(), ignore_unknown=False, month=month)
    return Input(month, creditors, clients, obligations, benefits.records)


def plan(given: Input, *, added: dict[str, Segment], unconfirmed: set[str], on_hold: set[str]) -> list[Plan]:
    """The month of each gemeente under the policy of the shipped example."""
    lines: dict[str, list[BenefitRecord]] = {}
    for line in given.benefits:
        lines.setdefault(line.client, []).append(line)
    plans = []
    for gemeente in load_settings().gemeenten.values():
        clients = [c for c in given.clients.values() if c.gemeente == gemeente.code]
        ours = {c.client for c in clients}
        facts = MonthFacts(
            month=given.month,
            execution_date=payday(given.month, gemeente.payday),
            policy=Policy(gemeente.offsets, gemeente.priority, gemeente.shortage_rule == "stop", 0),
            clients=clients,
            obligations=[o for o in given.obligations if o.client in ours],
            creditors=given.creditors,
            confirmed={(c.creditor, c.iban) for c in given.creditors.values() if c.creditor not in unconfirmed},
            benefits=lines,
            grounds={c.client: segments_of(c, [added[c.client]] if c.client in added else [], 6) for c in clients},
            on_hold=on_hold,
            ended={},
            earlier={},
            included_before={},
            handed_over={},
        )
        plans.append(plan_month(facts))
    return plans


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Input:
    return read(invent(MANY, MONTH, 7, tmp_path_factory.mktemp("town"), GEMEENTEN), MONTH)


@pytest.fixture(scope="module")
def town_plan(town) -> list[Plan]:
    return plan(town, added={}, unconfirmed=set(), on_hold=set())


@pytest.fixture(scope="module", params=MONTHS)
def demo(request, tmp_path_factory) -> Input:
    return read(write_demo_input(tmp_path_factory.mktemp("demo"), request.param), request.param)


# The generator.


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(tmp_path):
    first, again, other = (
        [path.read_bytes() for path in invent(50, MONTH, seed, tmp_path / name, GEMEENTEN)]
        for name, seed in (("first", 3), ("again", 3), ("other", 4))
    )
    assert first == again
    assert all(one != another for one, another in zip(first, other, strict=True))


@pytest.mark.parametrize("clients", [1, 2, 17])
def test_there_are_exactly_so_many_clients_as_asked_for(tmp_path, clients):
    assert len(read(invent(clients, MONTH, 1, tmp_path, ["assen"]), MONTH).clients) == clients


def test_the_readers_accept_every_month_of_a_year(tmp_path):
    for number in range(1, 13):
        month = f"2028-{number:02d}"
        assert len(read(invent(120, month, number, tmp_path / month, GEMEENTEN), month).clients) == 120


def test_without_clients_or_gemeenten_nothing_can_be_invented(tmp_path):
    with pytest.raises(ValueError, match="at least one"):
        invent(0, MONTH, 1, tmp_path, GEMEENTEN)
    with pytest.raises(ValueError, match="at least one"):
        invent(5, MONTH, 1, tmp_path, [])


def test_households_are_singles_couples_and_young_adults_about_as_often_as_in_life(town):
    sizes = Counter(Counter(c.household for c in town.clients.values()).values())
    young = {line.client for line in town.benefits if line.component is Component.TOP_UP}
    assert sizes.keys() == {1, 2}
    assert 200 < 2 * sizes[2] < 400
    assert 60 < len(young) < 150
    assert all(2026 - town.clients[client].birth_date.year in (18, 19, 20) for client in young)


def test_a_client_causes_three_to_four_payments_as_the_service_expects(town_plan):
    payments = sum(len(gemeente.payable) for gemeente in town_plan)
    assert 3 * MANY <= payments <= 4 * MANY


def test_most_clients_take_part_and_every_reason_not_to_occurs(town_plan):
    reasons = Counter(held.reason for gemeente in town_plan for held in gemeente.held)
    assert {reason.value for reason in reasons} == {
        *("not_in_scope", "right_not_started", "right_ended", "no_decision", "no_mandate", "no_ground"),
        *("no_benefit", "suspended"),
    }
    assert reasons.total() < MANY * 12 // 100
    assert any(gemeente.shortfalls for gemeente in town_plan)


def test_what_is_unusual_in_life_occurs_in_the_files(town):
    kinds = {town.creditors[o.creditor].reference_type for o in town.obligations}
    assert len(kinds) == 3
    assert {o.frequency for o in town.obligations} == {Frequency.MONTHLY, Frequency.QUARTERLY}
    assert {line.component for line in town.benefits} == set(Component)
    assert any(o.last_covered for o in town.obligations)
    assert any(c.iban is None for c in town.clients.values())
    assert {c.gemeente for c in town.clients.values()} == set(GEMEENTEN)
    assert sum(c.category is Category.RENT for c in town.creditors.values()) >= 20


def test_amounts_stay_within_what_the_example_calls_usual(town):
    usual = load_settings().gemeenten["assen"].usual_cents
    for obligation in town.obligations:
        low, high = usual[obligation.category]
        assert low <= obligation.amount_cents <= high


def test_no_reference_can_be_taken_for_a_bsn_and_every_name_can_be_paid(town):
    for obligation in town.obligations:
        if town.creditors[obligation.creditor].reference_type.value == "vrij":
            assert not contains_bsn(obligation.reference)
            assert sum(character.isdigit() for character in obligation.reference) <= 7
    names = [party.name for party in chain(town.clients.values(), town.creditors.values())]
    assert all(len(to_sepa(name)) <= 70 and unicodedata.is_normalized("NFC", name) for name in names)
    assert any(to_sepa(name) != name for name in names)


def test_invented_accounts_are_valid_and_can_be_of_nobody():
    for number in range(417_164_290, 417_164_320):
        iban = invented_iban("ABNA", number)
        assert iban_problem(iban) is None
        weighted = sum((10 - place) * int(digit) for place, digit in enumerate(iban[8:]))
        assert weighted % 11 != 0


def test_invented_references_have_the_check_digits_of_their_kind():
    for number in range(71_000_000_000, 71_000_000_060):
        assert betalingskenmerk_problem(betalingskenmerk(number)) is None
        assert rf_problem(rf_reference(f"H{number}")) is None


# The demonstration.


def test_the_demonstration_is_the_same_each_time(tmp_path):
    first = [path.read_bytes() for path in write_demo_input(tmp_path / "first", MONTH)]
    assert first == [path.read_bytes() for path in write_demo_input(tmp_path / "again", MONTH)]


def test_sixty_clients_with_names_of_their_own_live_in_the_three_gemeenten(demo):
    assert len(demo.clients) == 60
    assert len({c.name for c in demo.clients.values()}) == 60
    assert {c.gemeente for c in demo.clients.values()} == set(GEMEENTEN)
    assert STORIES.keys() <= demo.clients.keys()
    assert UNCONFIRMED_CREDITOR in demo.creditors


def test_every_story_ends_as_it_is_told(demo):
    start, end = first_day(demo.month), last_day(demo.month)
    plans = plan(
        demo,
        added={ART_57_CLIENT: Segment(Ground.ART_57, start, end, "PW-57")},
        unconfirmed={UNCONFIRMED_CREDITOR},
        on_hold={ON_HOLD_CLIENT},
    )
    held = {(h.client, h.obligation): h.reason for gemeente in plans for h in gemeente.held}
    assert held == {
        ("0010005", None): HeldReason.NO_MANDATE,
        ("0010006", None): HeldReason.NO_DECISION,
        ("0010007", None): HeldReason.NO_GROUND,
        ("0010009", "VL-0010009-H"): HeldReason.IBAN_UNCONFIRMED,
        ("0010010", "VL-0010010-H"): HeldReason.IBAN_UNCONFIRMED,
        ("0010015", None): HeldReason.SUSPENDED,
        ("0010016", None): HeldReason.NO_BENEFIT,
        ("0010018", None): HeldReason.NOT_IN_SCOPE,
        (ON_HOLD_CLIENT, None): HeldReason.ON_HOLD,
    }
    shortfalls = {(s.client, s.category) for gemeente in plans for s in gemeente.shortfalls}
    assert shortfalls == {("0010003", Category.HEALTH_INSURANCE), ("0010004", Category.HEALTH_INSURANCE)}

    paid = Counter(obligation.client for gemeente in plans for obligation, _, _ in gemeente.payable)
    assert (paid["0010001"], paid["0010002"]) == (4, 1)
    assert paid["0010003"] == paid["0010004"] == 3
    assert paid["0010009"] == paid["0010010"] == 3
    assert paid[ART_57_CLIENT] == paid["0010011"] == paid["0010017"] == paid["0010019"] == 4


def test_without_the_new_decision_the_art_57_client_would_not_be_paid(demo):
    plans = plan(demo, added={}, unconfirmed=set(), on_hold=set())
    held = {h.client: h.reason for gemeente in plans for h in gemeente.held}
    assert held[ART_57_CLIENT] is HeldReason.NO_GROUND


def test_the_files_hold_what_the_stories_tell(demo):
    one, other = demo.clients["0010001"], demo.clients["0010002"]
    assert one.household == other.household
    assert [demo.lines(c.client)[0].amount_cents for c in (one, other)] == [95_101, 95_101]
    assert demo.of(other.client).keys() == {Category.HEALTH_INSURANCE}
    assert demo.clients["0010003"].right_from == first_day(demo.month).replace(day=15)
    assert demo.of("0010011")[Category.WATER].frequency is Frequency.QUARTERLY
    assert len(demo.of("0010012")[Category.ENERGY].reference) == 16
    assert demo.of("0010013")[Category.RENT].reference.startswith("RF")
    assert to_sepa(demo.clients["0010014"].name) != demo.clients["0010014"].name
    assert [line.component for line in demo.lines("0010017")] == [Component.REGULAR, Component.TOP_UP]
    assert [line.component for line in demo.lines("0010019")] == [Component.REGULAR, Component.ADVANCE]
    assert {demo.of(c)[Category.RENT].creditor for c in ("0010009", "0010010")} == {UNCONFIRMED_CREDITOR}
