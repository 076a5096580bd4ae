// One sentence at the foot of the page when something is wrong with its connection, and when it is mended.

const MOMENT = 6000; // milliseconds in which a good word is read

export function tellMended(sentence) {
  tell(sentence);
  document.getElementById("desk-lost")?.classList.add("op-mended");
  setTimeout(tellNoMore, MOMENT, sentence);
}

// Take a sentence back, unless another one stands there by now.
export function tellNoMore(sentence) {
  if (document.querySelector("#desk-lost span")?.textContent === sentence) tell("");
}

export function tell(sentence, canReload = false) {
  const lost = document.getElementById("desk-lost");
  if (!lost) return;
  lost.classList.remove("op-mended");
  lost.hidden = !sentence;
  lost.querySelector("span").textContent = sentence ?? "";
  const link = lost.querySelector("a");
  link.hidden = !canReload;
  link.href = location.href;
}
