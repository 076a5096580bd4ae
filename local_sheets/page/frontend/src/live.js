// The live spreadsheet: begins when the server has told what the workbook is.
import { ICommandService, IPermissionService, IUndoRedoService, LifecycleService, LifecycleStages } from "@univerjs/core";
import { SheetsSelectionsService, WorkbookEditablePermission } from "@univerjs/sheets";
import { ISheetClipboardService } from "@univerjs/sheets-ui";
import { cellName } from "./address.js";
import { Bar } from "./bar.js";
import { Book, workbookData } from "./book.js";
import { Conditional, tests } from "./conditional.js";
import { Connection } from "./connection.js";
import { watchCopies } from "./copied.js";
import { Editor } from "./editor.js";
import { Filters } from "./filter.js";
import { createUniver, openWorkbook } from "./grid.js";
import { Heights } from "./heights.js";
import { showLinks } from "./links.js";
import { Notes } from "./notes.js";
import { Outbox } from "./outbox.js";
import { Painter } from "./paint.js";
import { People } from "./people.js";
import { Person } from "./person.js";
import { Problems } from "./problems.js";
import { Rules } from "./rules.js";
import { Selection } from "./selection.js";
import { Sender } from "./sender.js";
import "./styles.js";
import { element, place, say } from "./words.js";

const HERE = 200;

class Live {
  book = new Book();
  opened = new Set();
  painter = null;

  constructor(words) {
    this.words = words;
  }

