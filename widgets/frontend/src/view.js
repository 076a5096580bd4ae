// A page's light front end: it shows at once the widgets that the server has put into the page, follows
// the changes of their view, and connects a kernel to them at the first touch.

import { Manager } from "./view/manager.js";
import { cells, draw, embedded, showCells } from "./view/page.js";

const said = embedded("opsline-view").said;
const channel = { send: () => "" };

async function open() {
  const manager = new Manager(channel);
  manager.hydrate(embedded("opsline-state"));
  await draw(manager, cells());
  showCells();
}

open().catch((error) => {
  console.error(error);
  document.getElementById("desk-lost").hidden = false;
  document.querySelector("#desk-lost span").textContent = said.broken;
  showCells();
});
