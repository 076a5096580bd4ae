// The widgets of one page: made from its state, changed by messages, drawn in their places.

import { ManagerBase } from "@jupyter-widgets/base-manager/lib/manager-base.js";
import { base64ToBuffer } from "@jupyter-widgets/base-manager/lib/utils.js";
import { put_buffers } from "@jupyter-widgets/base";
import { Comm } from "./comm.js";
import { baseClass, controlClass } from "./controls.js";
import { OurModel, OurView, ourName } from "./ours.js";

const OURS = "opsline";
const CLASSES = {
  [OURS]: (name) => ({ OurModel, OurView })[name],
  "@jupyter-widgets/base": baseClass,
  "@jupyter-widgets/controls": controlClass,
  anywidget: (name) => import("./any.js").then((any) => any[name]),
};

export class Manager extends ManagerBase {
  // `channel` takes what a widget says to the kernel: send(msg_type, content, {callbacks, metadata, buffers}).
  constructor(channel) {
    super();
    this.channel = channel;
    this.comms = new Map();
    this.models = new Map(); // those that are there, by id
    this.elements = new WeakMap(); // a view's element -> its model
    this.drawing = new Set();
    this.turn = Promise.resolve();
  }

  async loadClass(name, module) {
    const found = await CLASSES[module]?.(name);
    if (!found) throw new Error(`This page cannot show the widget ${name} of ${module}.`);
    return found;
  }

  // Make the models of an embedded state (the standard format), which then are as alive as the kernel's.
  hydrate({ state }) {
    const made = Object.entries(state).map(([model_id, { buffers = [], ...model }]) => {
      const views = buffers.map(({ data }) => new DataView(base64ToBuffer(data)));
      put_buffers(model.state, buffers.map(({ path }) => path), views);
      return this.new_model({ ...model, model_id, comm: this.comm(model_id) }, model.state);
    });
    return Promise.all(made);
  }

  async new_model(options, state = {}) {
    const isOurs = options.model_module === "anywidget" && ourName(state);
    const asked = isOurs
      ? [{ ...options, model_module: OURS, model_name: "OurModel" }, { ...state, _view_module: OURS, _view_name: "OurView" }]
      : [options, state];
    const model = await super.new_model(...asked);
    this.models.set(model.model_id, model);
    model.once("destroy", () => this.models.delete(model.model_id));
    return model;
  }

  create_view(model, options) {
    const made = super.create_view(model, options).then((view) => {
      this.elements.set(view.el, model);
      return view;
    });
    const done = made.finally(() => this.drawing.delete(done));
    this.drawing.add(done);
    return made;
  }

  // Wait until everything that is being drawn, and what that draws in turn, is there.
  async drawn() {
    while (this.drawing.size) await Promise.allSettled([...this.drawing]);
  }

  // The model that an element on the page belongs to.
  modelOf(element) {
    for (let at = element; at; at = at.parentElement) {
      if (this.elements.has(at)) return this.elements.get(at);
    }
    return undefined;
  }

  comm(id, target = this.comm_target_name) {
    if (!this.comms.has(id)) this.comms.set(id, new Comm(id, target, this.channel));
    return this.comms.get(id);
  }

  // Take a comm message, in the order in which they come.
  take(message) {
    this.turn = this.turn.then(() => this.#take(message)).catch((error) => console.error(error));
    return this.turn;
  }

  async #take(message) {
    const { msg_type, content } = message;
    const id = content.comm_id;
    if (msg_type === "comm_open") {
      if (content.target_name !== this.comm_target_name || this.has_model(id)) return;
      await this.handle_comm_open(this.comm(id), message);
      return;
    }
    if (!this.has_model(id)) return;
    await this.get_model(id);
    const comm = this.comm(id);
    if (msg_type === "comm_msg") await comm.hear?.(message);
    if (msg_type === "comm_close") {
      this.comms.delete(id);
      comm.end?.(message);
    }
  }

  // Say what models hold back until their last message is answered.
  sayHeld() {
    for (const model of this.models.values()) {
      const held = model._msg_buffer;
      if (!held) continue;
      model._msg_buffer = null;
      model.rememberLastUpdateFor(model.send_sync_message(held, model._msg_buffer_callbacks));
      model._msg_buffer_callbacks = null;
    }
  }

  // Take the state of every widget of a kernel; those that are not there yet are made.
  takeAll(states) {
    this.turn = this.turn.then(() => this.#takeAll(states)).catch((error) => console.error(error));
    return this.turn;
  }

  async #takeAll(states) {
    const [there, fresh] = [{}, {}];
    for (const [id, model] of Object.entries(states)) (this.has_model(id) ? there : fresh)[id] = model;
    await this.hydrate({ state: fresh });
    for (const [id, { state }] of Object.entries(there)) {
      await this.get_model(id);
      await this.comm(id).hear?.({ content: { data: { method: "update", state } } });
    }
  }

  async _create_comm(target, id, data, metadata, buffers) {
    const comm = this.comm(id, target);
    if (data || metadata) comm.open(data, {}, metadata, buffers);
    return comm;
  }

  async _get_comm_info() {
    return {};
  }

  clear() {
    this.isCleared = true;
    for (const model of this.models.values()) model.comm = undefined; // nothing is said of it to a kernel
    return this.clear_state();
  }
}