  async start() {
    this.outbox = new Outbox(place.id);
    await this.outbox.claim();
    this.bar = new Bar(this.outbox);
    const url = new URL("live", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    for (const name of ["hash", "search"]) url[name] = "";
    this.connection = new Connection(url.href, {
      opened: () => this.connection.send({ type: "hello", session: this.outbox.session, since: this.book.version || null, lang: place.language }),
      received: (message) => this.receive(message),
      closed: () => { this.met = false; this.changed(); this.whetherIn(); },
    });
    addEventListener("beforeunload", (event) => { if (this.outbox.waiting.length && !this.connection.ready) event.preventDefault(); });
    addEventListener("hashchange", () => this.follow());
  }

  // A cut is waited out; a session that has ended is said.
  async whetherIn() {
    try {
      const answer = await fetch("state");
      this.bar.stays("session", [401, 403].includes(answer.status) ? say("live.login") : "");
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // the server cannot be reached
    }
  }

  receive(message) {
    const work = {
      book: () => this.onBook(message),
      looks: () => { this.painter.learn(message.formats ?? {}); this.rules.learn(message.rules ?? {}); },
      sheet: () => this.book.begin(message),
      rows: () => this.onRows(message),
      change: () => { this.book.change(message); this.moved(); },
      done: () => { this.sender.done(message); this.undoing.know(message.undo ?? 0, message.redo ?? 0); },
      refused: () => this.sender.refusedWhole(message),
      people: () => this.people?.set(message.people, this.outbox.session),
      problem: () => this.onProblem(message),
    }[message.type];
    work?.();
  }

  // --- the workbook ----------------------------------------------------------------------------------------------
  onBook(message) {
    const first = !this.painter;
    if (first) this.build(message);
    else this.book.relist(message);
    this.book.version = Math.max(this.book.version, message.version);
    this.role(message.role);
    document.title = message.title;
    element("title").textContent = message.title;
    if (!message.changed) this.meet(message);
    else this.openNew(message);
    this.known = new Set(message.sheets.map((sheet) => sheet.gid));
    this.changed();
    this.moved();
  }

  build(message) {
    this.book.info = message;
    const dark = place.theme ? place.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const univer = createUniver({ container: "grid", language: place.language, words: this.words, dark });
    const active = this.asked(message).gid;
    const data = workbookData(message);
    const shown = message.sheets.find((sheet) => sheet.gid === active);
    if (shown.hidden) data.sheets[String(active)].hidden = 0; // a link leads to it
    openWorkbook(univer, data, String(active));
    const painter = new Painter(univer, message.id);
    this.painter = painter;
    const { injector } = painter;
    this.undoing = injector.get(IUndoRedoService);
    this.undoing.unit = message.id;
    this.undoing.know(1, 1); // what a tab could take back before a reload, the server knows
    const { book, outbox, connection } = this;
    const selection = new Selection(painter, book);
    const tell = (key, sentence) => this.bar.tell(key, sentence);
    const filters = new Filters(painter, tests);
    this.rules = new Rules(injector, book.sheets);
    painter.checkbox = this.rules.checkbox;
    this.selection = selection;
    book.furnishWith({ painter, selection, filters, notes: new Notes(injector, message.id), heights: new Heights(painter), conditional: new Conditional(injector, book.sheets) });
    this.sender = new Sender({ book, painter, outbox, connection, selection, tell, changed: (warnings) => this.changed(warnings) });
    const typing = new Editor({ book, painter, sender: this.sender, selection });
    selection.editor = typing;
    this.person = new Person({ book, painter, selection, filters, typing, rules: this.rules, sender: this.sender, tell });
    this.problems = new Problems({ painter, book, sender: this.sender, outbox, selection });
    this.people = new People(painter, selection, book);
    showLinks(injector, book.sheets);
    watchCopies(injector.get(ISheetClipboardService), book);
    injector.get(SheetsSelectionsService).selectionMoveEnd$.subscribe(() => this.moved());
    injector.get(SheetsSelectionsService).selectionSet$?.subscribe(() => this.moved());
    injector.get(ICommandService).onCommandExecuted(({ id }) => { if (id === "sheet.operation.set-worksheet-active") this.activated(); });
    this.univer = univer;
    window.univer = univer; // for people who look
  }

  // Each connection: what has been carried out, the sheet that is shown anew, then what was typed meanwhile.
  meet(message) {
    this.met = true;
    this.connection.settled();
    this.outbox.after(message.done);
    this.opened.clear();
    this.open(this.selection.gid);
    this.outbox.waiting.forEach((one) => this.connection.send(one));
  }

  open(gid) {
    if (this.opened.has(gid)) return;
    this.opened.add(gid);
    this.connection.send({ type: "open", gid });
  }

  activated() {
    if (this.met) this.open(this.selection.gid);
    this.people.show();
    this.moved();
  }

  // A sheet that the person has just added is shown to them.
  openNew(message) {
    const added = message.sheets.find((sheet) => !this.known.has(sheet.gid));
    if (this.sender.opensNext && added) {
      this.sender.opensNext = false;
      this.painter.gate.executeCommand("sheet.command.set-worksheet-activate", { unitId: this.painter.unitId, subUnitId: String(added.gid) });
    }
  }

  role(role) {
    const may = role === "owner" || role === "writer";
    this.painter.injector.get(IPermissionService).updatePermissionPoint(new WorkbookEditablePermission(this.painter.unitId).id, may);
    this.bar.stays("role", may ? "" : say("live.readonly"));
  }

  // --- rows ------------------------------------------------------------------------------------------------------
  onRows(message) {
    this.book.load(message);
    const sheet = this.book.sheet(message.gid);
    if (message.start === 0) document.body.dataset.grid = "painted";
    if (message.more) return;
    this.sender.restore(sheet);
    const ready = () => {
      document.body.dataset.grid = "whole";
      this.moved();
    };
    if (this.led) ready();
    else this.follow().then(ready);
    this.problems.show();
  }

  onProblem({ reason, final }) {
    this.bar.stays("role", reason);
    if (!final) return;
    this.sender && (this.sender.ended = true);
    this.connection.end();
  }

  // --- where we are ----------------------------------------------------------------------------------------------
  asked(info) {
    const query = new URLSearchParams(location.search);
    const hash = new URLSearchParams(location.hash.slice(1));
    const wanted = hash.get("gid") ?? query.get("gid");
    const visible = info.sheets.find((sheet) => !sheet.hidden) ?? info.sheets[0];
    const sheet = wanted === null ? visible : info.sheets.find((one) => String(one.gid) === wanted) ?? visible;
    return { gid: sheet.gid, range: hash.get("range") ?? query.get("range") };
  }

  // Go where the address says, once the rows are there, and Univer's own parts.
  async follow() {
    await this.painter.injector.get(LifecycleService).onStage(LifecycleStages.Rendered);
    this.led = true;
    const { gid, range } = this.asked(this.book.info);
    if (range) this.selection.goToAddress(gid, range);
  }

  moved() {
    if (!this.painter || !this.led) return;
    const { gid, cell } = this.selection;
    const sheet = this.book.sheet(gid);
    this.bar.row(sheet, cell);
    this.bar.where(gid, cell && cellName(cell.row, cell.column));
    clearTimeout(this.hereTimer);
    if (cell) this.hereTimer = setTimeout(() => this.connection.send({ type: "here", gid, key: sheet?.rows[cell.row]?.key ?? 0, ...cell }), HERE);
  }

  changed(warnings = []) {
    this.bar.state(Boolean(this.met));
    if (warnings.length) this.bar.tell(null, warnings.map((one) => one.reason).join(" "));
    this.problems?.show();
  }
}

const { default: words } = await import(`./words/${place.language}.js`);
await new Live(words).start();
