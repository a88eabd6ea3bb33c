// Shows, for a clicked summary sentence, its source with the cited characters marked. Everything shown is
// cloned from the page itself (the folded originals), so without this script nothing is missing.
(function () {
  "use strict";
  const panel = document.getElementById("panel");
  const heading = document.getElementById("panel-heading");
  const view = panel.querySelector(".view");
  const cites = Array.from(document.querySelectorAll("a.cite"));
  const shown = () => cites.filter((cite) => !cite.closest(".filtered"));
  const viewButtons = Array.from(panel.querySelectorAll("[data-view]"));
  const stepButtons = Array.from(panel.querySelectorAll("[data-step]"));
  let current = null;
  let wanted = "article";

  function matching(root, key) {
    return Array.from(root.querySelectorAll('mark[data-keys~="' + key + '"]'));
  }

  // The blocks, of the given kind, that hold characters cited under `key`.
  function blocks(kind, key) {
    const selector = kind === "page" ? ".raw" : ".original .article";
    return Array.from(document.querySelectorAll(selector)).filter((b) => matching(b, key).length > 0);
  }

  function copy(block, key) {
    const clone = block.cloneNode(true);
    clone.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
    // In the panel the article stands under a heading of the second level.
    clone.querySelectorAll("h3, h4").forEach((node) => node.setAttribute("aria-level", "3"));
    clone.querySelectorAll("mark").forEach((mark) => {
      if (mark.dataset.keys.split(" ").includes(key)) {
        mark.classList.add("active");
      } else {
        mark.replaceWith(document.createTextNode(mark.textContent));
      }
    });
    return clone;
  }

  function showSource() {
    const key = current.dataset.key;
    const onPage = blocks("page", key);
    const kind = wanted === "page" && onPage.length > 0 ? "page" : "article";
    viewButtons.forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.view === kind));
      button.disabled = button.dataset.view === "page" && onPage.length === 0;
    });
    view.replaceChildren(...(kind === "page" ? onPage : blocks("article", key)).map((b) => copy(b, key)));
    const first = view.querySelector("mark.active");
    if (first) {
      const above = first.getBoundingClientRect().top - view.getBoundingClientRect().top;
      view.scrollTop += above - view.clientHeight / 3;
    }
  }

  function showFindings(key) {
    const list = panel.querySelector(".finding-list");
    const own = document.querySelectorAll('.item .finding-list li[data-key="' + key + '"]');
    list.replaceChildren(...Array.from(own, (li) => li.cloneNode(true)));
    list.hidden = own.length === 0;
  }

  function open(cite, moveFocus) {
    if (current) {
      current.classList.remove("current");
      current.removeAttribute("aria-current");
    }
    current = cite;
    cite.classList.add("current");
    cite.setAttribute("aria-current", "true");
    panel.hidden = false;
    document.body.classList.add("with-panel");
    panel.querySelector(".quoted").textContent = cite.textContent;
    showFindings(cite.dataset.key);
    const place = shown().indexOf(cite);
    stepButtons.forEach((button) => {
      button.disabled = !shown()[place + Number(button.dataset.step)];
    });
    showSource();
    if (moveFocus) {
      heading.focus({ preventScroll: true });
    }
    cite.scrollIntoView({ block: "nearest" });
  }

  function close() {
    if (!current) {
      return;
    }
    const back = current;
    current = null;
    back.classList.remove("current");
    back.removeAttribute("aria-current");
    panel.hidden = true;
    document.body.classList.remove("with-panel");
    back.focus();
  }

  cites.forEach((cite) => {
    cite.setAttribute("aria-controls", "panel");
    cite.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) {
        return;
      }
      event.preventDefault();
      open(cite, true);
    });
  });
  viewButtons.forEach((button) => {
    button.addEventListener("click", () => {
      wanted = button.dataset.view;
      showSource();
    });
  });
  stepButtons.forEach((button) => {
    button.addEventListener("click", () => {
      open(shown()[shown().indexOf(current) + Number(button.dataset.step)], false);
      if (button.disabled) {
        heading.focus({ preventScroll: true });
      }
    });
  });
  panel.querySelector(".close").addEventListener("click", close);
  // Arrows move from sentence to sentence while a source is shown, except where they mean something else.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      close();
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (current && step && plain && !event.target.closest("select, input, textarea")) {
      const next = shown()[shown().indexOf(current) + step];
      if (next) {
        event.preventDefault();
        open(next, panel.contains(document.activeElement));
      }
    }
  });
  // Walks through the items that carry something to be checked, and begins again after the last.
  const nextFinding = document.getElementById("next-finding");
  let visited = null;
  if (nextFinding) {
    nextFinding.addEventListener("click", () => {
      const all = Array.from(document.querySelectorAll(".item .findings")).filter((f) => !f.closest(".filtered"));
      if (all.length === 0) {
        return;
      }
      visited = all[(all.indexOf(visited) + 1) % all.length];
      visited.tabIndex = -1;
      visited.closest(".item").scrollIntoView({ block: "start" });
      visited.focus({ preventScroll: true });
    });
  }
  // Items of other areas step back on the screen only: paper always has the whole issue.
  const filter = document.getElementById("filter");
  if (filter) {
    filter.addEventListener("change", () => {
      document.querySelectorAll("[data-area]").forEach((node) => {
        node.classList.toggle("filtered", filter.value !== "" && node.dataset.area !== filter.value);
      });
      const all = document.querySelectorAll(".item");
      const left = Array.from(all).filter((item) => !item.classList.contains("filtered"));
      document.getElementById("shown").textContent = filter.value === "" ? "" : left.length + "/" + all.length + "条";
      document.querySelectorAll(".area, .contents ol").forEach((group) => {
        const empty = !group.querySelector("[data-area]:not(.filtered)");
        group.classList.toggle("filtered", empty);
        if (group.tagName === "OL" && group.previousElementSibling) {
          group.previousElementSibling.classList.toggle("filtered", empty && group.previousElementSibling.tagName === "H3");
        }
      });
    });
  }
  // A link to an item that the filter hides shows all of them again: it must lead somewhere.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (filter && target && target.closest(".filtered")) {
      filter.value = "";
      filter.dispatchEvent(new Event("change"));
    }
  });
  document.getElementById("print").addEventListener("click", () => window.print());
  document.getElementById("toolbar").hidden = false;
})();
