// The page works: a quiet sign over its lower edge, that moves nothing. Two may say so: the page itself, which
// knows that its kernel is busy, and the kernel, which knows with what and how far it is.

import { make } from "./dom.js";

const PATIENCE = 500; // milliseconds before it is said

export function workingSign(host) {
  const found = document.querySelector(".op-working");
  if (found) return found;
  const sign = make("div", { class: "op-working" });
  sign.append(
    make("span", { class: "op-working-turn", "aria-hidden": "true" }),
    make("span", { class: "op-working-text", role: "status" }),
    make("progress", { max: 1, hidden: true }),
  );
  sign.said = {};
  host.append(sign);
  return sign;
}

function draw(sign) {
  const work = sign.said.kernel ?? sign.said.page;
  const [, text, bar] = sign.children;
  sign.classList.toggle("op-shown", Boolean(work));
  text.textContent = work?.text ?? "";
  bar.hidden = !work?.total;
  if (!work?.total) return;
  bar.setAttribute("aria-label", work.text);
  bar.value = work.done / work.total;
}

// `work` is {text, done, total}, or null when it is done; `by` is "page" or "kernel".
export function sayWorking(sign, by, work) {
  sign.said[by] = work;
  const isWorking = Boolean(sign.said.kernel ?? sign.said.page);
  if (!isWorking) {
    clearTimeout(sign.timer);
    sign.timer = 0;
    draw(sign);
  } else if (sign.classList.contains("op-shown")) draw(sign);
  else sign.timer ||= setTimeout(draw, PATIENCE, sign);
}
