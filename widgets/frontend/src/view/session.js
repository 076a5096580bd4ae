// An open page: its widgets, the view that it follows, and, once it was touched, its kernel.
//
//   looking     the feed brings the changes of the view
//   attaching   a kernel was asked for; what the person does meanwhile waits in a queue
//   live        the kernel hears and says everything

import { attention, giveBack } from "./attention.js";
import { Feed } from "./feed.js";
import { Kernel } from "./kernel.js";
import { Manager } from "./manager.js";
import { cells, draw, fetched, painted, showCells } from "./page.js";
import { placesById, places } from "./places.js";
import { tell, tellMended, tellNoMore } from "./tell.js";
import { Typed, putBack } from "./typed.js";
import { message } from "./wire.js";
import { sayWorking, workingSign } from "../shared/working.js";

const AGAIN = 15_000; // milliseconds before a kernel that was refused is asked for again
const TOUCHES = ["focusin", "pointerdown", "keydown", "change"];
const CONTROLS = "#rendered_cells :is(input, select, textarea, button:not(.op-menu), [role='slider'], .op-plot, .tabulator)";

const isClick = ({ content }) => content.data?.method === "custom";

export class Session {
  constructor(view) {
    this.view = view;
    this.queue = [];
    this.unanswered = new Set();
    this.typed = new Typed();
  }

  // Show the widgets of an embedded state, in their places below `root`, and begin to follow their view.
  async open(state, root) {
    this.manager = this.#newManager();
    this.manager.hydrate(state);
    this.roots = await draw(this.manager, root);
    showCells();
    this.#follow();
    for (const touch of TOUCHES) document.addEventListener(touch, (event) => this.#touched(event), { capture: true, passive: true });
    window.addEventListener("pagehide", () => this.#leave());
    window.addEventListener("pageshow", (event) => event.persisted && this.renew());
  }

  // Ask for a kernel, unless there is one or one was asked for.
  attach() {
    if (!this.kernel) this.feed?.attach();
  }

  // Take the page as the server has it now in place of what is shown; a kernel follows where there was one.
  async renew() {
    if (this.renewing) return;
    this.renewing = true;
    const wasTouched = Boolean(this.kernel) || this.queue.length > 0;
    const isUnsure = this.kernel?.unanswered.some(isClick);
    this.#endLines();
    const { view, state, cells: html } = await fetched(() => tell(this.view.said.away));
    this.view = view;
    await this.#replace(state, html.join(""));
    this.renewing = false;
    this.#follow();
    tell("");
    if (!wasTouched) return;
    if (isUnsure) tell(view.said.unsure); // it is not repeated: a ticket could be filed twice
    else tellMended(view.said.back);
    this.attach();
  }

  #newManager() {
    const manager = new Manager({
      send: (type, content, { callbacks, metadata, buffers } = {}) =>
        manager === this.manager ? this.#say(message(type, content, { metadata, buffers }), callbacks) : "",
    });
    return manager;
  }

  #follow() {
    const { said } = this.view;
    this.feed = new Feed(this.view, {
      patch: (change) => this.#take(change),
      attached: (kernel) => this.#live(kernel),
      renew: () => this.renew(),
      refused: (sentence) => {
        tell(sentence);
        setTimeout(() => this.attach(), AGAIN);
      },
      lost: () => tell(said.away),
      back: () => tellNoMore(said.away),
    });
  }

