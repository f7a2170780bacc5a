"use strict";
(() => {
  const rows = [...document.querySelectorAll(".clause")];
  const form = document.getElementById("filters");
  const announcer = document.getElementById("announcer");

  // A tick in none of a group's boxes means that the group does not filter.
  function filter() {
    const data = new FormData(form);
    const groups = [...new Set(data.keys())].filter((name) => name !== "text");
    const words = String(data.get("text")).toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (row, name) => !data.has(name) || data.getAll(name).includes(row.dataset[name]);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !(groups.every((name) => fits(row, name)) && words.every((word) => text.includes(word)));
      shown += !row.hidden;
    }
    for (const body of document.querySelectorAll(".matrix tbody")) {
      body.hidden = !body.querySelector(".clause:not([hidden])");
    }
    document.getElementById("shown").textContent = `${shown} of ${rows.length} ${form.dataset.noun ?? "clauses"} shown`;
    document.getElementById("none").hidden = shown > 0;
  }

  // A link names a clause by its anchor or, since that is what people know, by its id.
  function reveal() {
    let name = location.hash.slice(1);
    try { name = decodeURIComponent(name); } catch { /* a stray per cent sign: take it as it is */ }
    const place = [...document.querySelectorAll("[data-clause]")].find((node) => node.id === name || node.dataset.clause === name);
    if (!place) return;
    if (place.id !== name) {
      location.replace(`#${place.id}`);
      return;
    }
    if (form && place.closest("[hidden]")) {
      form.reset();
      filter();
    }
    for (let node = place.parentElement; node; node = node.parentElement) {
      if (node.localName === "details") node.open = true;
    }
    place.scrollIntoView();
    place.focus({ preventScroll: true });
  }

  async function write(text) {
    if (navigator.clipboard) {
      try { return await navigator.clipboard.writeText(text); } catch { /* not allowed here: the old way */ }
    }
    const area = document.body.appendChild(Object.assign(document.createElement("textarea"), { value: text }));
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("copying is not allowed");
  }

  function addCopyButton(code) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
    button.setAttribute("aria-label", `Copy the ${code.dataset.copy}`);
    button.addEventListener("click", async () => {
      let word = "Copied";
      try { await write(code.textContent); } catch { word = "Not copied"; }
      button.textContent = word;
      announcer.textContent = `${word}: ${code.dataset.copy}`;
      button.focus();
      setTimeout(() => { button.textContent = "Copy"; announcer.textContent = ""; }, 2000);
    });
    code.closest(".code").append(button);
  }

  document.querySelectorAll("[data-copy]").forEach(addCopyButton);

  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("reset", () => setTimeout(filter));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => {
      const typing = event.target.matches("input, textarea");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        document.getElementById("search").focus();
      }
    });
    filter();
  }

  const closed = new Set();
  addEventListener("beforeprint", () => {
    for (const node of document.querySelectorAll("details:not([open])")) {
      closed.add(node);
      node.open = true;
    }
  });
  addEventListener("afterprint", () => {
    closed.forEach((node) => { node.open = false; });
    closed.clear();
  });

  addEventListener("hashchange", reveal);
  reveal();
})();
