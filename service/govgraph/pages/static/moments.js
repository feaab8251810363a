// A slider over the days of a form with `data-moments`: the parts of the page that depend on the
// day (`data-part`) are fetched and put in place, and the address says the day. Without this file
// the form and the links beside it do the same.
"use strict";

(() => {
  const form = document.querySelector("form[data-moments]");
  if (!form) return;
  const choice = form.elements.at;
  const pause = 150;
  const label = (option) => option?.textContent ?? "";
  const slider = Object.assign(document.createElement("input"), {
    type: "range", min: 0, max: choice.options.length - 1, step: 1, value: choice.selectedIndex,
  });
  slider.setAttribute("aria-label", form.dataset.label);
  form.append(slider);
  let timer;
  let request;

  function tell() {
    slider.setAttribute("aria-valuetext", label(choice.options[choice.selectedIndex]));
  }

  function address() {
    const given = [...new FormData(form)].filter(([, value]) => value !== "");
    const query = new URLSearchParams(given);
    return query.size ? `${form.action}?${query}` : form.action;
  }

  function put(page) {
    for (const part of document.querySelectorAll("[data-part]")) {
      const other = page.querySelector(`[data-part="${part.dataset.part}"]`);
      if (other) part.replaceWith(document.adoptNode(other));
    }
    const said = document.querySelector("[data-said]");
    if (said) said.textContent = page.querySelector("[data-said]")?.textContent ?? "";
  }

  async function load() {
    request?.abort();
    request = new AbortController();
    const url = address();
    try {
      const answer = await fetch(url, { signal: request.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.status);
      put(new DOMParser().parseFromString(await answer.text(), "text/html"));
      history.replaceState(null, "", url);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(url);
    }
  }

  function choose() {
    tell();
    for (const field of document.querySelectorAll("form:not([data-moments]) input[name=at]")) {
      field.value = choice.value;
    }
    clearTimeout(timer);
    timer = setTimeout(load, pause);
  }

  slider.addEventListener("input", () => {
    choice.selectedIndex = Number(slider.value);
    choose();
  });
  choice.addEventListener("change", () => {
    slider.value = choice.selectedIndex;
    choose();
  });
  tell();
})();
