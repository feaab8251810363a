// Suggestions while a name is typed: a list box under each field with `data-suggest`.
// "go" opens the page of what is chosen, "fill" writes its identifier into the field. Without this
// file the forms work as they are. Its words come with its own <script>, in the page's language.
"use strict";

const words = document.currentScript.dataset;
const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const kept = ["at", "from", "to", "release", "inference", "lang"];
const pause = 120;

function say(name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// A name in the page's language, or in whichever it has.
function named(labels) {
  const found = [language, "und", ...Object.keys(labels ?? {})].find((one) => labels?.[one]);
  return found ? { text: labels[found], language: found === "und" ? null : found } : null;
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter(Boolean));
  return made;
}

function nameElement(labels, otherwise, kind) {
  const found = named(labels) ?? { text: otherwise, language: null };
  const foreign = found.language && found.language !== language;
  return element(kind, { textContent: found.text, lang: foreign ? found.language : "" });
}

// The pages that are kept in the address: time, release and language.
function address(href) {
  const now = new URLSearchParams(location.search);
  const query = new URLSearchParams([...now].filter(([name]) => kept.includes(name)));
  return query.size ? `${href}?${query}` : href;
}

// Why something is suggested, where its name does not say so.
function reason(one) {
  if (one.matched_by === "name" && Object.values(one.name).includes(one.matched)) return null;
  if (["name", "code"].includes(one.matched_by)) return one.matched === one.code ? null : one.matched;
  if (one.matched_by === "identifier") return `${say("identifier")} ${one.id}`;
  const how = say(one.matched_by === "near" ? "spelt" : one.matched_by);
  return Object.values(one.name).includes(one.matched) ? how : `${how} ${one.matched}`;
}

function describe(one) {
  const parent = one.parent && named(one.parent);
  const parts = [
    named(one.kind)?.text ?? words[`kind${one.type}`] ?? words.kindother,
    parent && `${say("in")} ${parent.text}`,
    one.code && `${say("code")} ${one.code}`,
    reason(one),
  ];
  return parts.filter(Boolean).join(" · ");
}

class Suggestions {
  constructor(input, number) {
    this.input = input;
    this.form = input.form;
    this.fills = input.dataset.suggest === "fill";
    this.chosen = -1;
    this.found = [];
    this.list = element("ul", { id: `suggestions-${number}`, className: "suggestions", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", say("list"));
    this.status = element("p", { className: "unseen" });
    this.status.setAttribute("role", "status");
    input.parentElement.append(this.list, this.status);
    input.parentElement.classList.add("suggesting");
    input.autocomplete = "off";
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    input.addEventListener("input", (event) => event.isComposing || this.soon());
    input.addEventListener("compositionend", () => this.soon());
    input.addEventListener("keydown", (event) => event.isComposing || this.key(event));
    input.addEventListener("blur", () => this.close());
    // the field keeps the focus while the list is clicked
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.click(event));
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), pause);
  }

  async ask() {
    this.request?.abort();
    const q = this.input.value.trim();
    if (!q) return this.close();
    this.request = new AbortController();
    const query = new URLSearchParams({ q: q.slice(0, 200) });
    const release = new URLSearchParams(location.search).get("release");
    if (this.input.dataset.type) query.set("type", this.input.dataset.type);
    if (release) query.set("release", release);
    try {
      const answer = await fetch(`/api/v1/suggest?${query}`, { signal: this.request.signal });
      const found = answer.ok ? await answer.json() : null;
      // while it was on its way more may have been typed: what belongs to it will follow
      if (q !== this.input.value.trim()) return;
      if (found) this.show(found, q);
      else this.close();
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show({ suggestions, nearest }, q) {
    if (document.activeElement !== this.input) return;
    this.list.dataset.for = q;
    this.found = suggestions;
    this.chosen = -1;
    this.list.replaceChildren(...suggestions.map((one, number) => this.option(one, number)));
    this.open(suggestions.length > 0);
    const n = suggestions.length;
    this.status.textContent = say(n ? (nearest ? "near" : "count") : "none", { n });
  }

  option(one, number) {
    const made = element("li", { id: `${this.list.id}-${number}` },
      nameElement(one.name, one.matched, "b"), element("small", { textContent: describe(one) }));
    made.setAttribute("role", "option");
    made.setAttribute("aria-selected", "false");
    return made;
  }

  open(really) {
    this.list.hidden = !really;
    this.input.setAttribute("aria-expanded", String(really));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.chosen = -1;
    this.open(false);
    this.status.textContent = "";
  }

  key(event) {
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      if (this.list.hidden) this.ask();
      else this.move(steps[event.key]);
    } else if (event.key === "Enter" && this.chosen >= 0) {
      this.take(this.found[this.chosen]);
    } else if (event.key === "Escape" && !this.list.hidden) {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
  }

  // Up from the first and down from the last lead back to the field.
  move(step) {
    const places = this.found.length + 1;
    this.chosen = ((this.chosen + 1 + step + places) % places) - 1;
    [...this.list.children].forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === this.chosen));
    });
    const option = this.list.children[this.chosen];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  click(event) {
    const number = [...this.list.children].indexOf(event.target.closest("li"));
    if (number >= 0) this.take(this.found[number]);
  }

  take(one) {
    this.close();
    if (!this.fills) {
      location.assign(address(one.href));
      return;
    }
    this.input.value = this.input.dataset.type ? one.id : `${one.type}/${one.id}`;
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

// The key `/` leads to the search box unless one is typing; a button in the footer turns it off.
const slash = {
  get on() {
    try {
      return localStorage.getItem("slash") !== "off";
    } catch {
      return true; // the browser keeps nothing for us
    }
  },
  turn() {
    try {
      localStorage.setItem("slash", this.on ? "off" : "on");
    } catch {
      // it stays on
    }
  },
};

function typing(target) {
  return target.isContentEditable || target.matches("input, textarea, select, [role=textbox]");
}

document.addEventListener("keydown", (event) => {
  const modified = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  const box = document.querySelector('[data-suggest="go"]');
  if (event.key !== "/" || modified || !box || !slash.on || typing(event.target)) return;
  event.preventDefault();
  box.focus();
  box.select();
});

document.querySelectorAll("[data-suggest]").forEach((input, number) => new Suggestions(input, number));

const keys = document.querySelector("footer .width");
if (keys) {
  const button = element("button", { type: "button", className: "plain" });
  const show = () => { button.textContent = say(slash.on ? "slashOn" : "slashOff"); };
  button.addEventListener("click", () => { slash.turn(); show(); });
  show();
  keys.append(button);
}