  #live(id) {
    this.feed = undefined;
    const { baseUrl, said } = this.view;
    this.kernel = new Kernel({
      baseUrl,
      id,
      hear: (change) => this.#take(change),
      hearAll: (states) => this.#takeAll(states),
      answered: (sent) => this.#answered(sent),
      failed: () => tell(said.failed, true),
      lost: () => tell(said.away),
      back: () => tellNoMore(said.away),
      gone: () => {
        tell(said.gone);
        this.renew();
      },
    });
    for (const { sent, callbacks } of this.queue.splice(0)) this.kernel.send(sent, callbacks);
  }

  #say(sent, callbacks) {
    const { comm_id, data } = sent.content;
    if (data?.method === "update") this.typed.said(comm_id, data.state);
    if (isClick(sent)) {
      for (const sentence of [this.view.said.failed, this.view.said.unsure]) tellNoMore(sentence);
      this.manager.sayHeld(); // a click does not overtake what was typed before
    }
    this.unanswered.add(sent.header.msg_id);
    this.#showWork();
    if (this.kernel) this.kernel.send(sent, callbacks);
    else {
      this.queue.push({ sent, callbacks });
      this.attach();
    }
    return sent.header.msg_id;
  }

  #answered(id) {
    if (this.unanswered.delete(id)) this.#showWork();
  }

  #showWork() {
    const sign = workingSign(document.body);
    sayWorking(sign, "page", this.unanswered.size ? { text: this.view.said.working ?? "…" } : null);
  }

  // A change of the view's, or of the kernel's; what the person has changed and not yet sent wins.
  #take(change) {
    const { comm_id, data } = change.content;
    if (["update", "echo_update"].includes(data?.method)) {
      this.typed.heard(comm_id, data.state);
      for (const { sent } of this.queue) {
        if (sent.content.comm_id !== comm_id || sent.content.data?.method !== "update") continue;
        for (const name of Object.keys(sent.content.data.state)) delete data.state[name];
      }
    }
    return this.manager.take(change);
  }

  // All that the kernel holds, since changes of it may be lost; what it has not heard from the person yet wins.
  #takeAll(states) {
    const unheard = this.kernel.unanswered.map(({ content }) => [content.comm_id, content.data?.state]);
    const held = [...this.manager.models.values()].map((model) => [model.model_id, model._msg_buffer]);
    for (const [id, state] of [...unheard, ...held]) {
      for (const name of Object.keys(state ?? {})) delete states[id]?.state[name];
    }
    for (const [id, { state }] of Object.entries(states)) this.typed.heard(id, state);
    return this.manager.takeAll(states);
  }

  #touched({ target }) {
    if (this.kernel || !target.closest?.(CONTROLS)) return;
    this.attach();
  }

  async #replace(state, html) {
    const [old, shown] = [this.manager, cells().firstElementChild];
    const manager = this.#newManager();
    manager.hydrate(state);
    const next = document.createElement("div");
    next.className = "desk-next";
    next.inert = true;
    next.innerHTML = html;
    cells().append(next);
    const roots = await draw(manager, next);
    await painted(next);

    document.activeElement?.dispatchEvent(new Event("change", { bubbles: true })); // what is typed and not sent
    const here = attention(old, this.roots, shown);
    const typed = this.typed.take(this.roots);
    const unsent = this.#unsent();
    [this.manager, this.roots] = [manager, roots];
    shown.hidden = true;
    next.inert = false;
    next.className = "";
    this.unanswered.clear();
    this.#showWork();
    putBack(typed, roots, manager); // what was said, and then what was not yet
    this.#sayAgain(unsent);
    giveBack(here, manager, roots, next); // last: a value that is put in moves the caret
    await old.clear();
    shown.remove();
  }

  // What no kernel has had, by place: it waits in the queue, or in a model until its last message is answered.
  #unsent() {
    const at = placesById(this.roots);
    const queued = this.queue.splice(0).map(({ sent }) => [at.get(sent.content.comm_id), sent.content.data]);
    const held = [...this.manager.models.values()]
      .filter((model) => model._msg_buffer)
      .map((model) => [at.get(model.model_id), { method: "update", state: model._msg_buffer }]);
    return [...queued, ...held].filter(([place]) => place);
  }

  #sayAgain(unsent) {
    const at = places(this.roots);
    for (const [place, data] of unsent) {
      const model = at.get(place);
      if (!model) continue;
      if (data.method === "custom") model.send(data.content);
      else {
        model.set(data.state);
        model.save_changes();
      }
    }
  }

  #endLines() {
    this.feed?.end();
    this.kernel?.end();
    this.feed = this.kernel = undefined;
  }

  #leave() {
    this.kernel?.goodbye();
    this.#endLines();
  }
}
