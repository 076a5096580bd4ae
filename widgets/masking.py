"""Personal data as those see it who may not."""

from __future__ import annotations

__all__ = ["mask"]


def mask(value: str) -> str:
    """Return personal data as a viewer sees it: enough to tell two apart, not to reach anybody.

    >>> mask("13800138000"), mask("li.na@example.com"), mask("")
    ('•••••••••00', 'l••••@example.com', '')
    """
    name, at, domain = value.partition("@")
    if at:
        return f"{name[:1]}••••@{domain}"
    return f"{'•' * max(len(value) - 2, 0)}{value[-2:]}" if len(value) > 2 else "•" * len(value)  # noqa: PLR2004
