"""A formula as a tree: operators, calls, references, arrays in braces."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from local_sheets.formulas.references import Reference
from local_sheets.formulas.tokens import Token, tokens


class ParseError(Exception):
    """The text is no formula."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What stands for itself: a number, a string with its quotes, TRUE, an error, an argument left out."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """A name: of a range, or of nothing that is known."""

    text: str


@dataclass(frozen=True, slots=True)
class Cells:
    """A reference."""

    reference: Reference


@dataclass(frozen=True, slots=True)
class Call:
    """A function, its name in capitals, and its arguments."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """An operator between two operands."""

    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Signed:
    """A sign before an operand, or `%` behind it."""

    sign: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Braces:
    """An array written out, by rows."""

    rows: tuple[tuple["Node", ...], ...]


Node = Plain | Word | Cells | Call | Pair | Signed | Braces

MISSING = Plain("missing", "")
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
_DEEPEST = 60


def parse(formula: str, *, comma: bool = False) -> Node:
    """Read a formula (with its `=`).

    Args:
        formula: Its text.
        comma: Whether numbers are written with a decimal comma, as in de_DE; arguments are then parted by
            `;` and columns of an array by a backslash.

    Raises:
        ParseError: It cannot be read.

    >>> parse("=SUM(A1)*-2%").sign, parse("=1;2")
    Traceback (most recent call last):
    ...
    local_sheets.formulas.syntax.ParseError: ; is not expected
    """
    return _Reader(list(_words(formula[1:], comma=comma))).whole()


def _words(text: str, *, comma: bool) -> Iterator[Token]:
    """Yield the parts of a formula without spaces, numbers with a decimal comma put together."""
    held: list[Token] = []
    for token in tokens(text):
        held.append(token)
        if comma and [one.kind for one in held[-3:]] == ["number", "sign", "number"] and held[-2].text == ",":
            held[-3:] = [Token("number", f"{held[-3].text}.{held[-1].text}")]
    yield from (token for token in held if token.kind != "space")


class _Reader:
    """A reader by precedence: compare < join < add < multiply < power < sign < percent."""

    def __init__(self, words: list[Token]) -> None:
        self._words = words
        self._at = 0
        self._depth = 0

    def whole(self) -> Node:
        """Read all of it."""
        node = self._binary(0)
        if self._at < len(self._words):
            raise ParseError(f"{self._words[self._at].text} is not expected")
        return node

    def _peek(self) -> str:
        """Return the next sign, "" when the next is none."""
        if self._at < len(self._words) and self._words[self._at].kind == "sign":
            return self._words[self._at].text
        return ""

    def _take(self, *signs: str) -> str:
        """Take the next token if it is one of these signs; "" when it is not."""
        sign = self._peek()
        if sign in signs:
            self._at += 1
            return sign
        return ""

    def _binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self._signed()
        node = self._binary(level + 1)
        while sign := self._take(*_LEVELS[level]):
            node = Pair(sign, node, self._binary(level + 1))
        return node

    def _signed(self) -> Node:
        sign = self._take("-", "+")
        if sign:
            return Signed(sign, self._deeper(self._signed))
        node = self._one()
        while self._take(":"):
            node = Pair(":", node, self._one())
        while self._take("%"):
            node = Signed("%", node)
        return node

    def _deeper(self, read: Callable[[], Node]) -> Node:
        """Read something nested, but not without end."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ParseError("the formula is nested too deeply")
        node = read()
        self._depth -= 1
        return node

    def _one(self) -> Node:
        if self._take("("):
            node = self._deeper(lambda: self._binary(0))
            self._expect(")")
            return node
        if self._take("{"):
            return self._deeper(self._braces)
        if self._at >= len(self._words):
            raise ParseError("the formula ends too early")
        token = self._words[self._at]
        self._at += 1
        if token.kind == "function":
            return self._deeper(lambda: self._call(token.text))
        if token.kind == "reference":
            return Cells(Reference.read(token.area, token.sheet))
        if token.kind == "word":
            truth = token.text.upper() in ("TRUE", "FALSE")
            return Plain("truth", token.text.upper()) if truth else Word(token.text)
        if token.kind in ("number", "string", "error", "lost"):
            return self._plain(token)
        raise ParseError(f"{token.text} is not expected")

    def _plain(self, token: Token) -> Plain:
        if token.kind == "string" and (len(token.text) == 1 or not token.text.endswith('"')):
            raise ParseError("a text does not end")
        if token.kind == "lost":
            return Plain("error", "#REF!")
        return Plain(token.kind, token.text)

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            raise ParseError(f"{sign} is missing")

    def _call(self, name: str) -> Node:
        self._expect("(")
        arguments: list[Node] = []
        if self._take(")"):
            return Call(name.upper(), ())
        while True:
            left_out = self._peek() in (",", ";", ")")
            arguments.append(MISSING if left_out else self._binary(0))
            if self._take(")"):
                return Call(name.upper(), tuple(arguments))
            if not self._take(",", ";"):
                raise ParseError("a parenthesis is not closed")

    def _braces(self) -> Node:
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self._binary(0))
            sign = self._take(",", "\\", ";", "}")
            if sign == "}":
                return Braces(tuple(tuple(row) for row in rows))
            if sign == ";":
                rows.append([])
            elif not sign:
                raise ParseError("a brace is not closed")


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    yield node
    for part in parts(node):
        yield from walk(part)


def parts(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of."""
    if isinstance(node, Call):
        return node.arguments
    if isinstance(node, Pair):
        return (node.left, node.right)
    if isinstance(node, Signed):
        return (node.operand,)
    if isinstance(node, Braces):
        return tuple(part for row in node.rows for part in row)
    return ()
