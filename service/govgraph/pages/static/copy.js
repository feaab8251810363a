// A button that copies the text of each <pre data-copy>. Without this file the text can be marked
// and copied by hand. Its words come with its own <script>, in the page's language.
"use strict";

(() => {
  const words = document.currentScript.dataset;
  const shown = 2000;

  function selected(text) {
    const range = document.createRange();
    range.selectNodeContents(text);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  for (const text of document.querySelectorAll("pre[data-copy]")) {
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "plain", textContent: words.copy,
    });
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
      } catch {
        selected(text); // no clipboard without https: it is marked, ready to be copied
        return;
      }
      button.textContent = words.copied;
      setTimeout(() => { button.textContent = words.copy; }, shown);
    });
    text.after(button);
  }
})();
