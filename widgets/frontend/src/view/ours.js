// Our own anywidgets, which this front end holds already: no module is fetched for them, and they are
// drawn at once. Anybody else's go the way of the package anywidget.

import { DOMWidgetModel, DOMWidgetView } from "@jupyter-widgets/base";
import address from "../address.js";
import bar from "../bar.js";
import chart from "../chart.js";
import grid from "../grid.js";
import heat from "../heat.js";
import input from "../input.js";

const OURS = { address, bar, chart, grid, heat, input };
const LOADER = /\$\{base\}static\/opsline\/([a-z]+)\.js\?v=/; // as widgets/assets.py writes it

// The name of our module that a widget's `_esm` loads; undefined for anybody else's.
export function ourName(state) {
  const name = LOADER.exec(state._esm ?? "")?.[1];
  return name in OURS ? name : undefined;
}

function seen(model, context) {
  return {
    get: model.get.bind(model),
    set: model.set.bind(model),
    save_changes: model.save_changes.bind(model),
    send: model.send.bind(model),
    on: (name, callback) => model.on(name, callback, context),
    off: (name, callback) => model.off(name, callback, context),
    widget_manager: model.widget_manager,
  };
}

export class OurModel extends DOMWidgetModel {
  initialize(...rest) {
    super.initialize(...rest);
    this.ourName = ourName(this.attributes);
  }
}

const styles = new Set();

function ensureStyle(text) {
  if (!text || styles.has(text)) return;
  styles.add(text);
  const style = document.createElement("style");
  style.textContent = text;
  document.head.append(style);
}

export class OurView extends DOMWidgetView {
  render() {
    ensureStyle(this.model.get("_css"));
    this.end = OURS[this.model.ourName].render({ model: seen(this.model, this), el: this.el });
  }

  remove() {
    this.end?.();
    this.end = undefined;
    this.model.off(null, null, this);
    return super.remove();
  }
}
