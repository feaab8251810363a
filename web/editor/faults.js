// What is wrong with a query, as the server judges it: marked at its place while one types.
import { linter } from "@codemirror/lint";
import { language } from "./words.js";

const PAUSE = 500;

export function faults(address) {
  let asked = null;
  return linter(async (view) => {
    const text = view.state.doc.toString();
    asked?.abort();
    asked = new AbortController();
    if (!text.trim()) return [];
    try {
      const body = new URLSearchParams({ q: text });
      const answer = await fetch(address, { method: "POST", body, signal: asked.signal });
      const { fault } = answer.ok ? await answer.json() : {};
      return fault ? [diagnostic(view.state.doc, fault)] : [];
    } catch {
      return []; // given up for the next one, or no connection
    }
  }, { delay: PAUSE });
}

// Columns count characters; a character beyond the first plane is two of JavaScript's.
function diagnostic(doc, fault) {
  const line = doc.line(Math.min(Math.max(fault.line, 1), doc.lines));
  const before = [...line.text].slice(0, Math.max(fault.column - 1, 0)).join("").length;
  const to = Math.min(line.from + before + Math.max(fault.length, 1), doc.length);
  const from = Math.min(line.from + before, Math.max(to - 1, 0));
  return { from, to, severity: "error", message: fault[`message_${language}`] };
}
