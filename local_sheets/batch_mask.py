"""The `fields` of an update request."""

from local_sheets import fields
from local_sheets.errors import BadRequest, Json


def update_mask(request: Json) -> fields.Mask:
    """Return the `fields` of an update request, which must be there."""
    text = request.get("fields")
    if not text:
        raise BadRequest("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)")
    return fields.parse(text)
