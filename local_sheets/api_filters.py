"""The batches of values, and everything that finds its cells by a DataFilter."""

from typing import Any

from local_sheets import a1, answers, api_values, places
from local_sheets.a1 import Box
from local_sheets.api_values import Raw
from local_sheets.errors import BadRequest, Json, NotFound
from local_sheets.fields import Mask
from local_sheets.requests import metadata as developer
from local_sheets.store import Book, Sheet
from local_sheets.store.row import dumps


def batch_update(book: Book, body: Json) -> Json:
    """values.batchUpdate."""
    responses = []
    for number, data in enumerate(body.get("data") or ()):
        try:
            responses.append(api_values.update(book, data.get("range", ""), data, *_how(body)))
        except BadRequest as error:
            raise error.at(f"data[{number}]") from error
    return _update(book, body, responses)


def _how(body: Json) -> tuple[str, Json]:
    """Return the input option and the response options of a batch body."""
    return body["valueInputOption"], body


def _update(book: Book, _body: Json, responses: list[Json]) -> Json:
    """Sum up the answers of several updates: rows, columns and sheets are counted once."""
    answer: Json = {"spreadsheetId": book.id}
    rows, columns, sheets = set(), set(), set()
    for response in responses:
        if response.get("updatedCells"):
            sheet, box = places.box(book, response["updatedRange"])
            rows |= {(sheet.id, row) for row in range(box.top, box.bottom)}
            columns |= {(sheet.id, column) for column in range(box.left, box.right)}
            sheets.add(sheet.id)
    totals = {
        "totalUpdatedRows": len(rows),
        "totalUpdatedColumns": len(columns),
        "totalUpdatedCells": sum(response.get("updatedCells", 0) for response in responses),
        "totalUpdatedSheets": len(sheets),
    }
    answer |= {name: total for name, total in totals.items() if total}
    if responses:
        answer["responses"] = responses
    return answer


def batch_clear(book: Book, body: Json) -> Json:
    """values.batchClear."""
    found = [places.box(book, address) for address in body.get("ranges") or ()]
    cleared = [api_values.clear(book, sheet, box)["clearedRange"] for sheet, box in found]
    return {"spreadsheetId": book.id, "clearedRanges": cleared}


def boxes(book: Book, data_filter: Json) -> list[tuple[Sheet, Box]]:
    """Return the cells that a DataFilter finds."""
    if "a1Range" in data_filter:
        return [places.box(book, data_filter["a1Range"])]
    if "gridRange" in data_filter:
        return [places.grid(book, data_filter["gridRange"])]
    lookup = data_filter.get("developerMetadataLookup")
    if not lookup:
        raise BadRequest("A data filter must name an a1Range, a gridRange or a developerMetadataLookup.")
    found = [
        item["location"] for item in developer.items(book) if developer.matches(book, item, [data_filter])
    ]
    return [box for place in found for box in developer.boxes(book, place)]


def batch_get(book: Book, body: Json) -> Raw:
    """values.batchGetByDataFilter."""
    parts = []
    for data_filter in body.get("dataFilters") or ():
        for sheet, box in boxes(book, data_filter):
            text = api_values.get(book, sheet, box, body)
            filters = dumps([data_filter])
            parts.append(f'{{"valueRange":{text},"dataFilters":{filters}}}')
    found = f',"valueRanges":[{",".join(parts)}]' if parts else ""
    return Raw(f'{{"spreadsheetId":"{book.id}"{found}}}')


def batch_update_by_filter(book: Book, body: Json) -> Json:
    """values.batchUpdateByDataFilter."""
    responses = []
    for data in body.get("data") or ():
        for sheet, box in boxes(book, data.get("dataFilter") or {}):
            address = a1.write(sheet.title, box)
            given = {k: v for k, v in data.items() if k != "dataFilter"}
            answer = api_values.update(book, address, given, *_how(body))
            answer.pop("spreadsheetId")
            responses.append(answer | {"dataFilter": data["dataFilter"]})
    return _update(book, body, responses)


def batch_clear_by_filter(book: Book, body: Json) -> Json:
    """values.batchClearByDataFilter."""
    found = [place for one in body.get("dataFilters") or () for place in boxes(book, one)]
    cleared = [api_values.clear(book, sheet, box)["clearedRange"] for sheet, box in found]
    return {"spreadsheetId": book.id, "clearedRanges": cleared}


def spreadsheet(book: Book, base: str, mask: Mask, body: Json) -> Json:
    """spreadsheets.getByDataFilter."""
    found = [place for one in body.get("dataFilters") or () for place in boxes(book, one)]
    ranges = [a1.write(sheet.title, box) for sheet, box in found]
    return answers.spreadsheet(book, base, mask, ranges, with_cells=bool(body.get("includeGridData")))


def metadata(book: Book, number: int) -> Json:
    """developerMetadata.get."""
    for item in developer.items(book):
        if item["metadataId"] == number:
            return item
    raise NotFound


def metadata_search(book: Book, body: Json) -> Json:
    """developerMetadata.search."""
    found: list[Any] = []
    for item in developer.items(book):
        filters = [one for one in body.get("dataFilters") or () if developer.matches(book, item, [one])]
        if filters:
            found.append({"developerMetadata": item, "dataFilters": filters})
    return {"matchedDeveloperMetadata": found} if found else {}
