// CodeMirror writes its looks into a <style> element, which our policy forbids. A sheet that is made
// by a script is allowed, and style-mod uses one itself where a document has no head.
import { StyleModule } from "style-mod";

export function adoptSheets() {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [sheet, ...document.adoptedStyleSheets];
  const known = new Set();
  StyleModule.mount = (_, modules) => {
    for (const each of [modules].flat()) known.add(each);
    sheet.replaceSync([...known].map((each) => each.getRules()).join("\n"));
  };
}
