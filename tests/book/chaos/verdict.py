"""What became of every save: what the writers were told, held against the journal and the sheet."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from sheets_schema.book import Book
from sheets_schema.book.history.lines import in_order
from sheets_schema.book.history.replay import differences, replay, sheet_texts
from tests.book.chaos.trial import Note
from tests.book.chaos.writer import TABLES

Cell = tuple[str, str]
"""A field, and the text that a save has written there; no other save writes that text."""
Part = tuple[str, str, str]
"""A row, a field, and the text."""
PUT_RIGHT = "put right"


@dataclass
class Verdict:
    """What is wrong; all of it is to be empty.

    Args:
        lost: Acknowledged saves that the journal does not have whole.
        doubled: What a save has written twice, in the journal or in the sheet.
        torn: Saves of which a part is there.
        unsaid: Saves of which something else is there than their writers were told: of refused ones a part,
            of one that is done but for a part another part than was shown as open.
        ids: Ids that stand twice in a sheet, or twice in the journal.
        differing: Cells in which the replayed journal and the sheet differ.
        counts: How often what happened.
    """

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def wrong(self) -> dict[str, list[str]]:
        """What is wrong, by kind."""
        kinds = ("lost", "doubled", "torn", "unsaid", "ids", "differing")
        return {kind: found for kind in kinds if (found := getattr(self, kind))}


@dataclass
class Save:
    """One save: what it was to write, what its writer was told, under which id."""

    name: str
    cells: Sequence[Cell]
    taken: str | None
    state: str = "begun"
    save: str = ""
    ids: Sequence[str] = ()
    rows: Sequence[str | None] = ()
    done: str = ""
    open: Sequence[Sequence[str]] = ()

    @property
    def parts(self) -> list[Part]:
        """Row, field and text of each part; the id of a new row is what the writer was told."""
        rows = [row or (self.ids[place] if self.ids else "") for place, row in enumerate(self.rows)]
        return [(row, *cell) for row, cell in zip(rows, self.cells, strict=True)]


def judge(book: Book, notes: Iterable[Note], settled: Sequence[Note]) -> Verdict:
    """Hold what the writers were told against what is there.

    Args:
        book: The workbook, when all is over.
        notes: What the writers have noted.
        settled: What each machine has said at the end.
    """
    verdict = Verdict()
    saves = _saves(notes, verdict.counts)
    stuck = {save: said for each in settled for save, said in each["stuck"].items()}
    names = (*TABLES, "journal")
    values = dict(zip(names, book.read(list(names)), strict=True))
    lines = in_order([book.tables["journal"].read(values["journal"], time_zone=book.time_zone).frame])
    sheets = {name: sheet_texts(book.tables[name], values[name]) for name in TABLES}
    here = {id_ for sheet in sheets.values() for id_ in sheet.index}
    _told_and_there(verdict, saves, stuck, lines, here)
    _twice(verdict, sheets, lines)
    for name, replayed in replay(lines, book.tables).items():
        if name in sheets:
            rows = differences(replayed, sheets[name]).itertuples(index=False)
            verdict.differing += [f"{name} {' | '.join(map(str, row))}" for row in rows]
    verdict.counts |= {f"lines of {each}": int(n) for each, n in lines["source"].value_counts().items()}
    verdict.counts["conflicts that wait for a person"] = len(stuck)
    return verdict


def _saves(notes: Iterable[Note], counts: Counter[str]) -> list[Save]:
    """Return the saves, and count what the writers were told."""
    saves: dict[tuple[str, int], Save] = {}
    last: dict[str, Counter[str]] = defaultdict(Counter)
    for note in notes:
        key = (note["writer"], note["number"])
        if note["state"] == "begun":
            written = [(name, text) for _, _, name, text in note["cells"] if name != "*"]
            taken = next((id_ for _, id_, name, _ in note["cells"] if name == "*"), None)
            rows = [id_ for _, id_, name, _ in note["cells"] if name != "*"]
            saves[key] = Save("-".join(map(str, key)), written, taken, rows=rows)
            continue
        mine = saves[key]
        mine.state, mine.save, mine.ids = note["state"], note.get("save", ""), note.get("ids", ())
        mine.done, mine.open = note.get("done", ""), note.get("open", ())
        sent = Counter(note["counted"])
        if sent["requests"] < last[note["writer"]]["requests"]:  # it was killed and began anew
            counts.update(last[note["writer"]])
        last[note["writer"]] = sent
    for sent in last.values():
        counts.update(sent)
    counts.update(f"saves {each.state}" for each in saves.values())
    counts["saves done but for a part"] += sum(bool(each.done) for each in saves.values())
    return list(saves.values())


def _told_and_there(
    verdict: Verdict, saves: Sequence[Save], stuck: Mapping[str, Note], lines: pd.DataFrame, here: set[str]
) -> None:
    """Compare what each writer was told of a save with the journal's lines, part by part.

    A part is there once, or not at all. Of a save that is done but for a part every part is in the
    journal, and open is what people have typed over, or the row that they have deleted.
    """
    there, over = _written(lines), _typed_over(lines)
    for each in saves:
        if each.save in stuck:
            each.done, each.open = stuck[each.save]["done"], stuck[each.save]["open"]
        if each.taken is not None:
            found = [there[each.taken, "*gone"]]
        else:
            found = [there[cell] for cell in each.cells]
        name = f"{each.name} {each.state} {each.save or each.done}"
        if max(found) > 1:
            verdict.doubled.append(name)
        if min(found) != max(found):
            verdict.torn.append(name)
        is_refused = each.state in {"conflict", "refused"} or each.save in stuck
        if (each.done or (each.state in {"saved", "kept"} and not is_refused)) and not min(found):
            verdict.lost.append(name)
        if is_refused and (not _is_shown(each, over, here) if each.done else max(found)):
            verdict.unsaid.append(f"{name} {each.open}")
        if not is_refused and any(part in over for part in each.parts):
            verdict.counts[f"saves {each.state} and typed over, which nobody was told"] += 1


def _is_shown(save: Save, over: set[Part], here: set[str]) -> bool:
    """Say whether what a save's writer was shown as open is just what is open."""
    told = {(row, name, text) for row, name, text in save.open}
    gone = {row for row, name, _ in told if name == "*"}
    typed = {part for part in save.parts if part in over and part[0] not in gone}
    return bool(told) and typed == {part for part in told if part[1] != "*"} and not gone & here


