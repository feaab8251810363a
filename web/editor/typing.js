// Where Chromium itself replaces selected text, it keeps the text's looks in a style attribute, which
// our policy forbids. What is typed over a selection is therefore put in here.
import { EditorView } from "@codemirror/view";

export const typesOverSelections = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    if (event.inputType !== "insertText" || event.isComposing || empty || !event.data) return false;
    const insert = () => view.state.update(view.state.replaceSelection(event.data), { userEvent: "input.type" });
    const handlers = view.state.facet(EditorView.inputHandler); // such as that which closes brackets
    if (!handlers.some((handle) => handle(view, from, to, event.data, insert))) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});
