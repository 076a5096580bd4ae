// What a page does besides showing its widgets: it says when it is opening, when its kernel is gone,
// and says goodbye, so that the kernel ends with the page.
(() => {
  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const said = config.opsline.said;
  const kernel = `${config.baseUrl}opsline/kernels/${config.kernelId}`;
  const PAUSE = 4000;

  // Voila calls these two when its theme has loaded and when the cells are there.
  window.voila_heartbeat = () => {};
  window.voila_process = () => {};
  window.voila_finish = window.display_cells = () => {};

  const isPainted = () =>
    document.querySelector(
      "#rendered_cells .lm-Widget :not(script), #rendered_cells .desk-broken, #rendered_cells .desk-text",
    );

  function showCells() {
    document.body.classList.add("desk-ready");
    document.getElementById("desk-opening")?.remove();
  }

  function watchOpening() {
    const observer = new MutationObserver(() => {
      if (!isPainted()) return;
      observer.disconnect();
      showCells();
    });
    observer.observe(document.documentElement, { childList: true, subtree: true });
  }

  function tell(sentence, canReload) {
    const lost = document.getElementById("desk-lost");
    if (!lost) return;
    lost.hidden = !sentence;
    lost.querySelector("span").textContent = sentence;
    const link = lost.querySelector("a");
    link.hidden = !canReload;
    link.href = location.href;
  }

  async function look() {
    try {
      const answer = await fetch(kernel, { cache: "no-store", redirect: "manual" });
      if (answer.status === 204) tell("", false);
      else return tell(said.gone, true);
    } catch {
      tell(said.away, false);
    }
    setTimeout(lookWhenSeen, PAUSE);
  }

  function lookWhenSeen() {
    if (document.visibilityState === "visible") look();
    else document.addEventListener("visibilitychange", lookWhenSeen, { once: true });
  }

  function goodbye() {
    const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? "";
    navigator.sendBeacon(kernel, new URLSearchParams({ _xsrf: decodeURIComponent(xsrf) }));
  }

  function whole() {
    if (document.getElementById("desk-end")) {
      if (!document.querySelector('script[type="application/vnd.voila.cell-output+json"]')) showCells();
      return setTimeout(lookWhenSeen, PAUSE);
    }
    showCells();
    tell(said.broken, true);
  }

  watchOpening();
  window.addEventListener("load", whole);
  window.addEventListener("pagehide", goodbye);
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
})();
