// What a page hears of its view while it has no kernel of its own: changes, and how a kernel is come by.

import { base64ToBuffer } from "@jupyter-widgets/base-manager/lib/utils.js";
import { Line } from "./line.js";

const TAKEN = 4001; // a code of ours: the page goes on with the kernel that it was given

export class Feed {
  // `patch` takes one comm message, `attached` a kernel's id, `refused` a sentence; `renew` is called when
  // the view is no more; `lost` while the server is away, `back` when it is there again.
  constructor(view, { patch, attached, renew, refused, lost, back }) {
    this.heard = { patch, attached, renew, refused };
    this.version = view.version;
    this.wants = false;
    this.line = new Line({
      address: () => `${view.feed}?version=${this.version}`,
      hear: (text) => this.#take(JSON.parse(text)),
      opened: () => {
        back();
        if (this.wants) this.#ask();
      },
      lost: (tries) => tries > 1 && lost(),
    });
  }

  // Ask for a kernel, once.
  attach() {
    if (this.wants) return;
    this.wants = true;
    if (this.line.isOpen) this.#ask();
  }

  end() {
    this.line.end();
  }

  #ask() {
    this.line.send(JSON.stringify({ type: "attach" }));
  }

  #take(said) {
    if (said.type === "patch") {
      this.version = said.version;
      for (const { buffers = [], ...one } of said.messages) {
        this.heard.patch({ ...one, buffers: buffers.map((buffer) => new DataView(base64ToBuffer(buffer))) });
      }
    } else if (said.type === "attached") {
      this.line.end(TAKEN);
      this.heard.attached(said.kernel);
    } else if (said.type === "renew") this.heard.renew();
    else if (said.type === "refused") {
      this.wants = false;
      this.heard.refused(said.text);
    }
  }
}
