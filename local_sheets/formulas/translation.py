"""A formula in the engine's words.

The engine speaks Excel: it knows no named ranges of ours, gives arrays to any formula, and carries only
operators out over them. So names become references, a range where one value belongs becomes the one in the
formula's row (as Google has it without ARRAYFORMULA), and an array of values becomes a formula a value, on a
scratch sheet of the engine.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from local_sheets import a1
from local_sheets.a1 import Span
from local_sheets.formulas.kinds import (
    BLANK,
    ELSEWHERE,
    OPEN,
    REACHING,
    SPREADING,
    VOLATILE,
    WORDING,
    single,
)
from local_sheets.formulas.references import Corner, Reference
from local_sheets.formulas.results import Problem
from local_sheets.formulas.shapes import ONE, crossing, element, shape
from local_sheets.formulas.syntax import (
    Braces,
    Call,
    Cells,
    Node,
    Pair,
    ParseError,
    Plain,
    Signed,
    Word,
    parse,
    walk,
)
from local_sheets.values.arithmetic import NOT_COMPUTED

_LARGEST = 500_000
"""So many values of an array are computed one by one, at most."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as formulas see it."""

    title: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a formula's text can refer to: sheets by title in lower case, named ranges; how it is written."""

    sheets: Mapping[str, Grid]
    names: Mapping[str, Reference]
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """Formulas on a scratch sheet, from its first cell on."""

    sheet: str
    formulas: list[list[str]]

    @property
    def size(self) -> tuple[int, int]:
        """Return rows and columns."""
        return len(self.formulas), len(self.formulas[0])


@dataclass(slots=True)
class Plan:
    """How a formula is computed.

    `text` is for the engine; with `array` its result may be larger than a cell, and with `area` the result
    is that area. `problem`: it is not computed, and why. `reads` are the cells that it needs; `everything`:
    it may need any. `named`, `sized`, `placed`: it must be made anew when names, the sizes of sheets, the
    formula's own place change; `volatile`: the time changes the result. `reasons`: why parts are errors.
    """

    text: str = ""
    array: bool = False
    area: Area | None = None
    problem: Problem | None = None
    reasons: list[Problem] = field(default_factory=list)
    scratch: list[Area] = field(default_factory=list)
    reads: list[tuple[str, Span]] = field(default_factory=list)
    everything: bool = False
    named: bool = False
    sized: bool = False
    volatile: bool = False
    placed: bool = False
    maybe_blank: bool = False

    def reaches(self, widths: Mapping[str, int]) -> bool:
        """Say whether cells are read to the right of so many columns of sheets (titles in lower case)."""
        return self.everything or any(
            span.right is None or span.right > widths[title.casefold()]
            for title, span in self.reads
            if title.casefold() in widths
        )


