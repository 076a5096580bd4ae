"""Split a year's target into quarters and months whose sum is exactly the year.

Every split counts in whole units (1, 10, 0.1 ...) and rational numbers, so that no part of the
target is lost or invented by rounding: floors first, then one unit each to the largest remainders
(Hamilton), the earlier period first where remainders are equal. A year goes to quarters first and
each quarter to its months, so both levels sum. What is held keeps its figure and the rest is spread
over what is free.

Only additive KPIs (aggregation `sum`) can be split; a ratio or a level repeats or glides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sheets_schema.errors import RuleError
from sheets_schema.kpis.periods import last_month, months_of, quarters_of
from sheets_schema.kpis.weights import SPREADING

REPEATING = ("repeat", "glide")


class SplitRefused(RuleError):
    """A target cannot be split as asked; the key says why (facts: see the sentence)."""

    key = "kpis.split.refused"


@dataclass(frozen=True, slots=True)
class Plan:
    """A year's target and its parts, in the KPI's own unit.

    Attributes:
        year: The year's target.
        quarters: Period -> target, four of them.
        months: Period -> target, twelve of them.
        held: The periods that were held.
        additive: Whether the parts sum to the whole (False for a level that repeats or glides).
    """

    year: float
    quarters: Mapping[str, float]
    months: Mapping[str, float]
    held: frozenset[str]
    additive: bool

    def is_exact(self, start: int = 1) -> bool:
        """Prove it: months sum to quarters, and quarters to the year, to the last digit."""
        if not self.additive:
            return True
        whole = sum(map(_exact, self.quarters.values()), Fraction(0)) == _exact(self.year)
        return whole and all(
            sum((_exact(self.months[month]) for month in months_of(quarter, start)), Fraction(0))
            == _exact(figure)
            for quarter, figure in self.quarters.items()
        )


def check_method(method: str, aggregation: str) -> None:
    """Refuse a method that this KPI's kind of aggregation cannot carry.

    Raises:
        SplitRefused: A ratio or a level is split, or a sum is repeated.
    """
    if method in SPREADING and aggregation != "sum":
        raise SplitRefused("kpis.split.not_additive", method=method, aggregation=aggregation)
    if method in REPEATING and aggregation == "sum":
        raise SplitRefused("kpis.split.additive", method=method)
    if method not in (*SPREADING, *REPEATING):
        raise SplitRefused("kpis.split.unknown_method", method=method)


def spread(
    total: float,
    unit: float,
    weights: Mapping[str, float],
    held: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Spread a total over periods by weight, exactly.

    Args:
        total: What is spread, a whole multiple of *unit*.
        unit: The smallest step, above 0.
        weights: Period -> weight (0 or more), in the order of time.
        held: Period -> figure that stays as it is; a whole multiple of *unit* too.

    Returns:
        Period -> part, in the order of *weights*. The parts sum to *total*.

    Raises:
        SplitRefused: A figure is not a multiple of the unit, the held figures leave less than
            nothing, no period is free for what is left, or no free period has a weight.

    >>> list(spread(1000, 1, dict.fromkeys(range(12), 1)).values())
    [84, 84, 84, 84, 83, 83, 83, 83, 83, 83, 83, 83]
    """
    step = _unit(unit)
    fixed = {name: _units(figure, step, name) for name, figure in (held or {}).items()}
    free = {name: _exact(weight) for name, weight in weights.items() if name not in fixed}
    rest = _rest(_units(total, step, "total"), sum(fixed.values()), bool(free))
    shares = fixed | _largest_remainders(rest, free)
    return {name: _figure(shares[name] * step) for name in weights}


def split_year(
    year: int,
    total: float,
    unit: float,
    weights: Mapping[str, float],
    held: Mapping[str, float] | None = None,
    start: int = 1,
) -> Plan:
    """Split a year's additive target into quarters, and each quarter into its months.

    Args:
        year: The plan year.
        total: The year's target, a whole multiple of *unit*.
        unit: The smallest step, above 0.
        weights: Month -> weight (0 or more), all twelve.
        held: Month or quarter -> figure that stays as it is.
        start: First month of the fiscal year, 1-12.

    Raises:
        SplitRefused: As `spread`, for the year or for one quarter.

    >>> plan = split_year(2026, 12, 1, dict.fromkeys(months_of("2026"), 1), {"2026-05": 7})
    >>> list(plan.quarters.values()), plan.is_exact()
    ([2, 8, 1, 1], True)
    """
    step = _unit(unit)
    fixed = {name: _units(figure, step, name) for name, figure in (held or {}).items()}
    months = {quarter: months_of(quarter, start) for quarter in quarters_of(year)}
    quarters = _quarter_units(_units(total, step, str(year)), months, weights, fixed)
    parts: dict[str, float] = {}
    for quarter, units in quarters.items():
        held_here = {month: _figure(fixed[month] * step) for month in months[quarter] if month in fixed}
        weights_here = {month: weights[month] for month in months[quarter]}
        parts |= spread(_figure(units * step), unit, weights_here, held_here)
    figures = {quarter: _figure(units * step) for quarter, units in quarters.items()}
    return Plan(_figure(_exact(total)), figures, parts, frozenset(fixed), additive=True)


