// The kernel behind the page: comm messages both ways, and what became of those that were sent.
//
// A client of our own, because of Jupyter's protocol a page needs only this: JupyterLab's is 190 kB and wants
// to compile code (unsafe-eval).

import { put_buffers, uuid } from "@jupyter-widgets/base";
import { Line } from "./line.js";
import { PROTOCOL, SESSION, message, packed, unpacked } from "./wire.js";

const LOOK = 4000; // milliseconds between two questions whether the kernel lives
const REST = 2000; // milliseconds in which the server repeats what was said while the line was down
const CONTROL = "jupyter.widget.control"; // ipywidgets: who asks here is told the state of every widget
const CONTROL_VERSION = "1.0.0";

export class Kernel {
  // `hear` takes a comm message; `hearAll` the state of every widget, after a line was lost; `answered` the id
  // of a message that the kernel has dealt with; `failed` is called when it could not; `lost` while the server
  // is away, `back` when it is there again, `gone` once when the kernel is no more.
  constructor({ baseUrl, id, hear, hearAll, answered, failed, lost, back, gone }) {
    Object.assign(this, { baseUrl, id, hear, hearAll, answered, failed, back, gone });
    this.address = `${baseUrl}opsline/kernels/${id}`;
    this.waiting = []; // for the line to open, and for what was lost to be said first
    this.sent = new Map(); // not dealt with yet: id -> {sent, callbacks}
    this.waiting.push(message("comm_open", { comm_id: uuid(), target_name: "opsline.attached", data: {} }));
    this.line = new Line({
      address: () => `${baseUrl}api/kernels/${id}/channels?session_id=${SESSION}`,
      protocols: [PROTOCOL],
      hear: (data) => this.#take(unpacked(data)),
      opened: () => this.#opened(),
      lost: (tries) => tries > 1 && lost(),
      mayReturn: () => this.#lives(),
    });
    this.#lookLater();
  }

  send(sent, callbacks) {
    this.sent.set(sent.header.msg_id, { sent, callbacks });
    if (this.line.isOpen && !this.isMending) this.line.send(packed(sent));
    else this.waiting.push(sent);
  }

  end() {
    clearTimeout(this.timer);
    this.line.end();
  }

  // The page is left: the kernel may go. Jupyter's protection against forgery wants the cookie said again.
  goodbye() {
    const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
    navigator.sendBeacon(this.address, new URLSearchParams({ _xsrf: decodeURIComponent(xsrf) }));
    this.end();
  }

  // What the kernel has not dealt with yet, as far as is known.
  get unanswered() {
    return [...this.sent.values()].map(({ sent }) => sent);
  }

  #opened() {
    this.back();
    const lost = this.unanswered.filter((sent) => !this.waiting.includes(sent));
    if (this.wasOpen) this.#mendLater(lost);
    else this.#sayWaiting();
    this.wasOpen = true;
  }

  #sayWaiting() {
    for (const sent of this.waiting.splice(0)) this.line.send(packed(sent));
  }

  #mendLater(lost) {
    this.isMending = true;
    setTimeout(() => this.#mend(lost), lost.length ? REST : 0);
  }

  // What was sent when the line went down may never have arrived. It is said once more, word for word: a
  // kernel takes a message that is signed like one before for the same, and does it once.
  #mend(lost) {
    if (!this.line.isOpen) return; // lost again: then all of it is said when it is back
    for (const sent of lost) if (this.sent.has(sent.header.msg_id)) this.line.send(packed(sent));
    this.isMending = false;
    this.#sayWaiting();
    this.#askForAll(lost);
  }

  // What the kernel had done before is not answered again, and what it said may have gone with the line. It is
  // asked last, so its answer comes when all that was lost is dealt with. Lost again, it is asked anew.
  #askForAll(lost) {
    const comm_id = uuid();
    this.asked = { comm_id, lost };
    const version = { metadata: { version: CONTROL_VERSION } };
    this.line.send(packed(message("comm_open", { comm_id, target_name: CONTROL, data: {} }, version)));
    this.line.send(packed(message("comm_msg", { comm_id, data: { method: "request_states" } })));
  }

  #takeAll({ content: { data }, buffers }) {
    const { lost } = this.asked;
    this.asked = undefined;
    for (const { header } of lost) {
      if (this.sent.has(header.msg_id)) this.#dealtWith(header.msg_id, { content: { execution_state: "idle" } });
    }
    put_buffers(data.states, data.buffer_paths, buffers);
    this.hearAll(data.states);
  }

  #take(heard) {
    if (heard.msg_type === "comm_msg" && heard.content.comm_id === this.asked?.comm_id) this.#takeAll(heard);
    else if (heard.msg_type.startsWith("comm_")) this.hear(heard);
    if (heard.msg_type === "error") this.failed();
    if (heard.msg_type === "status" && heard.content.execution_state === "idle") this.#dealtWith(heard.parent_header?.msg_id, heard);
  }

  #dealtWith(id, status) {
    const callbacks = this.sent.get(id)?.callbacks;
    this.sent.delete(id);
    callbacks?.iopub?.status?.(status); // which may send what has waited for it
    this.answered(id);
  }

  async #lives() {
    try {
      const answer = await fetch(this.address, { cache: "no-store", redirect: "manual" });
      if (answer.status === 204 || answer.status >= 500) return true;
    } catch {
      return true; // the server is away: the line tries again
    }
    this.end();
    this.gone();
    return false;
  }

  #lookLater() {
    this.timer = setTimeout(async () => {
      if (document.visibilityState === "visible" && !(await this.#lives())) return;
      if (!this.line.isEnded) this.#lookLater();
    }, LOOK);
  }
}
