// The line above the sheet: whether all is saved, what the server says, the way to the row's own page.
import { linkOf } from "./links.js";
import { element, place, say } from "./words.js";

const LASTS = 8000;

export class Bar {
  constructor(outbox) {
    this.outbox = outbox;
  }

  state(connected) {
    const { length } = this.outbox.waiting;
    const key = connected ? (length ? "live.sending" : "live.saved") : length ? "live.cut.waiting" : "live.cut";
    const status = element("status");
    const text = say(key, { count: length });
    if (status.textContent !== text) status.textContent = text;
    status.dataset.state = connected ? (length ? "sending" : "saved") : "cut";
    status.dataset.waiting = length;
  }

  // Say something that is not for long; `key` of a word, or a sentence of the server's.
  tell(key, sentence) {
    const notice = element("notice");
    notice.textContent = key ? say(`live.${key}`) : sentence;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { notice.textContent = ""; }, LASTS);
  }

  // Something that stays: the spreadsheet is gone, or may only be read.
  stays(id, sentence) {
    element(id).textContent = sentence;
  }

  // The address of this place, so that it can be copied and found again by the other view.
  where(gid, cell) {
    const address = new URL(location.href);
    address.hash = `gid=${gid}${cell ? `&range=${cell}` : ""}`;
    for (const name of ["gid", "range"]) address.searchParams.delete(name);
    history.replaceState(null, "", address);
    const table = new URL("htmlview", location.href);
    for (const [name, value] of [["gid", gid], ["range", cell], ["lang", place.language], ["theme", place.theme]]) if (value !== undefined && value !== "" && value !== null) table.searchParams.set(name, value);
    element("table-view").href = table.href;
  }

  // The page of the selected cell's row, where the sheet has such pages; where the cell's own link leads.
  row(sheet, cell) {
    const row = sheet?.rows[cell?.row];
    const own = element("cell-link");
    own.href = linkOf(row, cell?.column) ?? "";
    own.hidden = !linkOf(row, cell?.column);
    own.textContent = own.hidden ? "" : say("live.link", { address: own.href });
    const anchor = element("row-link");
    const { link } = sheet?.about ?? {};
    const id = link && row?.value(link.column);
    anchor.hidden = !id || cell.row < sheet.about.frozenRows;
    if (anchor.hidden) return;
    anchor.href = link.address.replace("{}", encodeURIComponent(id));
    anchor.textContent = say("live.row", { id, label: link.label });
  }
}
