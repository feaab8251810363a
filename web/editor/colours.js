// SPARQL as CodeMirror reads it. Its grammar leaves prefixed names, `a` and language tags plain;
// colours are classes of our style sheet.
import { LanguageSupport, syntaxHighlighting } from "@codemirror/language";
import { classHighlighter, styleTags, tags } from "@lezer/highlight";
import { SparqlLanguage } from "codemirror-lang-sparql";

const language = SparqlLanguage.configure({
  props: [styleTags({ "Pname_ln Pname_ns": tags.namespace, A_predicate: tags.keyword, Langtag: tags.string })],
});

export function colouredSparql() {
  return [new LanguageSupport(language), syntaxHighlighting(classHighlighter)];
}
