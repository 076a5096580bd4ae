// What was last copied on this page, by the rows themselves: they may have moved by the time it is pasted.
let last = null; // {id, gid, rows, startColumn, endColumn, cut}

export function extractId(html) {
  const id = /data-copy-id="([^"\s]+)"/.exec(html)?.[1];
  return id && id === last?.id ? last : null;
}

// Remember the rows when Univer copies or cuts.
export function watchCopies(clipboard, book) {
  const cache = clipboard.copyContentCache();
  cache.lastCopyId$.subscribe((id) => {
    const found = id && cache.get(id);
    const sheet = found && book.sheet(found.subUnitId);
    if (!sheet?.about) return;
    const { rows, cols } = found.range;
    last = { id, gid: sheet.gid, rows: rows.map((index) => sheet.ensure(index)), startColumn: cols[0], endColumn: cols.at(-1), cut: found.copyType === "CUT" };
  });
}

export function forgetCopied() {
  last = null;
}
