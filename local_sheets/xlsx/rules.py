"""Data validation: Google's rules into Excel's, and back."""

from typing import Any

from local_sheets.errors import Json
from local_sheets.values.locales import Locale
from local_sheets.values.rules import choices
from local_sheets.values.serial import moment
from local_sheets.values.typed import typed
from local_sheets.xlsx.formulas import from_excel, to_excel
from local_sheets.xlsx.memory import Memory
from local_sheets.xlsx.package import openpyxl

OPERATORS = {
    "GREATER": "greaterThan", "GREATER_THAN_EQ": "greaterThanOrEqual", "LESS": "lessThan",
    "LESS_THAN_EQ": "lessThanOrEqual", "EQ": "equal", "NOT_EQ": "notEqual", "BETWEEN": "between",
    "NOT_BETWEEN": "notBetween", "BEFORE": "lessThan", "AFTER": "greaterThan",
    "ON_OR_BEFORE": "lessThanOrEqual", "ON_OR_AFTER": "greaterThanOrEqual",
}  # fmt: skip
_NUMBERS = {excel: google for google, excel in list(OPERATORS.items())[:8]}
_DATES = _NUMBERS | {excel: google for google, excel in list(OPERATORS.items())[8:]}
_RELATIVE = {"TODAY": "TODAY()", "YESTERDAY": "TODAY()-1", "TOMORROW": "TODAY()+1"}
_LONGEST_LIST = 255
_LONGEST_MESSAGE = 255

TESTS = {
    "TEXT_CONTAINS": "ISNUMBER(SEARCH({text},{cell}))",
    "TEXT_NOT_CONTAINS": "ISERROR(SEARCH({text},{cell}))",
    "TEXT_STARTS_WITH": "LEFT({cell},LEN({text}))={text}",
    "TEXT_ENDS_WITH": "RIGHT({cell},LEN({text}))={text}",
    "TEXT_EQ": "{cell}={text}",
    "TEXT_NOT_EQ": "{cell}<>{text}",
    "TEXT_IS_EMAIL": 'ISNUMBER(MATCH("*?@?*.?*",{cell},0))',
    "TEXT_IS_URL": 'ISNUMBER(MATCH("*?.?*",{cell},0))',
    "DATE_IS_VALID": "ISNUMBER({cell})",
    "BLANK": "LEN(TRIM({cell}))=0",
    "NOT_BLANK": "LEN(TRIM({cell}))>0",
}
"""What Excel has no kind for, as a formula of the first cell."""


def operand(value: Json, words: Locale) -> str:
    """Return a value of a condition as Excel's formula: a number, a date's number, text, a formula."""
    given = str(value.get("userEnteredValue", ""))
    if value.get("relativeDate"):
        return _RELATIVE.get(value["relativeDate"], "TODAY()")
    if given.startswith("="):
        return to_excel(given, {})
    meant = typed(given, words).value
    if isinstance(meant, bool) or not isinstance(meant, (int, float)):
        return quoted(given)
    return repr(meant)


def quoted(text: str) -> str:
    """Return a text inside a formula."""
    return '"' + text.replace('"', '""') + '"'


def test_of(condition: Json, cell: str) -> str:
    """Return a condition as a formula of the first cell; one that is never true for what is unknown."""
    values = [str(value.get("userEnteredValue", "")) for value in condition.get("values") or ()]
    kind = str(condition.get("type", ""))
    if kind == "CUSTOM_FORMULA" and values:
        return to_excel(values[0], {})
    if kind in TESTS:
        return TESTS[kind].format(text=quoted(values[0] if values else ""), cell=cell)
    return f"AND(FALSE,{quoted(kind)})"


def validation(rule: Json, places: str, memory: Memory, words: Locale, titles: dict[str, str]) -> Any:
    """Return a rule as an openpyxl DataValidation for cells such as `A1:B3 D5`."""
    made = openpyxl(".worksheet.datavalidation").DataValidation(
        sqref=places,
        allow_blank=True,
        showErrorMessage=True,
        errorStyle="stop" if rule.get("strict") else "warning",
        **_meant(rule.get("condition") or {}, places.partition(":")[0].split(" ")[0], memory, words, titles),
    )
    if made.type == "list":
        made.showDropDown = not rule.get("showCustomUi")
    message = str(rule.get("inputMessage") or "")
    if message:
        made.showInputMessage, made.prompt = True, message[:_LONGEST_MESSAGE]
    return made


