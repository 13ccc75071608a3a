"""A generator of input of any size: lifelike households, and the same bytes for the same seed.

A household is drawn and written before the next one, so that a hundred thousand clients need no memory.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from flows.rehearsal.invented_data import (
    BANKS,
    ENERGY,
    INSURERS,
    LANDLORDS,
    ORIGINS,
    PLACES,
    WATER,
    InventedHousehold,
    Norm,
    betalingskenmerk,
    invented_iban,
    paid_monthly,
    part_of_month,
    rf_reference,
    write_input,
)
from payments.money import split_evenly
from payments.month import Month, add_months, first_day, last_day, month_of
from payments.parties import (
    BenefitRecord,
    Category,
    Client,
    Component,
    Creditor,
    DeductionKind,
    Frequency,
    Obligation,
    ResidenceGround,
)
from payments.references import ReferenceType

_OUT_OF_SCOPE = (ResidenceGround.ASYLUM_INDEFINITE, ResidenceGround.REGULAR, ResidenceGround.OTHER)


def invent(clients: int, month: Month, seed: int, out: Path, gemeenten: Sequence[str]) -> list[Path]:
    """Write registers and benefits of exactly so many invented clients, spread over the gemeenten."""
    if clients < 1 or not gemeenten:
        raise ValueError("needs at least one client and one gemeente")
    chance = random.Random(seed)  # noqa: S311 - lifelike and repeatable is the aim, nothing here is secret
    payees = _Payees(chance, clients)
    inventor = _Inventor(chance, month, gemeenten, payees)
    return write_input(out, month, payees.every, inventor.households(clients))


class _Payees:
    """The creditors: some large landlords and many small ones, few companies of each other kind."""

    def __init__(self, chance: random.Random, clients: int) -> None:
        self._chance = chance
        self.every: list[Creditor] = []
        small = min(400, 5 + clients // 100)
        large = min(40, 5 + clients // 500)
        self.associations = [
            self._add(f"Woonstichting {place}", Category.RENT, kind)
            for place, kind in self._named(PLACES, large, (ReferenceType.FREE, ReferenceType.FREE, ReferenceType.RF))
        ]
        self.private = [
            self._add(f"{chr(65 + number % 26)}. {name} Verhuur", Category.RENT, ReferenceType.FREE)
            for number, (name, _) in enumerate(self._named(LANDLORDS, small, (ReferenceType.FREE,)))
        ]
        kinds = (ReferenceType.FREE, ReferenceType.BETALINGSKENMERK)
        self.energy = [self._add(name, Category.ENERGY, kind) for name, kind in self._named(ENERGY, len(ENERGY), kinds)]
        self.water = [self._add(name, Category.WATER, kinds[1]) for name in WATER]
        self.insurers = [
            self._add(f"Zorgverzekeraar {name}", Category.HEALTH_INSURANCE, kind)
            for name, kind in self._named(INSURERS, len(INSURERS), kinds)
        ]
        self.premiums = {insurer.creditor: chance.randrange(14_200, 18_501, 5) for insurer in self.insurers}
        self.quarterly = self.water[0].creditor

    @staticmethod
    def _named(names: Sequence[str], count: int, kinds: Sequence[ReferenceType]) -> Iterator[tuple[str, ReferenceType]]:
        for number in range(count):
            again, place = divmod(number, len(names))
            yield names[place] + (f" {again + 1}" if again else ""), kinds[number % len(kinds)]

    def _add(self, name: str, category: Category, kind: ReferenceType) -> Creditor:
        iban = invented_iban(self._chance.choice(BANKS), self._chance.randrange(10**8, 9 * 10**8))
        self.every.append(Creditor(f"S{len(self.every) + 1:04d}", name, iban, category, kind))
        return self.every[-1]

    def landlord(self) -> Creditor:
        """Three of four rent from an association."""
        return self._chance.choice(self.associations if self._chance.randrange(4) else self.private)


class _Inventor:
    """Draws one household after the other; all chance comes from one seeded source, in a fixed order."""

    def __init__(self, chance: random.Random, month: Month, gemeenten: Sequence[str], payees: _Payees) -> None:
        self.chance = chance
        self.month = month
        self.gemeenten = gemeenten
        self.payees = payees
        self.norms = paid_monthly(month)
        self.payday = first_day(month) + timedelta(days=24)
        self.clients = self.obligations = self.benefits = 0

    def households(self, clients: int) -> Iterator[InventedHousehold]:
        """Households of so many clients: of these 60% live alone, 30% with a partner, and 10% are 18 to 20."""
        number = 0
        while self.clients < clients:
            number += 1
            kind = self.chance.randrange(85)  # a couple is two clients: 60, 15 and 10 of 85 households
            if kind < 60:
                yield self._household(number, [self.norms[Norm.SINGLE]], 0)
            elif kind < 75 and clients - self.clients > 1:
                yield self._household(number, split_evenly(self.norms[Norm.COUPLE], 2), 0)
            else:
                yield self._household(number, [self.norms[Norm.SINGLE_18_20]], 100 * self.chance.randrange(450, 901))

    def _happens(self, in_thousand: int) -> bool:
        return self.chance.randrange(1000) < in_thousand

    def _household(self, number: int, norms: Sequence[int], top_up: int) -> InventedHousehold:
        gemeente = self.chance.choice(self.gemeenten)
        origin = self.chance.choice(ORIGINS)
        right_from = self._right_from()
        members = [
            self._client(gemeente, f"H{number:06d}", origin, right_from, young=top_up > 0) for _ in range(len(norms))
        ]
        obligations = self._shared(members[0], young=top_up > 0)
        for member in members:
            insurer = self.chance.choice(self.payees.insurers)
            obligations.append(self._obligation(member, insurer, self.payees.premiums[insurer.creditor]))
        benefits = [line for m, norm in zip(members, norms, strict=True) for line in self._granted(m, norm, top_up)]
        return InventedHousehold(members, obligations, benefits)

    def _right_from(self) -> date:
        """Mostly a day within the six months before payday; some just started, some too late, some long ago."""
        drawn = self.chance.randrange(1000)
        if drawn < 30:
            return first_day(self.month) + timedelta(days=self.chance.randrange(1, 16))
        if drawn < 40:
            return first_day(self.month) + timedelta(days=self.chance.randrange(25, 28))
        if drawn < 60:
            return self.payday - timedelta(days=self.chance.randrange(190, 300))
        return self.payday - timedelta(days=self.chance.randrange(25, 179))

    def _client(
        self,
        gemeente: str,
        household: str,
        origin: tuple[str, Sequence[str], Sequence[str]],
        right_from: date,
        *,
        young: bool,
    ) -> Client:
        chance = self.chance
        self.clients += 1
        language, given, family = origin
        age = 19 if young else chance.randrange(22, 60)
        decided = right_from + timedelta(days=chance.randrange(1, 3))
        out_of_scope = self._happens(10)
        decision = None if self._happens(5) else f"PW-{self.month[:4]}-{self.clients:06d}"
        ended = self._happens(5) and month_of(right_from) < self.month
        return Client(
            client=f"{self.clients:07d}",
            gemeente=gemeente,
            name=f"{chance.choice(given)} {chance.choice(family)}",
            household=household,
            birth_date=date(right_from.year - age, chance.randrange(1, 13), chance.randrange(1, 29)),
            right_from=right_from,
            right_until=first_day(self.month) + timedelta(days=chance.randrange(15)) if ended else None,
            residence_ground=chance.choice(_OUT_OF_SCOPE) if out_of_scope else ResidenceGround.ASYLUM_DEFINITE,
            must_integrate=not out_of_scope,
            decision=decision,
            decision_date=decided if decision else None,
            mandate_date=None if self._happens(8) else decided + timedelta(days=chance.randrange(3)),
            iban=None if self._happens(50) else invented_iban(chance.choice(BANKS), chance.randrange(10**8, 9 * 10**8)),
            language=language,
        )

    def _shared(self, member: Client, *, young: bool) -> list[Obligation]:
        """Rent, energy and water: once per household, on its first member."""
        chance, payees = self.chance, self.payees
        rents = (38_000, 52_000) if young else (58_000, 74_000)
        obligations = [self._obligation(member, payees.landlord(), chance.randrange(*rents))]
        if month_of(member.right_from) < self.month and self._happens(
            20
        ):  # moved: the old rent ends where the new begins
            new = self._obligation(member, payees.landlord(), chance.randrange(*rents))
            obligations = [
                replace(obligations[0], last_covered=self.month),
                replace(new, first_covered=add_months(self.month, 1)),
            ]
        if not self._happens(20):  # some rents include it
            obligations.append(self._obligation(member, chance.choice(payees.energy), 100 * chance.randrange(85, 167)))
        if not self._happens(20):
            company, a_month = chance.choice(payees.water), chance.randrange(1_000, 2_501, 25)
            quarterly = company.creditor == payees.quarterly
            obligations.append(self._obligation(member, company, a_month * (3 if quarterly else 1)))
        return obligations

    def _obligation(self, member: Client, payee: Creditor, cents: int) -> Obligation:
        """A fixed cost that the client's first whole month after the start of the right is the first to cover."""
        self.obligations += 1
        return Obligation(
            obligation=f"VL-{self.obligations:07d}",
            client=member.client,
            creditor=payee.creditor,
            category=payee.category,
            amount_cents=cents,
            reference=self._reference(payee.reference_type),
            first_covered=add_months(month_of(member.right_from), 1),
            last_covered=None,
            frequency=Frequency.QUARTERLY if payee.creditor == self.payees.quarterly else Frequency.MONTHLY,
        )

    def _reference(self, kind: ReferenceType) -> str:
        """Seven digits at most in free text: nine could be taken for somebody's BSN."""
        if kind is ReferenceType.BETALINGSKENMERK:
            return betalingskenmerk(self.chance.randrange(10**11, 10**14))
        number = f"{self.chance.choice('ACDHKNP')}{self.chance.randrange(100_000, 10_000_000)}"
        return rf_reference(number) if kind is ReferenceType.RF else number

    def _granted(self, member: Client, norm: int, top_up: int) -> Iterator[BenefitRecord]:
        """The benefit lines of the month: most have one, some are lowered or suspended, a few clients have none."""
        chance = self.chance
        if self._happens(5):
            return
        cents, deducted = norm, 0
        if month_of(member.right_from) == self.month:
            cents = part_of_month(norm, member.right_from, last_day(self.month))
        elif self._happens(15):
            cents = norm * chance.randrange(50, 90) // 100
            deducted = norm - cents
        suspended = self._happens(10)
        yield self._line(member, Component.REGULAR, cents, suspended=suspended)
        if top_up:
            yield self._line(member, Component.TOP_UP, top_up, suspended=suspended)
        for component, in_thousand in (
            (Component.ADVANCE, 10),
            (Component.BACK_PAYMENT, 20),
            (Component.CORRECTION, 5),
        ):
            if self._happens(in_thousand):
                yield self._line(member, component, chance.randrange(1_500, 60_000), suspended=False)
        if deducted:
            kind = DeductionKind.SEIZURE if deducted % 2 else DeductionKind.MEASURE
            yield replace(self._line(member, Component.DEDUCTION, deducted, suspended=suspended), deduction=kind)

    def _line(self, member: Client, component: Component, cents: int, *, suspended: bool) -> BenefitRecord:
        self.benefits += 1
        reference = f"U{self.month}-{self.benefits:07d}"
        return BenefitRecord(reference, member.client, self.month, component, cents, suspended)
