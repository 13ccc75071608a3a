"""Explain every line of a bank statement by our payments; what is not certain becomes an exception, never a guess.

The ladder, from certain to nothing: our EndToEndId; the EndToEndIds a batch mentions; our PmtInfId or MsgId with the
total; date and total of one file; account, amount and text of one payment. Debits go before credits, so a return
finds its booking whatever the order of the lines. A match consumes: a payment is booked once and returned once.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from payments.bank.fields import Direction
from payments.matching.model import ExceptionKind, Line, MatchOutcome, Reference, Sent, Unexplained
from payments.matching.our_numbers import looks_like_ours
from payments.states import PaymentState

BOOKED_WITHIN = timedelta(days=7)  # an execution date before a long weekend, and a bank that books afterwards
MOST_CANDIDATES = 20
_NEVER_SENT = (PaymentState.PLANNED, PaymentState.CANCELLED)


def match(lines: Iterable[Line], sent: Iterable[Sent], references: Iterable[Reference] = ()) -> MatchOutcome:
    """Explain the lines of one account; the order in which they are given does not matter."""
    matcher = _Matcher(sent, references)
    ordered = sorted(lines, key=lambda line: (line.booking_date, line.line_id))
    for line in ordered:
        if line.direction is Direction.DEBIT:
            matcher.debit(line)
    inward = [line for line in ordered if line.direction is Direction.CREDIT]
    for line in sorted(inward, key=matcher.vagueness):  # what is certain leaves less for the rest to be confused with
        matcher.credit(line)
    return matcher.outcome


def plain(text: str) -> str:
    """A remittance text without what banks change on the way: white space and case."""
    return "".join(text.split()).lower()


def _carries(text: str, reference: str) -> bool:
    """Whether a text names a customer number as a word of its own: KN-2 does not stand in KN-22."""
    word = rf"(?<![0-9a-z]){re.escape(reference.lower())}(?![0-9a-z])"
    return bool(reference) and re.search(word, text.lower()) is not None


class _Matcher:
    def __init__(self, sent: Iterable[Sent], references: Iterable[Reference]) -> None:
        self.outcome = MatchOutcome()
        self.sent = {payment.payment_id: payment for payment in sent}
        self.state = {payment.payment_id: payment.state for payment in self.sent.values()}
        self.debited = {p.payment_id for p in self.sent.values() if p.debited_though_rejected}
        self.put_right = {p.payment_id for p in self.sent.values() if p.credited_back}
        self.came_back = {p.payment_id: p.came_back_cents for p in self.sent.values()}
        self.files: dict[str, list[Sent]] = defaultdict(list)
        self.payees: dict[tuple[str, int], list[Sent]] = defaultdict(list)
        for payment in self.sent.values():
            self.files[payment.file_id].append(payment)
            self.payees[payment.creditor_iban, payment.amount_cents].append(payment)
        self.texts = {payment.payment_id: plain(payment.text) for payment in self.sent.values()}
        self.blocks = {payment.payment_information_id: payment.file_id for payment in self.sent.values()}
        self.references: dict[str, list[Reference]] = defaultdict(list)
        for reference in references:
            self.references[reference.creditor_iban].append(reference)

    # --- money out --------------------------------------------------------------------------------------------------

    def debit(self, line: Line) -> None:
        if line.end_to_end_id is not None and line.end_to_end_id in self.sent:
            self._debit_by_id(line, self.sent[line.end_to_end_id])
        elif line.mentioned and all(name in self.sent for name in line.mentioned):
            self._debit_by_list(line)
        elif line.counterparty_iban is None and (file := self._file_of(line)) is not None:
            self._debit_by_file(line, file)
        elif self._file_of(line) is None and looks_like_ours(line):
            known = [self.sent[name] for name in line.mentioned if name in self.sent]
            self._except(line, ExceptionKind.BOOKED_BEFORE_RELEASE, known)
        else:  # with a payee it is one payment, even where the bank names the file it came in
            self._debit_by_likeness(line)

    def _debit_by_id(self, line: Line, payment: Sent) -> None:
        state = self.state[payment.payment_id]
        if payment.amount_cents != line.amount_cents:
            self._except(line, ExceptionKind.AMOUNT_DIFFERS, [payment])
        elif state is PaymentState.INSTRUCTED:
            self._book(line, [payment])
        elif state is PaymentState.REJECTED and payment.payment_id not in self.debited | self.put_right:
            self._debit_rejected(line, [payment])
        elif state in _NEVER_SENT:
            self._except(line, ExceptionKind.BOOKED_UNRELEASED, [payment])
        else:
            self._except(line, ExceptionKind.BOOKED_TWICE, [payment])

    def _debit_by_list(self, line: Line) -> None:
        payments = [self.sent[name] for name in dict.fromkeys(line.mentioned)]
        instructed = all(self.state[p.payment_id] is PaymentState.INSTRUCTED for p in payments)
        if instructed and len(payments) == len(line.mentioned) and _total(payments) == line.amount_cents:
            self._book(line, payments)
        elif any(self.state[p.payment_id] in _NEVER_SENT for p in payments):
            self._except(line, ExceptionKind.BOOKED_UNRELEASED, payments)
        elif (file := self._file_of(line)) is not None and all(payment.file_id == file for payment in payments):
            self._debit_by_file(line, file)  # a list cut short: the bank's own name of the file and its total count
        else:
            self._except(line, ExceptionKind.BATCH_DIFFERS, payments)

    def _file_of(self, line: Line) -> str | None:
        if line.payment_information_id in self.blocks:
            return self.blocks[line.payment_information_id]
        return line.message_id if line.message_id in self.files else None

    def _debit_by_file(self, line: Line, file: str) -> None:
        """The whole file less what was rejected before (net), or the whole file (gross: rejects come back apart)."""
        outstanding, rejected = self._open_of(file)
        if _early(line, outstanding):
            self._except(line, ExceptionKind.BOOKED_BEFORE_RELEASE, outstanding)
        elif line.transactions in (None, len(outstanding)) and outstanding and _total(outstanding) == line.amount_cents:
            self._book(line, outstanding)
        elif (
            rejected
            and line.transactions in (None, len(outstanding) + len(rejected))
            and _total(outstanding) + _total(rejected) == line.amount_cents
        ):
            self._book(line, outstanding)
            self._debit_rejected(line, rejected)
        elif all(self.state[p.payment_id] in _NEVER_SENT for p in self.files[file]):
            self._except(line, ExceptionKind.BOOKED_UNRELEASED, self.files[file])
        elif not outstanding and not rejected:
            self._except(line, ExceptionKind.BOOKED_TWICE, self.files[file])
        else:
            self._except(line, ExceptionKind.BATCH_DIFFERS, outstanding)

    def _open_of(self, file: str) -> tuple[list[Sent], list[Sent]]:
        payments = self.files[file]
        outstanding = [p for p in payments if self.state[p.payment_id] is PaymentState.INSTRUCTED]
        rejected = [
            p
            for p in payments
            if self.state[p.payment_id] is PaymentState.REJECTED and p.payment_id not in self.debited | self.put_right
        ]
        return outstanding, rejected

    def _debit_by_likeness(self, line: Line) -> None:
        singles = [
            p
            for p in self._alike(line, (PaymentState.INSTRUCTED, PaymentState.REJECTED), debited=False)
            if p.execution_date <= line.booking_date <= p.execution_date + BOOKED_WITHIN
        ]
        if len(singles) == 1 and self._certain(line, singles[0]):
            self._debit_by_id(line, singles[0])
            return
        if singles:
            self._except(line, ExceptionKind.AMBIGUOUS_DEBIT, singles)
            return
        named = line.counterparty_iban or line.end_to_end_id or line.payment_information_id
        files = [] if named else self._files_with_total(line)
        if len(files) == 1:
            self._debit_by_file(line, files[0])
        elif files:
            self._except(line, ExceptionKind.AMBIGUOUS_DEBIT, [p for file in files for p in self._open_of(file)[0]])
        else:
            self._except(line, ExceptionKind.UNKNOWN_DEBIT)

    def _files_with_total(self, line: Line) -> list[str]:
        found = []
        for file, payments in self.files.items():
            if not payments[0].execution_date <= line.booking_date <= payments[0].execution_date + BOOKED_WITHIN:
                continue
            outstanding, rejected = self._open_of(file)
            totals = {_total(outstanding), _total(outstanding) + _total(rejected)} if outstanding else set()
            if line.amount_cents in totals:
                found.append(file)
        return sorted(found)

    def vagueness(self, line: Line) -> int:
        """How little a credit says: 0 by our number, 1 by the text of one payment, 2 by account and amount alone."""
        if line.end_to_end_id in self.sent:
            return 0
        same = self.payees.get((line.counterparty_iban or "", line.amount_cents), [])
        return 1 if self._told(line, same) else 2

    # --- money in ---------------------------------------------------------------------------------------------------

    def credit(self, line: Line) -> None:
        payment = self.sent.get(line.end_to_end_id or "")
        if payment is not None:
            self._credit_by_id(line, payment)
        elif line.is_return:
            self._credit_by_likeness(line)
        else:
            self._credit_from_outside(line)

    def _credit_by_id(self, line: Line, payment: Sent) -> None:
        state = self.state[payment.payment_id]
        if state in (PaymentState.BOOKED, PaymentState.SETTLED):
            self._credit_of_paid(line, payment)
        elif payment.payment_id in self.debited and line.amount_cents == payment.amount_cents:
            self._credit_rejected(line, payment)
        elif state is PaymentState.RETURNED:
            self._except(line, ExceptionKind.RETURNED_TWICE, [payment])
        else:
            self._except(line, ExceptionKind.RETURN_BEFORE_BOOKING, [payment])

    def _credit_of_paid(self, line: Line, payment: Sent) -> None:
        """All of a payment, or a part of it: in sum never more than the payment."""
        before = self.came_back[payment.payment_id]
        if line.amount_cents > payment.amount_cents:
            self._except(line, ExceptionKind.AMOUNT_DIFFERS, [payment])
        elif before + line.amount_cents > payment.amount_cents:
            self._except(line, ExceptionKind.RETURNED_TWICE, [payment])
        elif line.amount_cents == payment.amount_cents:
            self._return(line, payment)
        else:
            self.came_back[payment.payment_id] = before + line.amount_cents
            self._except(line, ExceptionKind.PARTIAL_RETURN, [payment])

    def _credit_by_likeness(self, line: Line) -> None:
        states = (PaymentState.BOOKED, PaymentState.SETTLED, PaymentState.REJECTED)
        candidates = [p for p in self._alike(line, states, debited=True) if not self.came_back[p.payment_id]]
        if len(candidates) > 1 or (candidates and not self._certain(line, candidates[0])):
            self._except(line, ExceptionKind.AMBIGUOUS_RETURN, candidates)
        elif not candidates:
            waiting = self._alike(line, (PaymentState.INSTRUCTED,))
            self._except(
                line, ExceptionKind.RETURN_BEFORE_BOOKING if waiting else ExceptionKind.UNKNOWN_RETURN, waiting
            )
        elif candidates[0].payment_id in self.debited:
            self._credit_rejected(line, candidates[0])
        else:
            self._return(line, candidates[0])

    def _credit_from_outside(self, line: Line) -> None:
        known = self.references.get(line.counterparty_iban or "", [])
        clients = sorted({r.client for r in known if _carries(line.text, r.reference)})
        if known:
            client = clients[0] if len(clients) == 1 else None
            self.outcome.unexplained.append(Unexplained(line, ExceptionKind.CREDITOR_REFUND, tuple(clients), client))
        else:
            self._except(line, ExceptionKind.UNKNOWN_CREDIT)

    # --- common -----------------------------------------------------------------------------------------------------

    def _alike(self, line: Line, states: Sequence[PaymentState], *, debited: bool = False) -> list[Sent]:
        """Payments in these states to the same account of the same amount, and with the same text if there is one.

        Of rejected payments only those that the bank has debited all the same, or only those it has not.
        """
        if line.counterparty_iban is None:
            return []
        same = self.payees.get((line.counterparty_iban, line.amount_cents), [])
        return [
            p
            for p in self._told(line, same) or same
            if self.state[p.payment_id] in states
            and (self.state[p.payment_id] is not PaymentState.REJECTED or (p.payment_id in self.debited) is debited)
            and p.payment_id not in self.put_right
        ]

    def _told(self, line: Line, payments: Sequence[Sent]) -> list[Sent]:
        """The payments whose text the line carries, whatever their state: of C-1 and C-12 the longer that fits."""
        text = plain(line.text)
        told = [p for p in payments if self.texts[p.payment_id] in text]
        longest = max((len(self.texts[p.payment_id]) for p in told), default=0)
        return [p for p in told if len(self.texts[p.payment_id]) == longest]

    def _certain(self, line: Line, payment: Sent) -> bool:
        """Whether nothing that the line says contradicts this payment: no number of another, no other text."""
        return line.end_to_end_id is None and (not line.text or self.texts[payment.payment_id] in plain(line.text))

    def _book(self, line: Line, payments: Sequence[Sent]) -> None:
        if _early(line, payments):
            self._except(line, ExceptionKind.BOOKED_BEFORE_RELEASE, payments)
            return
        for payment in payments:
            self.state[payment.payment_id] = PaymentState.BOOKED
            self.outcome.booked.append((line, payment.payment_id))

    def _return(self, line: Line, payment: Sent) -> None:
        self.state[payment.payment_id] = PaymentState.RETURNED
        self.outcome.returned.append((line, payment.payment_id))

    def _debit_rejected(self, line: Line, payments: Sequence[Sent]) -> None:
        for payment in payments:
            self.debited.add(payment.payment_id)
            self.outcome.rejected_debited.append((line, payment.payment_id))

    def _credit_rejected(self, line: Line, payment: Sent) -> None:
        self.debited.discard(payment.payment_id)
        self.put_right.add(payment.payment_id)
        self.outcome.rejected_credited.append((line, payment.payment_id))

    def _except(self, line: Line, kind: ExceptionKind, candidates: Sequence[Sent] = ()) -> None:
        client = candidates[0].client if len(candidates) == 1 else None
        named = tuple(payment.payment_id for payment in candidates[:MOST_CANDIDATES])
        self.outcome.unexplained.append(Unexplained(line, kind, named, client))


def _early(line: Line, payments: Sequence[Sent]) -> bool:
    """Whether the bank booked something before it was released: not what these books sent."""
    return any(p.released_on is not None and line.booking_date < p.released_on for p in payments)


def _total(payments: Sequence[Sent]) -> int:
    return sum(payment.amount_cents for payment in payments)
