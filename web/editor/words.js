// What the editor says: texts that the page gives with its <script>, in the page's language.
const given = document.currentScript.dataset;

export const language = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

// `past-where` is given as data-past-where, which scripts know as pastWhere.
export function say(name, values = {}) {
  const key = name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return (given[key] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

// CodeMirror's own phrases by the names that the page has for them.
export function phrases(names) {
  return Object.fromEntries(Object.entries(names).map(([name, phrase]) => [phrase, say(name)]));
}

// A text in the page's language, or in whichever there is.
export function inWords(texts) {
  const found = [language, "und", ...Object.keys(texts ?? {})].find((one) => texts?.[one]);
  return found ? texts[found] : "";
}

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter(Boolean));
  return made;
}
