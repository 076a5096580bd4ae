// ipywidgets' own widgets: the few that every page has are here, the rest are fetched when one is shown.

import * as base from "@jupyter-widgets/base";
import * as box from "@jupyter-widgets/controls/lib/widget_box.js";
import * as button from "@jupyter-widgets/controls/lib/widget_button.js";
import * as description from "@jupyter-widgets/controls/lib/widget_description.js";
import * as text from "@jupyter-widgets/controls/lib/widget_string.js";

const NEAR = { ...box, ...button, ...description, ...text };

export function controlClass(name) {
  return NEAR[name] ?? import("./all-controls.js").then((all) => all[name]);
}

export const baseClass = (name) => base[name];
