// The editor of /query: CodeMirror in the place of the form's text area, which keeps the query.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history as undoing, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, syntaxTree } from "@codemirror/language";
import { lintGutter, lintKeymap, forceLinting } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { Answer } from "./answer.js";
import { colouredSparql } from "./colours.js";
import { completions } from "./completions.js";
import { faults } from "./faults.js";
import { laidOut } from "./layout.js";
import { Past } from "./past.js";
import { declaring } from "./prefixes.js";
import { adoptSheets } from "./sheet.js";
import { fetchTerms, terms } from "./terms.js";
import { typesOverSelections } from "./typing.js";
import { phrases, say } from "./words.js";

const PHRASES = {
  find: "Find", replace: "Replace", next: "next", previous: "previous", "all-matches": "all", case: "match case",
  regexp: "regexp", words: "by word", "replace-this": "replace", "replace-all": "replace all", close: "close",
  completions: "Completions", diagnostics: "Diagnostics", "no-diagnostics": "No diagnostics",
};

function start(form) {
  const area = form.querySelector("textarea");
  const answer = new Answer(form, document.getElementById("outcome"));
  const view = new EditorView({ doc: area.value, parent: form.querySelector(".live"), extensions: extensions() });
  form.classList.add("lively");
  area.hidden = true;
  fetchTerms(form.dataset.terms);

  function extensions() {
    return [
      keymap.of([{ key: "Mod-Enter", run, preventDefault: true }, { key: "Shift-Alt-f", run: layOut }]),
      lineNumbers(), undoing(), bracketMatching(), closeBrackets(), search({ top: true }), highlightSelectionMatches(),
      autocompletion({ override: [completions], icons: false, maxRenderedOptions: 60 }),
      colouredSparql(), lintGutter(), faults("/query/check"), declaresPrefixes(), typesOverSelections,
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap,
        ...defaultKeymap, indentWithTab]),
      EditorState.phrases.of(phrases(PHRASES)), EditorState.tabSize.of(2), EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": say("query"), "aria-describedby": "editor-keys", lang: "en" }),
      EditorView.updateListener.of((update) => { if (update.docChanged) area.value = text(); }),
    ];
  }

  function text() {
    return view.state.doc.toString();
  }

  function put(query) {
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: query } });
    view.focus();
  }

  function run() {
    forceLinting(view);
    answer.ask(text());
    return true;
  }

  function layOut() {
    if (text() !== laidOut(text())) put(laidOut(text()));
    return true;
  }

  const past = new Past(document.getElementById("past"), put);
  answer.told = (query, shown) => {
    document.dispatchEvent(new Event("part")); // buttons that copy are shown
    form.querySelector(".told").textContent = answer.place.querySelector("[data-summary]")?.textContent ?? "";
    if (shown?.dataset.rows !== undefined) past.add(query, shown.dataset.rows || null);
  };
  form.addEventListener("submit", (event) => { event.preventDefault(); run(); });
  form.querySelector(".lay-out").addEventListener("click", layOut);
  window.addEventListener("popstate", () => {
    const query = new URLSearchParams(location.search).get("q") ?? "";
    if (query) put(query);
    if (query) answer.ask(query, location.pathname + location.search, { push: false });
    else answer.place.replaceChildren();
  });
  form.querySelector(".lay-out").hidden = document.getElementById("editor-keys").hidden = false;
}

// A known prefix is declared as soon as its colon is typed.
function declaresPrefixes() {
  return EditorView.inputHandler.of((view, from, to, typed) => {
    const line = view.state.doc.lineAt(from);
    const prefix = typed === ":" && /(?:^|[\s(^/|!{])([\w-]+)$/.exec(line.text.slice(0, from - line.from))?.[1];
    if (!prefix || /^\s*PREFIX/i.test(line.text) || !(prefix in terms.prefixes)) return false;
    if (/String|Comment/.test(syntaxTree(view.state).resolveInner(from, -1).name)) return false;
    const changes = declaring(view.state.doc.toString(), prefix);
    if (!changes.length) return false;
    const anchor = from + 1 + changes[0].insert.length;
    view.dispatch({ changes: [...changes, { from, to, insert: typed }], selection: { anchor }, userEvent: "input.type" });
    return true;
  });
}

adoptSheets();
const form = document.querySelector("form.editor");
if (form) start(form);
