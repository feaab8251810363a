// The answer's part of the page: asked for without leaving the page, given up when one wants to.
import { say } from "./words.js";

// Longer addresses are refused on their way; such a query is posted and has none.
const LONGEST = 7000;

export class Answer {
  constructor(form, place) {
    this.form = form;
    this.place = place;
    this.asked = null;
    this.told = () => {};
    this.run = form.querySelector(".run");
    this.cancel = form.querySelector(".cancel");
    this.clock = form.querySelector(".clock");
    this.cancel.addEventListener("click", () => this.giveUp());
    place.addEventListener("click", (event) => this.follow(event));
  }

  // The address of the page for a query, with what the form keeps (release, inference, language).
  address(query, more = {}) {
    const kept = [...new FormData(this.form)].filter(([name]) => name !== "q");
    return `/query?${new URLSearchParams([["q", query], ...kept, ...Object.entries(more)])}`;
  }

  async ask(query, address = this.address(query), { push = true } = {}) {
    this.giveUp();
    const asked = (this.asked = new AbortController());
    this.working(true);
    try {
      const html = await part(address, asked.signal);
      if (this.asked !== asked) return; // another was asked since
      this.show(html);
      if (push && address.length <= LONGEST) history.pushState({ query }, "", address);
      this.told(query, this.place.firstElementChild);
    } catch (error) {
      if (this.asked === asked) this.failed(error);
    } finally {
      if (this.asked === asked) this.working(false);
    }
  }

  giveUp() {
    this.asked?.abort();
  }

  // Sorting and paging are links of the page; here they change this part only.
  follow(event) {
    const link = event.target.closest("a[data-part]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const url = new URL(link.href);
    this.focused = link.dataset.part;
    this.ask(url.searchParams.get("q"), url.pathname + url.search);
  }

  show(html) {
    this.place.innerHTML = html; // our server's own, with everything of the data escaped
    this.place.querySelector(`[data-part="${CSS.escape(this.focused ?? "")}"]`)?.focus();
    this.focused = null;
  }

  failed(error) {
    const key = error.name === "AbortError" ? "cancelled" : "no-connection";
    const said = Object.assign(document.createElement("p"), { className: "notice", textContent: say(key) });
    said.setAttribute("role", "alert");
    this.place.replaceChildren(said);
  }

  working(really) {
    this.run.disabled = really;
    this.cancel.hidden = this.clock.hidden = !really;
    this.place.setAttribute("aria-busy", String(really));
    clearInterval(this.timer);
    if (!really) return;
    const began = performance.now();
    const tick = () => { this.clock.textContent = say("elapsed", { seconds: ((performance.now() - began) / 1000).toFixed(1) }); };
    tick();
    this.timer = setInterval(tick, 100);
  }
}

async function part(address, signal) {
  const { searchParams } = new URL(address, location.href);
  if (address.length <= LONGEST) return (await fetch(`/query/answer?${searchParams}`, { signal })).text();
  const body = new URLSearchParams({ q: searchParams.get("q") });
  searchParams.delete("q");
  return (await fetch(`/query/answer?${searchParams}`, { method: "POST", body, signal })).text();
}
