"""A spreadsheet that several people edit at once in their browsers: the protocol.

WebSocket `/spreadsheets/d/ID/live` (same origin, login cookie; Host and Origin are checked). JSON text
messages. The server is the only authority: it serialises every change (of pages and of API callers),
stamps it with the spreadsheet's next version, and tells every page. Rows are addressed by their stable
**key** (integer > 0, never reused). A row of the grid below the last one that was ever touched has no
key yet: key 0, addressed by its index; columns are addressed by index. Index addresses are meant "as of
version `base`"; the server carries them over inserts, deletes and moves that happened since (a log kept
in SQLite). All indices count from 0.

## client -> server
- `{"type":"hello","session":S,"since":V|null,"lang":"en|zh-Hans|zh-Hant"}` first. S: random id of the
  tab, kept in sessionStorage, so that undo and resent ops survive a reconnect.
- `{"type":"open","gid":G}`: send me sheet G whole, and its changes from then on (a page gets changes of
  all sheets that it has opened; for other sheets only `about`/sheet list changes).
- `{"type":"do","op":N,"base":V,"do":[STEP,...]}`: N counts up per session (1,2,3...; keep it in
  sessionStorage); V: version of the last change that the page has applied. All steps are one transaction
  and one undo. STEP is
    - `{"kind":"cells","gid":G,"cells":[{"key":K,"row":R,"column":C,"text":"as typed"},...]}` text as a
      person types it (USER_ENTERED: "12/3/2026", "5%", "=SUM(A1:A3)", "'0042"); "" empties. A cell may
      bring `"force":true` (write although somebody changed it since `before`) and `"before":"text that
      was shown"`.
    - `{"kind":"request","request":{...}}`: any Sheets batchUpdate request (insertDimension,
      deleteDimension, moveDimension, sortRange, repeatCell for formats, mergeCells, setBasicFilter,
      clearBasicFilter, addSheet, deleteSheet, duplicateSheet, updateSheetProperties,
      updateDimensionProperties, setDataValidation, addConditionalFormatRule, updateCells (fields=note)
      ...). Indices as of `base`.
- `{"type":"undo","op":N}` / `{"type":"redo","op":N}`: the session's own last change, taken back by key
  on the server.
- `{"type":"here","gid":G,"key":K,"row":R,"column":C}`: where my cursor is (throttle to 5/s).
- `{"type":"ping"}` -> `{"type":"pong"}`.

## server -> client
- `{"type":"book","id","title","locale","timeZone","version":V,"role":"owner|writer|commenter|reader","wh
  o":"name", "formulas":bool (are formulas computed here),"sheets":[SHEET...],"session":S,"done":N (last
  op of this session that was carried out; informational)}` answers hello, and again whenever the list of
  sheets, a sheet's name/order/colour/visibility, the title or the caller's role changed (then with
  `"changed":true`).
  SHEET: `{"gid","title","rows","columns","frozenRows","frozenColumns","hidden":bool,"tabColor":"#rrggbb"
  |null,"used":n}`
- `{"type":"looks","formats":{KEY:FORMAT},"rules":{KEY:RULE}}`: always sent before a message that uses a
  KEY for the first time.
  FORMAT: Google's CellFormat (backgroundColor, textFormat, horizontalAlignment, wrapStrategy, borders,
  numberFormat ...) plus `"pattern"`: the resolved number pattern (e.g. "yyyy-mm-dd hh:mm"), absent for
  general.
  RULE: `{"condition":{Google's BooleanCondition},"strict":bool,"choices":[...]|null (already resolved,
  also from a range),"message":"..."|null,"checkbox":bool}`
- `{"type":"sheet","gid","version","total":n (rows that have a key), "about":ABOUT}` then
  `{"type":"rows","gid","start":i,"rows":[[key, [values...], extras|0],...],"more":bool}` (about 2,000
  rows a message; all messages of one open are of one version, and nothing else of that sheet comes
  between).
  values: raw JSON (numbers, strings, booleans; dates are serial numbers; "" is blank), trailing blanks
  left out; a formula cell has its last computed value there (or an error text such as "#DIV/0!").
  extras: `{"f":{col:formatKEY},"d":{col:ruleKEY},"n":{col:"note"},"x":{col:"=formula"},"m":{col:{hyperli
  nk,textFormatRuns...}},"p":{"pixelSize":..,"hiddenByUser":true}}` (cols are strings).
  ABOUT: `{"rows","columns","frozenRows","frozenColumns","hidden","columnWidths":{col:px},"hiddenColumns"
  :[..],"merges":[GridRange], "conditionalFormats":[Google's
  ConditionalFormatRule],"basicFilter":{..}|null,"bandedRanges":[..],
  "protectedRanges":[{"range":GridRange,"description","warningOnly","editable":bool}],
  "link":{"column":c,"address":"/desk/tickets?id={}","label":"Open in the desk"}|null}`
- `{"type":"change","version":V,"session":S|null,"op":N|null,"gid":G,"steps":[...]}` for an opened sheet,
  in order of versions:
    - `{"kind":"insert","dimension":"ROWS|COLUMNS","start":i,"count":n}`
    - `{"kind":"delete","dimension":"ROWS|COLUMNS","start":i,"end":j}`
    - `{"kind":"about","about":ABOUT}` (whole)
    - `{"kind":"rows","rows":[[index,key,values,extras|0],...]}` whole rows at their final index (after a
      sort or a move of rows: every row of the stretch that moved). Always after the insert/delete steps.
    - `{"kind":"reload"}`: too much changed; the server sends `sheet` + `rows` messages right after.
- `{"type":"done","op":N,"version":V,"problems":[{"gid","key","row","column","cell":"D3","text":"typed","
  reason":"sentence","late":bool,"theirs":"..."|null}], "warnings":[{..., "reason"}]}` answers
  do/undo/redo AFTER the change messages it caused. A problem's cell was not written (all other cells of
  the op were). `late`: somebody changed the cell since `before`.
- `{"type":"refused","op":N,"reason":"sentence"}`: nothing of the op was done (no rights, protected,
  nothing to undo, bad request).
- `{"type":"people","people":[{"session","name","colour":"#rrggbb","gid","row","column"}]}`: who else has
  the page open.
- `{"type":"problem","reason":"sentence","final":bool}`: e.g. the spreadsheet was deleted, rights were
  taken away; final: do not reconnect.

Resend after a cut: connect, hello (with session and since), receive `book`; open the active sheet anew;
then send ALL ops that were not answered by done/refused again, in order, with their old numbers and old
`base`. The server carries each op out exactly once: for one that it had carried out already it sends the
stored `done` (with its problems) again. `done` also has `"replies":[...]` (batchUpdate replies of
request steps, e.g. the new sheet's id of addSheet) and `"undo":n,"redo":n` (how many steps can be undone
/ redone by this session now).
"""