def _meant(condition: Json, cell: str, memory: Memory, words: Locale, titles: dict[str, str]) -> Json:
    """Return type, operator and formulas of a condition."""
    kind, values = str(condition.get("type", "")), condition.get("values") or []
    if kind in ("ONE_OF_LIST", "BOOLEAN"):
        listed = choices(condition_of(values)) if kind == "ONE_OF_LIST" else ["TRUE", "FALSE"]
        return {"type": "list", "formula1": _list(listed, memory)}
    if kind == "ONE_OF_RANGE" and values:
        return {"type": "list", "formula1": to_excel(str(values[0].get("userEnteredValue", "")), titles)}
    measure, _, operator = kind.partition("_")
    if measure in ("NUMBER", "DATE") and operator in OPERATORS and values:
        operands = [operand(value, words) for value in values]
        found = {"type": "decimal" if measure == "NUMBER" else "date", "operator": OPERATORS[operator]}
        return found | {f"formula{n}": text for n, text in enumerate(operands[:2], 1)}
    return {"type": "custom", "formula1": test_of(condition, cell)}


def condition_of(values: list[Json]) -> Json:
    """Return a rule of choices."""
    return {"condition": {"type": "ONE_OF_LIST", "values": values}}


def _list(listed: list[str], memory: Memory) -> str:
    """Return a list of choices in a formula, or where it stands when a formula cannot hold it."""
    plain = all(text and text == text.strip() and not set(text) & set(',"\n\r') for text in listed)
    joined = ",".join(listed)
    if listed and plain and len(joined) <= _LONGEST_LIST and not joined.startswith("="):
        return f'"{joined}"'
    return memory.keep_list(listed or [""]).removeprefix("=")


def rule_of(given: Any, memory: Memory) -> Json | None:
    """Return an openpyxl DataValidation as Google's rule; None where it allows everything."""
    condition = _condition(given, memory)
    if condition is None:
        return None
    rule: Json = {"condition": condition}
    if given.prompt:
        rule["inputMessage"] = given.prompt
    if given.showErrorMessage and given.errorStyle in (None, "stop"):
        rule["strict"] = True
    if given.type == "list" and not given.showDropDown:
        rule["showCustomUi"] = True
    return rule


def _condition(given: Any, memory: Memory) -> Json | None:
    """Return what a DataValidation asks for."""
    formulas = [text for text in (given.formula1, given.formula2) if text is not None]
    if not formulas:
        return None
    first = str(formulas[0])
    if given.type == "list":
        return _listed(first, memory)
    if given.type == "custom":
        return {"type": "CUSTOM_FORMULA", "values": [{"userEnteredValue": from_excel(first)}]}
    if given.type in ("decimal", "whole", "date"):
        date = given.type == "date"
        kind = (_DATES if date else _NUMBERS).get(given.operator or "between")
        values = [{"userEnteredValue": _typed(str(text), date=date)} for text in formulas]
        return {"type": f"{'DATE' if date else 'NUMBER'}_{kind}", "values": values}
    return None


def _listed(formula: str, memory: Memory) -> Json:
    """Return a condition of choices."""
    if formula.startswith('"'):
        listed = formula[1:-1].replace('""', '"').split(",")
    else:
        found = memory.listed(f"={formula.removeprefix('=')}")
        if found is None:
            return {"type": "ONE_OF_RANGE", "values": [{"userEnteredValue": from_excel(formula)}]}
        listed = found
    return {"type": "ONE_OF_LIST", "values": [{"userEnteredValue": text.strip()} for text in listed]}


def _typed(formula: str, *, date: bool) -> str:
    """Return an operand as a person types it."""
    try:
        number = float(formula)
    except ValueError:
        return from_excel(formula)
    return f"{moment(number):%Y-%m-%d}" if date and 0 < number < 2_958_466 else formula  # noqa: PLR2004
