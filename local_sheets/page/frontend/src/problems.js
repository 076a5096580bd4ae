// The values that the server did not take: each with its reason, the way to its cell, another try, or giving up.
import { InterceptorEffectEnum } from "@univerjs/core";
import { INTERCEPTOR_POINT, SheetInterceptorService } from "@univerjs/sheets";
import { HoverManagerService } from "@univerjs/sheets-ui";
import { cellName } from "./address.js";
import { element, make, say } from "./words.js";

const MARK = { tr: { color: "#c5221f", size: 9 } };
const GROUND = { bg: { rgb: "#fce8e6" }, cl: { rgb: "#a50e0e" } };

export class Problems {
  constructor({ painter, book, sender, outbox, selection }) {
    Object.assign(this, { book, sender, outbox, selection });
    const { injector } = painter;
    injector.get(SheetInterceptorService).intercept(INTERCEPTOR_POINT.CELL_CONTENT, {
      priority: 1,
      effect: InterceptorEffectEnum.Style,
      handler: (cell, where, next) => {
        const problem = this.at(where.subUnitId, where.row, where.col);
        if (!problem) return next(cell);
        return next({ ...(cell ?? where.rawData), markers: { ...cell?.markers, ...MARK }, ...(!problem.late && { interceptorStyle: { ...cell?.interceptorStyle, ...GROUND } }) });
      },
    });
    injector.get(HoverManagerService).currentCell$.subscribe((hovered) => this.hover(hovered));
    document.addEventListener("pointermove", (event) => { this.pointer = [event.clientX, event.clientY]; }, { passive: true });
  }

  at = (gid, row, column) => this.book.sheet(gid)?.rows[row]?.mine?.[column]?.problem;

  hover(hovered) {
    const { subUnitId, row, col } = hovered?.location ?? {};
    const problem = hovered && this.at(subUnitId, row, col);
    const tip = element("tip");
    tip.hidden = !problem;
    if (!problem) return;
    tip.textContent = problem.reason;
    const [x, y] = this.pointer ?? [0, 0];
    tip.style.left = `${Math.min(x + 14, innerWidth - 330)}px`;
    tip.style.top = `${y + 18}px`;
  }

  show() {
    const { refused } = this.outbox;
    const list = element("problems");
    list.hidden = !refused.length;
    element("problems-title").textContent = say("problems", { count: refused.length });
    element("problem-list").replaceChildren(...refused.map((problem) => this.item(problem)));
  }

  item(problem) {
    const place = this.sender.place(problem);
    const sheet = this.book.info.sheets.find((one) => one.gid === problem.gid);
    const cell = place >= 0 ? cellName(place, problem.column) : problem.cell;
    const button = (key, act) => {
      const made = make("button", { type: "button", textContent: say(key), ariaLabel: `${say(key)}: ${cell}` });
      made.addEventListener("click", act);
      return made;
    };
    const input = make("input", { value: problem.text, ariaLabel: say("edit", { cell }) });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") this.sender.retry(problem, input.value); });
    return make("li", {},
      make("b", { textContent: `${sheet?.title ?? ""} ${cell}` }), make("p", { textContent: problem.reason }), input,
      make("div", { className: "buttons" },
        button("problem.goto", () => place >= 0 && this.selection.goToAddress(problem.gid, cell)),
        button(problem.late ? "problem.mine" : "problem.retry", () => this.sender.retry(problem, input.value)),
        button("problem.discard", () => this.sender.discard(problem))));
  }
}
