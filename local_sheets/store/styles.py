"""Formats and validation rules, each kept once under a number."""

import json
import sqlite3

from local_sheets.errors import Json


class Styles:
    """The numbered JSON objects of a file. Used only from the store's thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._by_key: dict[int, Json] = {}
        self._by_text: dict[str, int] = {}

    def get(self, key: int | None) -> Json:
        """Return the object of a number, {} for none. It must not be changed."""
        if key is None:
            return {}
        found = self._by_key.get(key)
        if found is None:
            text = self._database.execute("SELECT json FROM style WHERE key = ?", (key,))
            found = self._by_key[key] = json.loads(text.fetchone()[0])
        return found

    def all(self) -> dict[int, Json]:
        """Return every object by its number."""
        rows = self._database.execute("SELECT key, json FROM style")
        return {key: json.loads(text) for key, text in rows}

    def key(self, value: Json) -> int | None:
        """Return the number of an object, making one if need be; None for {}."""
        if not value:
            return None
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        key = self._by_text.get(text)
        if key is None:
            found = self._database.execute("SELECT key FROM style WHERE json = ?", (text,))
            row = found.fetchone()
            if row:
                key = int(row[0])
            else:
                key = self._database.execute("INSERT INTO style (json) VALUES (?)", (text,)).lastrowid
            self._by_text[text] = int(key or 0)
        return key

    def with_formulas(self) -> dict[int, Json]:
        """Return the validation rules that have a formula or a range in their condition, by number."""
        found = self._database.execute(
            'SELECT key, json FROM style WHERE instr(json, \'"userEnteredValue":"=\')'
        )
        return {int(key): json.loads(text) for key, text in found}

    def forget(self) -> None:
        """Drop what is remembered, after a rollback took numbers back."""
        self._by_key.clear()
        self._by_text.clear()
