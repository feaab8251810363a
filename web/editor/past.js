// The last queries, kept in this browser and nowhere else, until one deletes them.
import { element, language, say } from "./words.js";

const MOST = 30;
const KEY = "govgraph.queries";

export class Past {
  constructor(place, open) {
    this.open = open;
    this.list = element("ol", { className: "past" });
    this.all = element("button", { type: "button", textContent: say("forget-all") });
    this.all.addEventListener("click", () => this.keep([]));
    const summary = element("summary", { textContent: say("past") });
    this.box = element("details", {}, summary, element("p", { className: "faint", textContent: say("past-where") }), this.list, this.all);
    place.append(this.box);
    this.draw();
  }

  get found() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(kept) ? kept.filter((one) => typeof one?.q === "string") : [];
    } catch {
      return []; // the browser keeps nothing for us, or another wrote there
    }
  }

  keep(queries) {
    try {
      localStorage.setItem(KEY, JSON.stringify(queries.slice(0, MOST)));
    } catch {
      // then there is no past
    }
    this.draw();
  }

  add(q, rows) {
    const others = this.found.filter((one) => one.q !== q);
    this.keep([{ q, rows, when: Date.now() }, ...others]);
  }

  draw() {
    const found = this.found;
    this.box.hidden = !found.length;
    this.list.replaceChildren(...found.map((one) => this.row(one)));
  }

  row(one) {
    const open = element("button", { type: "button", className: "plain", textContent: first(one.q), title: one.q });
    open.addEventListener("click", () => this.open(one.q));
    const when = new Date(one.when).toLocaleString(language === "zh" ? "zh-CN" : "en-GB");
    const told = one.rows == null ? when : `${when} · ${say("past-rows", { n: one.rows })}`;
    const drop = element("button", { type: "button", textContent: say("forget") });
    drop.setAttribute("aria-label", `${say("forget")} ${first(one.q)}`);
    drop.addEventListener("click", () => {
      this.keep(this.found.filter((each) => each.q !== one.q));
      (this.list.querySelector("button") ?? this.box.querySelector("summary")).focus();
    });
    return element("li", {}, open, element("small", { textContent: told }), drop);
  }
}

// A query's first line that is no declaration.
function first(q) {
  const lines = q.split("\n").filter((line) => line.trim() && !/^\s*(?:PREFIX|BASE|#)/i.test(line));
  return (lines.slice(0, 3).join(" ").replace(/\s+/g, " ") || q).slice(0, 110);
}
