"""What can go wrong, and how it is said.

* OpslineError           anything that a person can be told in one sentence
  + SheetFault           a sheet or a value is not what its table declares
    - CellFault          one value is not of its field's kind, or breaks its field's rule
    - UnknownField       a record names a field that its table does not have
    - UnknownTable       a table is named that the workbook does not declare
    - SchemaFault        a table.yaml, or a row of `fields`, cannot be understood
  + RuleError            a rule of the policy says no
    - IllegalMove        a thing was sent where its workflow has no arrow
    - NotAllowed         this person's role does not allow it
    - Blocked            something has to be filled in or done first
  + BookError            the workbook cannot be reached, read or written
    - Unreachable        nothing answers at its address
    - CredentialFault    the key is missing, wrong, or not let in
      - NotProtected     all is laid out, but this account may not protect columns
    - NotAWorkbook       there is something there, but it is not ours
    - MissingSheet       a sheet of the workbook is gone or renamed
    - HeaderFault        a sheet's header no longer names the columns to write
    - MissingRow         a record's id is no longer in its sheet
    - Conflict           somebody else changed the same field first
    - QuotaFault         Google asks us to wait
    - DamagedFile        a local workbook's file cannot be read
    - PortInUse          another program holds the port

Every class has a `key` of the words and every error its `facts`; an error words itself, in English
by `str` and in any language by `text`. A caller passes facts, not prose; where one class has
several sentences, the key comes first: `CredentialFault("book.credential.missing", path=path)`.
"""

from __future__ import annotations

from typing import ClassVar

from sheets_schema.words import Message


class OpslineError(Exception):
    """Anything that a person can be told in one sentence.

    Args:
        key: The key of the sentence; the class's own where left out.
        facts: What the sentence's placeholders ask for, and whatever a handler may need.
    """

    key: ClassVar[str] = "error.opsline"

    def __init__(self, key: str | None = None, /, **facts: object) -> None:
        """Keep the facts, and the sentence's key where it is not the class's."""
        super().__init__(key or type(self).key)
        self.said_by = key or type(self).key
        self.facts = facts

    @property
    def done(self) -> str:
        """The id of the save that is done but for what the error tells of; blank where nothing was done."""
        return str(self.facts.get("done", ""))

    @property
    def message(self) -> Message:
        """The error's sentence, not yet put into a language."""
        return Message(self.said_by, self.facts)

    def text(self, language: str = "en") -> str:
        """Return the error's sentence in one of the three languages."""
        return self.message.text(language)

    def __str__(self) -> str:
        """Return the error's sentence in English."""
        return self.text()


class SheetFault(OpslineError):
    """A sheet or a value is not what its table declares."""

    key = "error.sheet"


class CellFault(SheetFault):
    """One value is not of its field's kind, or breaks its field's rule (facts: field, found, must)."""

    key = "error.cell"


class UnknownField(SheetFault):
    """A record names a field that its table does not have (facts: table, field)."""

    key = "error.unknown_field"


class UnknownTable(SheetFault):
    """A table is named that the workbook does not declare (facts: table, tables)."""

    key = "error.unknown_table"


class SchemaFault(SheetFault):
    """A table.yaml, or a row of `fields`, cannot be understood (facts: where, reason)."""

    key = "error.schema"


class RuleError(OpslineError):
    """A rule of the policy says no (facts: reason)."""

    key = "error.rule"


class IllegalMove(RuleError):
    """A thing was sent where its workflow has no arrow (facts: here, there, allowed)."""

    key = "error.illegal_move"


class NotAllowed(RuleError):
    """This person's role does not allow it (facts: person, role, action)."""

    key = "error.not_allowed"


class Blocked(RuleError):
    """Something has to be filled in or done first (facts: reason)."""

    key = "error.blocked"


class BookError(OpslineError):
    """The workbook cannot be reached, read or written (facts: reason)."""

    key = "error.book"


class Unreachable(BookError):
    """Nothing answers at the workbook's address (facts: address)."""

    key = "error.unreachable"


class CredentialFault(BookError):
    """The key to the workbook is missing, wrong, or not let in (facts: address)."""

    key = "error.credential"


class NotProtected(CredentialFault):
    """All is laid out, but this account may not protect columns (facts: address)."""

    key = "book.init.not_protected"


class NotAWorkbook(BookError):
    """There is something there, but it is not a workbook of ours (facts: address)."""

    key = "error.not_a_workbook"


class MissingSheet(BookError):
    """A sheet of the workbook is gone or renamed (facts: sheet)."""

    key = "error.missing_sheet"


class HeaderFault(BookError):
    """A sheet's header no longer names the columns to write (facts: sheet, missing)."""

    key = "error.header"


class MissingRow(BookError):
    """A record's id is no longer in its sheet (facts: sheet, id)."""

    key = "error.missing_row"


class Conflict(BookError):
    """Somebody changed the same field first (facts: sheet, id, field, before, yours, theirs)."""

    key = "error.conflict"


class QuotaFault(BookError):
    """Google asks us to wait (facts: seconds)."""

    key = "error.quota"


class DamagedFile(BookError):
    """A local workbook's file cannot be read (facts: path)."""

    key = "error.damaged_file"


class PortInUse(BookError):
    """Another program holds the port (facts: port)."""

    key = "error.port_in_use"
