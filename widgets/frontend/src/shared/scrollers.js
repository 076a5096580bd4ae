// A table that scrolls sideways can be scrolled with the keyboard too: it takes the focus while it does.

const PAUSE = 300; // milliseconds of quiet before the page is looked through

function mark(main) {
  for (const table of main.querySelectorAll(".op-table")) {
    const box = table.parentElement;
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    if (scrolls && !box.querySelector("a, button")) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}

export function watchScrollers(main) {
  let timer = 0;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => mark(main), PAUSE);
  };
  const changed = new MutationObserver(soon);
  changed.observe(main, { childList: true, subtree: true });
  const resized = new ResizeObserver(soon);
  resized.observe(main);
  return () => {
    clearTimeout(timer);
    changed.disconnect();
    resized.disconnect();
  };
}
