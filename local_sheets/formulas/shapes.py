"""How large a result is, and one value of it: what ARRAYFORMULA does, value by value."""

from dataclasses import replace

from local_sheets.a1 import Box, Span
from local_sheets.formulas.kinds import ARRAYS, single
from local_sheets.formulas.references import Corner, Reference
from local_sheets.formulas.syntax import Braces, Call, Cells, Node, Pair, Plain, Signed

Shape = tuple[int, int] | None
"""Rows and columns; None where only the engine knows."""

ONE = (1, 1)
MISSING_VALUE = Plain("error", "#N/A")


def shape(node: Node) -> Shape:
    """Return how many rows and columns a node comes to (its references must be closed).

    >>> from local_sheets.formulas.syntax import parse
    >>> shape(parse("=LEN(A1:A5)*B1")), shape(parse("=SUM(A1:A5)")), shape(parse("=FILTER(A1:A5,B1:B5)"))
    ((5, 1), (1, 1), None)
    """
    found: Shape = ONE
    if isinstance(node, Cells):
        found = _size(node.reference.span)
    elif isinstance(node, Pair):
        found = None if node.sign == ":" else _common([shape(node.left), shape(node.right)])
    elif isinstance(node, Signed):
        found = shape(node.operand)
    elif isinstance(node, Braces):
        flat = all(shape(part) == ONE for row in node.rows for part in row)
        found = (len(node.rows), len(node.rows[0])) if flat else None
    elif isinstance(node, Call) and node.name in ARRAYS:
        found = None
    elif isinstance(node, Call):
        spread = node.arguments if node.name == "ARRAYFORMULA" else _singles(node)
        found = _common([shape(part) for part in spread])
    return found


def _singles(node: Call) -> list[Node]:
    """Return the arguments of a call that are single values."""
    return [part for n, part in enumerate(node.arguments) if single(node.name, n)]


def _size(span: Span) -> Shape:
    """Return the size of cells; None when a side is open."""
    if span.top is None or span.bottom is None or span.left is None or span.right is None:
        return None
    return span.bottom - span.top, span.right - span.left


def _common(shapes: list[Shape]) -> Shape:
    """Return the size of what is made of several."""
    rows = columns = 1
    for one in shapes:
        if one is None:
            return None
        rows, columns = max(rows, one[0]), max(columns, one[1])
    return rows, columns


def element(node: Node, row: int, column: int) -> Node:
    """Return a node for one value of an array.

    >>> from local_sheets.formulas.syntax import parse
    >>> found = element(parse("=A1:A5&SUM(B1:B5)"), 2, 0)
    >>> str(found.left.reference), str(found.right.arguments[0].reference)
    ('A3', 'B1:B5')
    """
    found = node
    if isinstance(node, Cells):
        found = _cell(node.reference, row, column)
    elif isinstance(node, Pair):
        found = Pair(node.sign, element(node.left, row, column), element(node.right, row, column))
    elif isinstance(node, Signed):
        found = Signed(node.sign, element(node.operand, row, column))
    elif isinstance(node, Braces):
        found = _part(node, row, column)
    elif isinstance(node, Call) and node.name == "ARRAYFORMULA" and node.arguments:
        found = element(node.arguments[0], row, column)
    elif isinstance(node, Call):
        arguments = tuple(
            element(part, row, column) if single(node.name, n) else part
            for n, part in enumerate(node.arguments)
        )
        found = Call(node.name, arguments)
    return found


def _part(node: Braces, row: int, column: int) -> Node:
    """Return one value of an array that is written out; a single row or column stands for all."""
    row = 0 if len(node.rows) == 1 else row
    column = 0 if len(node.rows[0]) == 1 else column
    if row >= len(node.rows) or column >= len(node.rows[row]):
        return MISSING_VALUE
    return node.rows[row][column]


def _cell(reference: Reference, row: int, column: int) -> Node:
    """Return one cell of a reference; a single row or column stands for all."""
    size, span = _size(reference.span), reference.span
    if size is None or span.top is None or span.left is None:
        return Cells(reference)
    row, column = (0 if size[0] == 1 else row), (0 if size[1] == 1 else column)
    if row >= size[0] or column >= size[1]:
        return MISSING_VALUE
    return Cells(replace(reference, first=Corner(span.top + row, span.left + column), last=None))


def crossing(reference: Reference, row: int, column: int) -> Reference | None:
    """Return the one cell of a range that lies in a formula's row or column; None when there is none.

    >>> str(crossing(Reference.read("A1:A5"), 2, 3))
    'A3'
    """
    span = reference.span
    if span.top is None or span.bottom is None or span.left is None or span.right is None:
        return None
    box = Box(span.top, span.bottom, span.left, span.right)
    if box.right - box.left == 1 and box.top <= row < box.bottom:
        return replace(reference, first=Corner(row, box.left), last=None)
    if box.bottom - box.top == 1 and box.left <= column < box.right:
        return replace(reference, first=Corner(box.top, column), last=None)
    return None
