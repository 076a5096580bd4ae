// What stands on the page: the cells' widgets in their places.

import { Widget } from "@lumino/widgets";

const PLACES = 'script[type="application/vnd.jupyter.widget-view+json"]';

export const cells = () => document.getElementById("rendered_cells");

// A JSON text that the server has put into the page.
export function embedded(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// Draw every widget of `root` in its place, all of it before any of it is shown; return their models.
export async function draw(manager, root) {
  const places = [...root.querySelectorAll(PLACES)];
  const models = await Promise.all(places.map((place) => manager.get_model(JSON.parse(place.textContent).model_id)));
  const views = await Promise.all(models.map((model) => manager.create_view(model)));
  await manager.drawn();
  places.forEach((place, index) => {
    const host = document.createElement("div");
    host.className = "jp-OutputArea-output";
    place.replaceWith(host);
    Widget.attach(views[index].luminoWidget, host);
  });
  return models;
}

export function showCells() {
  document.body.classList.add("desk-ready");
  document.getElementById("desk-opening")?.remove();
}
