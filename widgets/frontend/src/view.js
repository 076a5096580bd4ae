// A page's light front end: it shows at once the widgets that the server has put into the page, follows
// the changes of their view, and connects a kernel to them at the first touch.

import { cells, embedded, showCells } from "./view/page.js";
import { Session } from "./view/session.js";
import { tell } from "./view/tell.js";

const view = embedded("opsline-view");

new Session(view).open(embedded("opsline-state"), cells()).catch((error) => {
  console.error(error);
  tell(view.said.broken, true);
  showCells();
});
