// What may be typed next: variables of the query, terms of the ontology by their names in zh and en,
// entities of the data by theirs, prefixes, words of SPARQL.
import { syntaxTree } from "@codemirror/language";
import { declaring } from "./prefixes.js";
import { terms } from "./terms.js";
import { element, inWords, say } from "./words.js";

const KEYWORDS = (
  "SELECT DISTINCT WHERE OPTIONAL FILTER UNION MINUS BIND VALUES GRAPH SERVICE ASK CONSTRUCT DESCRIBE" +
  " PREFIX FROM NAMED LIMIT OFFSET HAVING EXISTS COUNT SUM AVG MIN MAX SAMPLE GROUP_CONCAT COALESCE BOUND" +
  " REGEX CONTAINS STRSTARTS STRENDS REPLACE SUBSTR STRLEN LCASE UCASE CONCAT LANG LANGMATCHES DATATYPE" +
  " YEAR MONTH DAY NOW STR IRI IF IN UNDEF AS DESC ASC ISIRI ISLITERAL ABS ROUND"
).split(" ").concat(["GROUP BY", "ORDER BY", "NOT EXISTS", "NOT IN"]);
const MOST = 60;

export async function completions(context) {
  const word = context.matchBefore(/[?$]?[\p{L}\p{N}_\u00b7.:-]*/u);
  if (!word || (word.from === word.to && !context.explicit) || quoted(context)) return null;
  if (/^[?$]/.test(word.text)) return { from: word.from, options: variables(context) };
  await terms.ready;
  const named = word.text.includes(":");
  const options = ranked(word.text, termsAt(context, word.from));
  if (!named) options.push(...ranked(word.text, [...prefixes(), ...keywords()]));
  if (!named && wantsNames(word.text)) options.push(...(await entities(context, word.text)));
  return context.aborted || !options.length ? null : { from: word.from, options, filter: false };
}

// Strings, comments and IRIs are left alone.
function quoted(context) {
  const { name } = syntaxTree(context.state).resolveInner(context.pos, -1);
  return /String|Comment|IriRef/.test(name);
}

function variables(context) {
  const text = context.state.doc.toString();
  const around = context.matchBefore(/[?$]\w*/)?.text;
  const found = new Set([...text.matchAll(/[?$][\p{L}\p{N}_]+/gu)].map(([name]) => name));
  const typed = text.split(around ?? "\0").length <= 2 ? around : null; // it is not there but here
  return [...found].filter((name) => name !== typed).map((label) => ({ label, type: "variable" }));
}

// After `a` come classes only; elsewhere both, properties first.
function termsAt(context, from) {
  const before = context.state.sliceDoc(Math.max(0, from - 40), from);
  const classes = terms.classes.map((term) => termOption(term, "class"));
  if (/(?:^|\s)(?:a|rdf:type)\s+$/.test(before)) return classes;
  return [...terms.properties.map((term) => termOption(term, "property")), ...classes];
}

function termOption(term, type) {
  const both = [term.label?.zh, term.label?.en].filter(Boolean).join(" · ");
  return { label: term.name, detail: both, type, info: () => meaning(term), apply: insertTerm, texts: both, uses: term.uses };
}

function meaning(term) {
  const said = inWords(term.definition) || inWords(term.label) || term.name;
  const uses = say("uses", { n: term.uses ?? 0 });
  return element("div", {}, element("p", { textContent: said }), element("p", { textContent: uses }));
}

function insertTerm(view, option, from, to) {
  const changes = declaring(view.state.doc.toString(), option.label.split(":")[0]);
  const shift = changes.reduce((sum, change) => sum + change.insert.length, 0);
  view.dispatch({
    changes: [...changes, { from, to, insert: option.label }],
    selection: { anchor: from + shift + option.label.length },
    userEvent: "input.complete",
  });
}

function prefixes() {
  return Object.entries(terms.prefixes).map(([name, iri]) => ({
    label: `${name}:`, detail: iri, type: "namespace", apply: insertTerm, texts: "",
  }));
}

function keywords() {
  return KEYWORDS.map((label) => ({ label, type: "keyword", texts: "" }));
}

// Those that begin with what is typed, then those that have it within, in names or labels.
function ranked(typed, options) {
  const text = typed.toLowerCase();
  const found = options.map((option) => [rank(text, option), option]).filter(([n]) => n < 9);
  found.sort(([n, a], [m, b]) => n - m || (b.uses ?? 0) - (a.uses ?? 0));
  return found.slice(0, MOST).map(([, option]) => option);
}

function rank(text, { label, texts }) {
  const name = label.toLowerCase();
  if (name.startsWith(text)) return 0;
  if (name.split(":")[1]?.startsWith(text)) return 1;
  const labels = texts.toLowerCase();
  if (labels.split(/[ ·]+/).some((one) => one.startsWith(text))) return 2;
  return wantsNames(text) && (name.includes(text) || labels.includes(text)) ? 3 : 9;
}

// Names are looked up from the first Han character on, from three letters of others.
function wantsNames(text) {
  return /\p{Script=Han}/u.test(text) || text.length >= 3;
}

async function entities(context, q) {
  const asked = new AbortController();
  context.addEventListener("abort", () => asked.abort(), { onDocChange: true });
  const query = new URLSearchParams({ q });
  const release = new URLSearchParams(location.search).get("release");
  if (release) query.set("release", release);
  try {
    const answer = await fetch(`/api/v1/suggest?${query}`, { signal: asked.signal });
    return answer.ok ? (await answer.json()).suggestions.map(entityOption) : [];
  } catch {
    return []; // given up, or no connection
  }
}

function entityOption(one) {
  const name = inWords(one.name) || one.id;
  const parts = [inWords(one.kind) || say(`kind${one.type}`), inWords(one.parent), `${one.type}/${one.id}`];
  const iri = `<${terms.base}${one.type}/${encodeURIComponent(one.id)}>`;
  return { label: name, detail: parts.filter(Boolean).join(" · "), type: "entity", apply: iri };
}
