"""What one award comes to for one carrier, before it meets the others: amount, `less`, `at_most`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from core.expressions import Expression, Row
from core.problems import Problem, Refused
from core.text import T, Text
from funding.rules.policy_shape import Award, ByCount, ByShare, ByText, Policy, Pot
from funding.rules.yuan import yuan

_LARGEST = Decimal(10) ** 100
_NOTHING = Fraction(0)


def sum_of(expression: Expression, row: Row, year: int, place: str) -> Fraction | None:
    """The expression's value exactly; `None` is missing. True counts 1."""
    value = expression.evaluate(row, year=year)
    if value is None or isinstance(value, str):
        return None
    if isinstance(value, bool):
        return Fraction(int(value))
    if not isinstance(value, Decimal):
        return None
    if value.copy_abs() >= _LARGEST:
        message = T("数值大得不合情理：{expression}", expression=expression.source)
        raise Refused(Problem("allocation.large", message, place=place))
    return Fraction(value)


class Amounts:
    """The amounts of one policy over all its carriers; knows what a pot is divided by."""

    def __init__(self, policy: Policy, rows: Sequence[Row], year: int) -> None:
        self._year = year
        self._pots = {
            award.code: sum((self._weight(award, award.amount, row) for row in rows), _NOTHING)
            for award in policy.awards
            if isinstance(award.amount, Pot)
        }

    def of(self, award: Award, row: Row, carrier: str) -> tuple[Fraction, list[Text]]:
        """The sum, never below 0, and in words what made it."""
        if award.when is not None and not award.when.holds(row, year=self._year):
            return _NOTHING, []
        because: list[Text] = []
        if award.when is not None:
            because.append(T("符合条件 {condition}", condition=award.when.source))
        earned = self._amount(award, row, carrier, because)
        earned = self._less(award, row, carrier, earned, because)
        return self._at_most(award, row, carrier, earned, because), because

    def _amount(self, award: Award, row: Row, carrier: str, because: list[Text]) -> Fraction:
        match award.amount:
            case ByText() as by:
                text = row.written(by.by)
                earned = Fraction(by.sums.get(text or "", Decimal(0)))
                said = T("{field} 为“{text}”：{sum} 元", field=by.by, text=text or "", sum=yuan(earned))
            case ByCount() as by:
                count = sum_of(by.count, row, self._year, carrier) or _NOTHING
                earned = Fraction(by.each) * count
                each = yuan(Fraction(by.each))
                said = T(
                    "每项 {each} 元 × {count} = {sum} 元", each=each, count=_shown(count), sum=yuan(earned)
                )
            case ByShare() as by:
                whole = sum_of(by.of, row, self._year, carrier) or _NOTHING
                earned = Fraction(by.share) * whole
                share = format(by.share, "f")
                said = T("{whole} 元 × {share} = {sum} 元", whole=yuan(whole), share=share, sum=yuan(earned))
            case Pot() as pot:
                earned, said = self._of_pot(award, pot, row)
            case fixed:
                earned = Fraction(fixed)
                said = T("定额 {sum} 元", sum=yuan(earned))
        because.append(said)
        return max(earned, _NOTHING)

    def _weight(self, award: Award, pot: Pot, row: Row) -> Fraction:
        """The carrier's value in the division of the pot; 0 if `when` does not hold, or not above 0."""
        if award.when is not None and not award.when.holds(row, year=self._year):
            return _NOTHING
        return max(sum_of(pot.by_value, row, self._year, award.code) or _NOTHING, _NOTHING)

    def _of_pot(self, award: Award, pot: Pot, row: Row) -> tuple[Fraction, Text]:
        weight, total = self._weight(award, pot, row), self._pots[award.code]
        earned = Fraction(pot.pot) * weight / total if total else _NOTHING
        said = T(
            "总额 {pot} 元 × {weight} / {total} = {sum} 元",
            pot=yuan(Fraction(pot.pot)),
            weight=_shown(weight),
            total=_shown(total),
            sum=yuan(earned),
        )
        return earned, said

    def _less(self, award: Award, row: Row, carrier: str, earned: Fraction, because: list[Text]) -> Fraction:
        """Only the difference to what was received before."""
        if award.less is None:
            return earned
        received = sum_of(award.less, row, self._year, carrier) or _NOTHING
        if not received:
            return earned
        left = max(earned - received, _NOTHING)
        because.append(T("补差：减已获 {received} 元，为 {sum} 元", received=yuan(received), sum=yuan(left)))
        return left

    def _at_most(
        self, award: Award, row: Row, carrier: str, earned: Fraction, because: list[Text]
    ) -> Fraction:
        """A missing limit is no limit."""
        limit = None if award.at_most is None else sum_of(award.at_most, row, self._year, carrier)
        if limit is None or earned <= limit:
            return earned
        left = max(limit, _NOTHING)
        because.append(T("单项封顶 {limit} 元，为 {sum} 元", limit=yuan(left), sum=yuan(left)))
        return left


def _shown(value: Fraction) -> str:
    """A count or a value for people: whole numbers without places."""
    return str(value.numerator) if value.denominator == 1 else yuan(value)
