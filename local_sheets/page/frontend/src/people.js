// Who else is here: their cells framed in their colour, their names in the bar.
import { IMarkSelectionService } from "@univerjs/sheets-ui";
import { cellName } from "./address.js";
import { element, make, say } from "./words.js";

const ANY = { startRow: 0, endRow: 0, startColumn: 0, endColumn: 0 };

export class People {
  people = [];
  frames = [];

  constructor(painter, selection, book) {
    Object.assign(this, { selection, book });
    this.marks = painter.injector.get(IMarkSelectionService);
  }

  set(people, session) {
    this.people = people.filter((one) => one.session !== session);
    this.show();
  }

  show() {
    this.frames.forEach((id) => this.marks.removeShape(id));
    const { gid } = this.selection;
    this.frames = this.people.filter((one) => one.gid === gid && one.row >= 0).map((one) => this.frame(one)).filter(Boolean);
    element("people").replaceChildren(...this.people.map((one) => this.name(one)));
  }

  frame({ row, column, colour }) {
    const range = { ...ANY, startRow: row, endRow: row, startColumn: column, endColumn: column };
    return this.marks.addShape({ range, style: { stroke: colour, strokeWidth: 2, fill: `${colour}22`, widgets: {} }, primary: null }, [], 20);
  }

  name(one) {
    const title = this.book.info.sheets.find((sheet) => sheet.gid === one.gid)?.title ?? "";
    const where = one.row >= 0 ? cellName(one.row, one.column) : "";
    const button = make("button", { type: "button", className: "person", title: say("goto.person", { name: one.name, cell: where, sheet: title }) }, make("span", { className: "dot" }), `${one.name} ${where}`);
    button.firstChild.style.background = one.colour;
    button.addEventListener("click", () => where && this.selection.goToAddress(one.gid, where));
    return make("li", {}, button);
  }
}