def repeat_year(year: int, target: float, held: Mapping[str, float] | None = None, start: int = 1) -> Plan:
    """Give every quarter and month the year's target (a ratio or a level), but for what is held."""
    fixed = dict(held or {})
    quarters = {quarter: fixed.get(quarter, target) for quarter in quarters_of(year)}
    months = {month: fixed.get(month, target) for month in months_of(str(year), start)}
    return Plan(target, quarters, months, frozenset(fixed), additive=False)


def glide_year(
    year: int,
    baseline: float,
    target: float,
    unit: float,
    held: Mapping[str, float] | None = None,
    start: int = 1,
) -> Plan:
    """Lead a level in a straight line from the baseline to the year-end target.

    Month k of 12 is baseline + (target - baseline) x k / 12, to the nearest unit; a quarter's
    target is that of its last month, the year's that of the last of all. What is held keeps its
    figure.

    >>> list(glide_year(2026, 260, 320, 5).months.values())
    [265, 270, 275, 280, 285, 290, 295, 300, 305, 310, 315, 320]
    """
    fixed, step = dict(held or {}), _unit(unit)
    way, months = _exact(target) - _exact(baseline), months_of(str(year), start)
    line = {
        month: _figure(round((_exact(baseline) + way * k / 12) / step) * step)
        for k, month in enumerate(months[:-1], start=1)
    }
    path = line | {months[-1]: target} | {month: fixed[month] for month in months if month in fixed}
    quarters = {q: fixed.get(q, path[last_month(q, start)]) for q in quarters_of(year)}
    return Plan(target, quarters, path, frozenset(fixed), additive=False)


def ratio_gap(targets: Sequence[float], volumes: Sequence[float], annual: float) -> float:
    """Return what a ratio's period targets come to at the expected volumes, less the annual target.

    >>> round(ratio_gap([90.0, 96.0], [100, 300], 95.0), 2)
    -0.5
    """
    whole = sum(volumes)
    if not whole:
        return 0.0
    return sum(t * v for t, v in zip(targets, volumes, strict=True)) / whole - annual


def _quarter_units(
    whole: int,
    months: Mapping[str, Sequence[str]],
    weights: Mapping[str, float],
    fixed: Mapping[str, int],
) -> dict[str, int]:
    """Return each quarter's units: what is held in it, and its share of the rest."""
    held_in: dict[str, int] = {}
    free: dict[str, Fraction] = {}
    for quarter, inside in months.items():
        open_months = [month for month in inside if month not in fixed]
        held_in[quarter] = fixed.get(quarter, sum(fixed.get(month, 0) for month in inside))
        if quarter not in fixed and open_months:
            free[quarter] = sum((_exact(weights[month]) for month in open_months), Fraction(0))
    rest = _rest(whole, sum(held_in.values()), bool(free))
    shares = _largest_remainders(rest, free)
    return {quarter: held_in[quarter] + shares.get(quarter, 0) for quarter in months}


def _largest_remainders(units: int, weights: Mapping[str, Fraction]) -> dict[str, int]:
    """Give out whole units by weight (Hamilton); equal remainders go to the earlier name."""
    whole = sum(weights.values(), Fraction(0))
    if not units:
        return dict.fromkeys(weights, 0)
    if any(weight < 0 for weight in weights.values()) or not whole:
        raise SplitRefused("kpis.split.no_weight")
    sign = -1 if units < 0 else 1
    quotas = {name: abs(units) * weight / whole for name, weight in weights.items()}
    given = {name: quota.numerator // quota.denominator for name, quota in quotas.items()}
    left = abs(units) - sum(given.values())
    by_remainder = sorted(quotas, key=lambda name: given[name] - quotas[name])
    for name in by_remainder[:left]:
        given[name] += 1
    return {name: sign * count for name, count in given.items()}


def _rest(whole: int, held: int, any_free: bool) -> int:
    """Return the units left for what is free; refuse what cannot be given out."""
    rest = whole - held
    if rest and not any_free:
        raise SplitRefused("kpis.split.nothing_free")
    if rest and (rest < 0) != (whole < 0):
        raise SplitRefused("kpis.split.held_too_much")
    return rest


def _unit(unit: float) -> Fraction:
    """Return the step as a rational number; refuse one that is not above 0."""
    if not unit > 0:
        raise SplitRefused("kpis.split.unit", unit=unit)
    return _exact(unit)


def _units(figure: float, step: Fraction, where: str) -> int:
    """Return how many steps a figure is; refuse a fraction of one."""
    count = _exact(figure) / step
    if count.denominator != 1:
        facts = {"figure": figure, "unit": _figure(step), "where": where}
        raise SplitRefused("kpis.split.not_a_multiple", **facts)
    return count.numerator


def _exact(figure: float) -> Fraction:
    """Return a number as a person wrote it: 0.1 is one tenth."""
    return Fraction(str(figure))


def _figure(exact: Fraction) -> float:
    """Return a rational number as the whole number or the nearest float that prints the same."""
    return exact.numerator if exact.denominator == 1 else float(exact)
