"""The quota's refusal, by which the book knows that it may send the same again after a pause."""

from __future__ import annotations

import time
from typing import Final

import requests
from gspread.urls import SPREADSHEET_URL

from sheets_schema.book import failures
from sheets_schema.book.doors import GoogleDoor
from sheets_schema.book.guarantees.guarantee import NotTried, Seen
from sheets_schema.book.guarantees.scratch import Scratch

__all__ = ["quota"]

MOST: Final = 130
"""Requests that are enough for Google's 60 a minute, and for a drill's."""
LONGEST: Final = 60.0


def quota(scratch: Scratch) -> Seen:
    """Ask quickly until it is refused: at Google only where that was asked for."""
    client = scratch.book.client
    if isinstance(client.door, GoogleDoor) and not scratch.quota:
        raise NotTried
    address = client.door.swap(SPREADSHEET_URL % scratch.book.workbook.id)
    end = time.monotonic() + LONGEST
    for _ in range(MOST):
        answer = client.session.get(address, params={"fields": "spreadsheetId"}, timeout=30)
        if not answer.ok:
            return _said(scratch, answer)
        if time.monotonic() > end:
            break
    raise NotTried("certify.no_quota")


def _said(scratch: Scratch, answer: requests.Response) -> Seen:
    """Return what a refusal says, and whether the book takes it for a quota's."""
    client = scratch.book.client
    failure = failures.of_answer(answer, client.door.name)
    if failure.quota and client.buckets is not None:
        client.buckets.refused("read")
    known = f"{answer.status_code}: {'pause' if failure.quota else failure.error}"
    return Seen(known, f"{answer.status_code}: pause" if failure.quota else "429: pause")
