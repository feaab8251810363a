// Prefixes that a query declares, and the change that declares one more.
import { terms } from "./terms.js";

const DECLARED = /^[ \t]*PREFIX\s+([\w-]*):\s*<([^>]*)>[ \t]*\r?\n?/gim;

// What stands for an IRI in a query, by prefix: its own declarations.
export function declared(text) {
  return new Map([...text.matchAll(DECLARED)].map(([, prefix, iri]) => [prefix, iri]));
}

// Changes that declare a known prefix after the last declaration there is; none if it is there.
export function declaring(text, prefix) {
  const iri = terms.prefixes[prefix];
  if (!iri || declared(text).has(prefix)) return [];
  const last = [...text.matchAll(DECLARED)].at(-1);
  const from = last ? last.index + last[0].length : 0;
  const before = last && !last[0].endsWith("\n") ? "\n" : "";
  return [{ from, insert: `${before}PREFIX ${prefix}: <${iri}>\n` }];
}
