"""Tickets as cards in columns, one column a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Final

import anywidget
import traitlets as t

__all__ = ["Kanban", "KanbanCard", "KanbanColumn"]

DRAWN: Final = """
const make = (tag, name, text) => {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
};
const tones = new Set(["green", "amber", "red", "grey", "blue"]);
const badge = ([tone, text]) => make("span", `op-badge op-${tones.has(tone) ? tone : "grey"}`, text);
export default {
  render({ model, el }) {
    el.classList.add("op-kanban");
    const choose = (id) => {
      model.set({ selected: id, picked: model.get("picked") + 1 });
      model.save_changes();
    };
    const card = (one) => {
      const item = make("li");
      const button = make("button", "op-kanban-card");
      button.type = "button";
      button.dataset.id = one.id;
      button.append(make("span", "op-kanban-title", one.title), make("span", "op-kanban-meta", one.meta));
      const badges = make("span", "op-kanban-badges");
      badges.append(...one.badges.map(badge));
      button.append(badges);
      button.addEventListener("click", () => choose(one.id));
      item.append(button);
      return item;
    };
    const column = (one) => {
      const section = make("section", "op-kanban-column");
      const head = make("h2", "op-kanban-head");
      head.append(badge([one.tone, one.title]), make("span", "op-muted", String(one.count)));
      const list = make("ul", "op-kanban-list");
      list.append(...one.cards.map(card));
      section.append(head, list);
      if (one.more) section.append(make("p", "op-muted", one.more));
      return section;
    };
    const draw = () => {
      el.setAttribute("role", "group");
      el.setAttribute("aria-label", model.get("label"));
      const focused = document.activeElement?.dataset?.id;
      el.replaceChildren(...model.get("columns").map(column));
      if (focused) el.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
    };
    model.on("change:columns change:label", draw);
    draw();
  },
};
"""


@dataclass(frozen=True, slots=True)
class KanbanCard:
    """One ticket: its number, what stands on the card, and (tone, text) badges."""

    id: str
    title: str
    meta: str = ""
    badges: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KanbanColumn:
    """One status: its name and tone, how many tickets it has, the cards shown, a line for the rest."""

    title: str
    tone: str
    count: int
    cards: tuple[KanbanCard, ...]
    more: str = ""


class Kanban(anywidget.AnyWidget):
    """Columns of cards; the card clicked, or opened with Enter, is `selected`.

    `picked` counts the selections. All text is set as text, never as HTML.
    """

    _esm = DRAWN
    columns: t.List[dict[str, object]] = t.List().tag(sync=True)
    label = t.Unicode().tag(sync=True)
    selected = t.Unicode().tag(sync=True)
    picked = t.Int().tag(sync=True)

    def show(self, columns: Sequence[KanbanColumn]) -> None:
        """Show other columns."""
        self.columns = [asdict(column) for column in columns]
