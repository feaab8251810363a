// Buttons that copy: the text of `data-copy`, or that of the element after the button. Without this
// file they stay hidden.
"use strict";

{
  const words = document.currentScript.dataset;

  const offer = () => {
    for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.hidden = false;
  };

  // Where the browser lets no page copy, the text is marked, ready for the reader's own keys.
  const copy = async (button) => {
    const said = button.textContent;
    const source = button.nextElementSibling;
    try {
      await navigator.clipboard.writeText(button.dataset.copy || source.textContent);
      button.textContent = words.copied;
    } catch {
      getSelection().selectAllChildren(source ?? button);
      button.textContent = words.marked;
    }
    setTimeout(() => { button.textContent = said; }, 2000);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-copy]");
    if (button) copy(button);
  });
  document.addEventListener("part", offer); // a part of the page has come anew
  offer();
}
