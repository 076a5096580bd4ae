// What is on the clipboard: a table of texts, and whether it was copied from this page.
import { extractId } from "./copied.js";

// Tab-separated text as spreadsheets write it: a cell with a line break or a tab stands in quotes.
export function readTabs(text) {
  const rows = [[]];
  let at = 0;
  const plain = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  while (at <= plain.length) {
    const quotedCell = plain[at] === '"' ? /"((?:[^"]|"")*)"(?=[\t\n]|$)/y : null;
    if (quotedCell) quotedCell.lastIndex = at;
    const match = quotedCell?.exec(plain);
    let cell;
    if (match && /["\t\n]/.test(match[1])) {
      cell = match[1].replaceAll('""', '"');
      at += match[0].length;
    } else {
      const end = plain.slice(at).search(/[\t\n]/);
      cell = end < 0 ? plain.slice(at) : plain.slice(at, at + end);
      at += cell.length;
    }
    rows.at(-1).push(cell);
    if (plain[at] === "\n") rows.push([]);
    at += 1;
  }
  return rows;
}

// The first table of an HTML text; null if there is none. Spanned cells are left empty, as in a sheet.
export function readTable(html) {
  const table = new DOMParser().parseFromString(html, "text/html").querySelector("table");
  if (!table) return null;
  const rows = [...table.rows].map(() => []);
  [...table.rows].forEach((row, at) => {
    let column = 0;
    for (const cell of row.cells) {
      while (rows[at][column] !== undefined) column += 1;
      for (let down = 0; down < cell.rowSpan && rows[at + down]; down++) for (let across = 0; across < cell.colSpan; across++) rows[at + down][column + across] = "";
      rows[at][column] = cellText(cell);
      column += cell.colSpan;
    }
  });
  return rows.map((row) => [...row].map((text) => text ?? ""));
}

function cellText(cell) {
  const copy = cell.cloneNode(true);
  copy.querySelectorAll("style, script").forEach((one) => one.remove());
  copy.querySelectorAll("br").forEach((one) => one.replaceWith("\uE000"));
  return copy.textContent.replace(/[ \t\r\n]+/g, " ").replaceAll(/ ?\uE000 ?/g, "\n").replaceAll("\u00a0", " ").trim();
}

async function fromClipboard() {
  if (!navigator.clipboard?.read) return { text: await navigator.clipboard?.readText?.() };
  const [item] = await navigator.clipboard.read();
  const read = async (type) => (item?.types.includes(type) ? (await item.getType(type)).text() : "");
  return { html: await read("text/html"), text: await read("text/plain") };
}

// `given` comes from the keyboard's paste event; from a menu, the clipboard is asked.
export async function readPaste(id, given) {
  const { html, text } = id === "sheet.command.paste-by-short-key"
    ? { html: given.htmlContent, text: given.textContent }
    : await fromClipboard().catch((error) => { if (error instanceof DOMException) return {}; throw error; });
  const inside = html ? extractId(html) : null;
  const table = /[\t\n]/.test((text ?? "").replace(/\r?\n$/, "")) || !html ? null : readTable(html);
  return { inside, table: table ?? (text ? readTabs(text) : []) };
}
