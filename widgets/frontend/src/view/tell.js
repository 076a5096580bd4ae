// One sentence at the foot of the page when something is wrong with its connection.

export function tell(sentence, canReload = false) {
  const lost = document.getElementById("desk-lost");
  if (!lost) return;
  lost.hidden = !sentence;
  lost.querySelector("span").textContent = sentence ?? "";
  const link = lost.querySelector("a");
  link.hidden = !canReload;
  link.href = location.href;
}
