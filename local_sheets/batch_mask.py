"""The `fields` of an update request."""

from local_sheets import fields
from local_sheets.errors import BadRequest, Json
from local_sheets.schema.masks import canonical


def update_mask(request: Json, schema: str) -> fields.Mask:
    """Return the `fields` of a request that updates a message of a schema; they must be there.

    >>> update_mask({"fields": "grid_properties(frozen_row_count),title"}, "SheetProperties")
    {'gridProperties': {'frozenRowCount': {}}, 'title': {}}
    """
    text = request.get("fields")
    if not text:
        raise BadRequest("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    unknown: list[str] = []
    mask = canonical(fields.parse(text), schema, unknown)
    if unknown:
        raise BadRequest(f"Invalid field: {unknown[0]}")
    return mask
