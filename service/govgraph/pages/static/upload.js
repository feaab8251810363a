// Sends the form of an upload without leaving the page: the file and the key that were chosen stay
// chosen for the next step, and it is said how long it takes. Without this file the form works as
// it is. Its words come with its own <script>, in the page's language.
"use strict";

// in a block, so that its names are no other script's
{
  const words = document.currentScript.dataset;

  function say(name, values = {}) {
    return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  }

  // Say how long it has taken, every second; gives what stops that.
  function counting(status) {
    const began = Date.now();
    const tell = () => {
      status.textContent = say("busy", { seconds: Math.round((Date.now() - began) / 1000) });
    };
    tell();
    const clock = setInterval(tell, 1000);
    return () => clearInterval(clock);
  }

  // The same field of the new form, with the file or the key that was in the old one.
  function keep(old, form) {
    const key = form.elements.namedItem("key");
    const file = form.elements.namedItem("file");
    key.value = old.elements.namedItem("key").value;
    file.files = old.elements.namedItem("file").files;
    if (file.files.length) {
      form.querySelector("[data-status]").textContent = say("chosen", { name: file.files[0].name });
    }
  }

  // Put what was answered in the place of this page's content.
  function show(text, old) {
    const answered = new DOMParser().parseFromString(text, "text/html");
    const main = answered.querySelector("main");
    if (!main) throw new Error("no page");
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = answered.title;
    document.querySelectorAll("form[data-upload]").forEach((form) => {
      keep(old, form);
      listen(form);
    });
    const heading = document.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus();
  }

  function listen(form) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const chosen = form.elements.namedItem("file").files[0];
      // not form.dataset: that is the field of this name
      if (chosen?.size > Number(form.getAttribute("data-upload"))) {
        form.querySelector("[data-status]").textContent = say("large");
        return;
      }
      const body = new FormData(form, event.submitter);
      const buttons = form.querySelectorAll("button");
      const status = form.querySelector("[data-status]");
      buttons.forEach((button) => { button.disabled = true; });
      const stop = counting(status);
      try {
        const headers = { Accept: "text/html" };
        const answer = await fetch(form.action, { method: "POST", body, headers });
        show(await answer.text(), form);
      } catch {
        status.textContent = say("failed");
      } finally {
        stop();
        buttons.forEach((button) => { button.disabled = false; });
      }
    });
  }

  document.querySelectorAll("form[data-upload]").forEach(listen);
}
