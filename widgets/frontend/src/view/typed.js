// What the person has changed and the kernel has not changed since: it is put back when another kernel
// takes the place of one that is gone.

import { places, placesById } from "./places.js";

const KEPT = ["value", "index"];
const PATIENCE = 10_000; // milliseconds for a field to come back that is shown only after another one has changed

export class Typed {
  constructor() {
    this.changes = new Map(); // model's id -> {attribute: value}
  }

  said(id, state) {
    for (const name of KEPT) {
      if (name in state) this.changes.set(id, { ...this.changes.get(id), [name]: state[name] });
    }
  }

  // The kernel set something: what the person had there is settled, unless it is the same.
  heard(id, state) {
    const mine = this.changes.get(id);
    if (!mine) return;
    for (const name of KEPT) {
      if (name in state && name in mine && state[name] !== mine[name]) delete mine[name];
    }
    if (!Object.keys(mine).length) this.changes.delete(id);
  }

  // Take what there is, by place: [[place, {attribute: value}]].
  take(roots) {
    const at = placesById(roots);
    const taken = [...this.changes].filter(([id]) => at.has(id)).map(([id, state]) => [at.get(id), state]);
    this.changes.clear();
    return taken;
  }
}

// Put back what was taken, as if the person did it again; wait for fields that are not there yet.
export function putBack(taken, roots, manager, until = Date.now() + PATIENCE) {
  const at = places(roots);
  const later = [];
  for (const [place, state] of taken) {
    const model = at.get(place);
    if (!model) later.push([place, state]);
    else if (Object.entries(state).some(([name, value]) => model.get(name) !== value)) {
      model.set(state);
      model.save_changes();
    }
  }
  if (later.length && Date.now() < until) {
    setTimeout(() => manager.isCleared || putBack(later, roots, manager, until), 300);
  }
}
