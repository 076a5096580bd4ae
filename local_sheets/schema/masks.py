"""Field masks held against a schema."""

from collections.abc import Iterator

from local_sheets import fields
from local_sheets.errors import BadRequest
from local_sheets.fields import Mask
from local_sheets.schema.table import table


def answer_mask(text: str | None, schema: str) -> Mask:
    """Read the `fields` parameter of an answer of a schema; {} for all.

    >>> answer_mask("sheets.properties(title)", "Spreadsheet")
    {'sheets': {'properties': {'title': {}}}}

    Raises:
        BadRequest: The answer has no such field (a space is part of a name here, as it is to Google).
    """
    if not text:
        return {}
    unknown: list[str] = []
    mask = canonical(fields.parse(text), schema, unknown)
    unknown += [part for part in text.split(",") if " " in part]
    if unknown:
        violations = [
            {
                "field": path,
                "description": "Error expanding 'fields' parameter. Cannot find matching fields for path"
                f" '{path}'.",
            }
            for path in unknown
        ]
        raise BadRequest(
            "Request contains an invalid argument.",
            [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}],
        )
    return mask


def canonical(mask: Mask, schema: str, unknown: list[str], above: str = "") -> Mask:
    """Return a mask in camel case; paths that the schema does not have are added to *unknown*."""
    return dict(_canonical(mask, schema, unknown, above))


def _canonical(mask: Mask, schema: str, unknown: list[str], above: str) -> Iterator[tuple[str, Mask]]:
    """Yield the fields of a mask by their names."""
    known = table().schemas[schema]
    for name, below in mask.items():
        path = f"{above}{name}"
        if name == "*":
            yield name, below
            continue
        found = known.get(name)
        if found is None:
            unknown.append(path)
            continue
        field, code = found
        _, _, inner = code.partition("@")
        if below and inner:
            yield field, canonical(below, inner, unknown, f"{path}.")
        else:
            if below and not code.endswith(("a", "{s")):
                unknown += [f"{path}.{name}" for name in below if name != "*"]
            yield field, {}