def _typed_over(lines: pd.DataFrame) -> set[Part]:
    """Return what is open of saves that are done, by the journal: the row of a save, and its text there.

    People had typed over it when rows were put right, or it was written over what they had just typed.
    """
    put = lines[lines["source"] == PUT_RIGHT]
    texts = put["old"].mask(put["save"].str.endswith("-T1"), put["new"])
    return set(zip(put["row_id"], put["field"], texts, strict=True))


def _written(lines: pd.DataFrame) -> Counter[Cell]:
    """Count what saves have written: field and text; for a row that was taken, its id and "*gone"."""
    counted: Counter[Cell] = Counter()
    own = lines[lines["source"] == "chaos"]
    for row, name, new in zip(*(own[each] for each in ("row_id", "field", "new")), strict=True):
        if name != "*":
            counted[name, new] += 1
        elif new:
            counted.update(json.loads(new).items())
        else:
            counted[row, "*gone"] += 1
    return counted


def _twice(verdict: Verdict, sheets: Mapping[str, pd.DataFrame], lines: pd.DataFrame) -> None:
    """Look for ids and events that stand twice."""
    keys = {**{name: sheet.index for name, sheet in sheets.items()}, "journal": lines["id"]}
    for name, key in keys.items():
        verdict.ids += [f"{name} {id_}" for id_ in key[key.duplicated()]]
    texts = sheets["ticket_events"]["text"]
    verdict.doubled += list(texts[texts.duplicated() & (texts != "")])
