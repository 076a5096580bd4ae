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

const WANTED = "application/vnd.opsline.view+json";
const PAUSE = 2000; // milliseconds

// The page as the server has it now: {view, state, cells}. Where it is no light page any more, it is loaded anew.
export async function fetched(away) {
  for (;;) {
    try {
      const answer = await fetch(location.href, { headers: { Accept: WANTED }, cache: "no-store" });
      if (answer.headers.get("Content-Type")?.startsWith(WANTED)) return await answer.json();
      if (answer.status < 500) {
        location.reload();
        return await new Promise(() => {});
      }
    } catch {
      away();
    }
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

const UNPAINTED = ".op-plot:not(.js-plotly-plot), .op-grid:not(:has(.tabulator))";

// Wait until charts and grids are painted, too; not for long.
export async function painted(root, until = Date.now() + 3000) {
  const isWaiting = () => [...root.querySelectorAll(UNPAINTED)].some((element) => element.clientWidth > 0);
  while (isWaiting() && Date.now() < until) await new Promise((done) => setTimeout(done, 30));
}