class NotComputed(Exception):
    """The formula is not computed here; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def plan(
    formula: str,
    home: str,
    row: int,
    column: int,
    around: Surroundings,
    scratch: Callable[[], str],
    moment: Callable[[Node], str | None] = lambda _node: None,
) -> Plan:
    """Return how a formula is computed.

    Args:
        formula: Its text.
        home: The title of its sheet.
        row: Its row, from 0.
        column: Its column, from 0.
        around: What it can refer to.
        scratch: Returns the name of a scratch sheet that nobody has yet.
        moment: Returns the pattern of what looks like a date or a time, None for anything else.
    """
    made = _Maker(home, row, column, around, scratch, moment)
    try:
        made.whole(parse(formula, comma=around.comma))
    except ParseError:
        made.plan.problem = Problem("#ERROR!", "Formula parse error.")
    except NotComputed as error:
        made.plan.problem = error.problem
    return made.plan


class _Maker:
    """Makes the plan of one formula."""

    def __init__(
        self,
        home: str,
        row: int,
        column: int,
        around: Surroundings,
        scratch: Callable[[], str],
        moment: Callable[[Node], str | None],
    ) -> None:
        self._moment = moment
        self._home = home
        self._row, self._column = row, column
        self._around = around
        self._scratch = scratch
        self._local: frozenset[str] = frozenset()
        self.plan = Plan()

    def whole(self, node: Node) -> None:
        """Plan the formula of a tree."""
        self._local = frozenset(
            call.arguments[n].text.casefold()  # type: ignore[union-attr]
            for call in walk(node)
            if isinstance(call, Call) and call.name == "LET"
            for n in range(0, len(call.arguments) - 1, 2)
            if isinstance(call.arguments[n], Word)
        )
        node = self._resolved(node, closed=True)
        self.plan.maybe_blank = _maybe_blank(node)
        if isinstance(node, Call) and node.name == "ARRAYFORMULA" and len(node.arguments) == 1:
            self._array(node.arguments[0])
        elif isinstance(node, Braces) or shape(node) is None:
            self._array(node)
        else:
            self.plan.text = "=" + self._write(node, many=False)

    def _array(self, node: Node) -> None:
        """Plan a formula whose result is an array."""
        size = shape(node)
        self.plan.array = True
        if size is None or size == ONE:
            self.plan.text = "=" + self._write(node, many=True)
        else:
            self.plan.area = self._lifted(node, blanks=True)

    def _lifted(self, node: Node, *, blanks: bool) -> Area:
        """Put an array's values on a scratch sheet, a formula each."""
        size = shape(node)
        if size is None or size[0] * size[1] > _LARGEST:
            raise NotComputed(Problem("#REF!", f"An array of so many values {NOT_COMPUTED}."))
        formulas = [
            [self._value(element(node, row, column), blanks=blanks) for column in range(size[1])]
            for row in range(size[0])
        ]
        area = Area(self._scratch(), formulas)
        self.plan.scratch.append(area)
        return area

    def _value(self, node: Node, *, blanks: bool) -> str:
        """Return the formula of one value of an array; what is blank stays blank."""
        text = self._write(node, many=False)
        if blanks and isinstance(node, Cells):
            return f'=IF(ISBLANK({text}),"",{text})'
        if blanks and _maybe_blank(node):
            return f'=IF(({text})&""="","",{text})'
        return f"={text}"

    # names and sides ---------------------------------------------------------------------------

    def _resolved(self, node: Node, *, closed: bool) -> Node:
        """Put references in place of names, and close the open sides where it matters."""
        found = node
        if isinstance(node, Word):
            found = self._named(node, closed=closed)
        elif isinstance(node, Cells):
            found = self._placed(node.reference, closed=closed)
        elif isinstance(node, Pair):
            left, right = self._resolved(node.left, closed=closed), self._resolved(node.right, closed=closed)
            if node.sign == "&":
                left, right = self._worded(left), self._worded(right)
            found = Pair(node.sign, left, right)
        elif isinstance(node, Signed):
            found = Signed(node.sign, self._resolved(node.operand, closed=closed))
        elif isinstance(node, Braces):
            found = Braces(tuple(tuple(self._resolved(p, closed=True) for p in row) for row in node.rows))
        elif isinstance(node, Call):
            found = self._call(node)
        return found

    def _lost(self, text: str, message: str) -> Plain:
        """Return the error that stands in place of a part, and keep its reason."""
        self.plan.reasons.append(Problem(text, message))
        return Plain("error", text)

    def _call(self, node: Call) -> Node:
        """Resolve the arguments of a function."""
        if node.name in ELSEWHERE:
            return self._lost("#NAME?", f"The function {node.name} {NOT_COMPUTED}.")
        self.plan.volatile |= node.name in VOLATILE
        self.plan.everything |= node.name in REACHING
        found = tuple(
            self._resolved(part, closed=node.name not in OPEN or single(node.name, n))
            for n, part in enumerate(node.arguments)
        )
        return Call(node.name, tuple(map(self._worded, found)) if node.name in WORDING else found)

    def _worded(self, node: Node) -> Node:
        """Return a node that is to be text: a date as it is shown, where the engine would take its number."""
        pattern = self._moment(node)
        if pattern is None:
            return node
        text = Call("TEXT", (node, Plain("string", '"' + pattern.replace('"', '""') + '"')))
        other = Pair("&", node, Plain("string", '""'))
        return Call("IF", (Call("ISNUMBER", (node,)), text, other))

    def _named(self, word: Word, *, closed: bool) -> Node:
        """Return what a name stands for."""
        if word.text.casefold() in self._local:
            return word
        self.plan.named = True
        known = self._around.names.get(word.text.rpartition("!")[2].casefold())
        if known is None:
            return self._lost("#NAME?", f"Unknown range name: '{word.text.upper()}'.")
        return self._placed(known, closed=closed)

    def _placed(self, reference: Reference, *, closed: bool) -> Node:
        """Return a reference with its sheet's true title, its open sides closed if that is asked for."""
        title = self._home if reference.title is None else reference.title
        grid = self._around.sheets.get(title.casefold())
        if grid is None:
            self.plan.named = True
            return self._lost("#REF!", f"Unresolved sheet name '{title}'.")
        span = reference.span
        if reference.last is not None and closed and (span.bottom is None or span.right is None):
            self.plan.sized = True
            first = Corner(span.top or 0, span.left or 0)
            last = Corner(
                max(grid.rows if span.bottom is None else span.bottom, first.row or 0, 1) - 1,
                max(grid.columns if span.right is None else span.right, first.column or 0, 1) - 1,
            )
            reference = replace(reference, first=first, last=last)
        return Cells(replace(reference, sheet="'" + grid.title.replace("'", "''") + "'"))

    # text --------------------------------------------------------------------------------------

    def _write(self, node: Node, *, many: bool) -> str:
        """Return a tree as text; *many*: a range means all its values, not the one beside the formula."""
        if isinstance(node, Cells):
            text = self._cells(node.reference, many=many)
        elif isinstance(node, Pair):
            text = self._pair(node, many=many)
        elif isinstance(node, Signed):
            inner = self._write(node.operand, many=many)
            text = f"({inner})%" if node.sign == "%" else f"({node.sign}{inner})"
        elif isinstance(node, Braces):
            rows = ("HSTACK(" + ",".join(self._write(p, many=True) for p in row) + ")" for row in node.rows)
            text = "VSTACK(" + ",".join(rows) + ")"
        elif isinstance(node, Call):
            text = self._function(node, many=many)
        else:
            text = node.text
        return text

    def _pair(self, node: Pair, *, many: bool) -> str:
        """Return two operands as text."""
        left, right = self._write(node.left, many=many), self._write(node.right, many=many)
        if node.sign == ":":
            return f"{left}:{right.rpartition('!')[2] if isinstance(node.right, Cells) else right}"
        return f"({left}{node.sign}{right})"

    def _cells(self, reference: Reference, *, many: bool) -> str:
        """Return a reference as text, and note that its cells are read."""
        span = reference.span
        if reference.last is not None and not many and shape(Cells(reference)) != ONE:
            found = crossing(reference, self._row, self._column)
            if found is None:
                return self._lost("#VALUE!", "An array value could not be found.").text
            self.plan.placed = True
            reference, span = found, found.span
        self.plan.reads.append((reference.title or self._home, span))
        return str(reference).replace("$", "")

    def _function(self, node: Call, *, many: bool) -> str:
        """Return a call as text."""
        name, arguments = node.name, node.arguments
        if name == "ARRAYFORMULA":
            return "(" + ",".join(self._write(part, many=True) for part in arguments) + ")"
        if name in ("ROW", "COLUMN") and not arguments:
            self.plan.placed = True
            return str((self._row if name == "ROW" else self._column) + 1)
        if many and name not in SPREADING and self._spreads(node):
            if shape(node) is None:
                reason = f"An array of unknown size in {name} {NOT_COMPUTED}."
                return self._lost("#VALUE!", reason).text
            area = self._lifted(node, blanks=False)
            rows, columns = area.size
            return f"'{area.sheet}'!A1:{a1.letters(columns - 1)}{rows}"
        texts = [
            self._write(part, many=many if single(name, n) else True) for n, part in enumerate(arguments)
        ]
        if name in ("IFERROR", "IFNA") and len(texts) == 1:
            texts.append('""')
        return f"{name}({','.join(texts)})"

    def _spreads(self, node: Call) -> bool:
        """Say whether a function of single values is given an array."""
        return any(single(node.name, n) and shape(part) != ONE for n, part in enumerate(node.arguments))


def _maybe_blank(node: Node) -> bool:
    """Say whether the result may be a blank cell rather than a value."""
    return isinstance(node, Cells) or (isinstance(node, Call) and node.name in BLANK)
