"use strict";
// Searches items as they were printed: every word must occur in headline, text, source or area.
const archiveSearch = (() => {
  const MOST = 200;
  const years = document.body.dataset.years.split(" ").filter(Boolean);
  const data = new Map();
  const asked = new Set();
  const input = document.getElementById("words");
  const year = document.getElementById("year");
  const count = document.getElementById("count");
  const found = document.getElementById("found");
  const editions = document.getElementById("editions");

  // Full-width digits and letters are found by their usual forms; the length stays, so places stay true.
  const folded = (text) =>
    text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).toLowerCase();

  function load(name) {
    if (asked.has(name)) return;
    asked.add(name);
    const script = document.createElement("script");
    script.src = "search/" + encodeURIComponent(name) + ".js";
    script.onerror = () => { data.set(name, []); show(); };
    document.head.append(script);
  }

  function marked(element, text, words) {
    const plain = folded(text);
    let at = 0;
    while (at < text.length) {
      let next = text.length, size = 0;
      for (const word of words) {
        const place = plain.indexOf(word, at);
        if (place >= 0 && place < next) { next = place; size = word.length; }
      }
      element.append(text.slice(at, next));
      if (size) {
        const mark = document.createElement("mark");
        mark.textContent = text.slice(next, next + size);
        element.append(mark);
      }
      at = next + (size || 1);
    }
    return element;
  }

  function line(edition, [number, headline, text, source, area], words) {
    const entry = document.createElement("li");
    const link = marked(document.createElement("a"), headline, words);
    link.href = edition.page + "#item-" + number;
    const where = document.createElement("p");
    where.className = "source";
    where.textContent = edition.name + "　" + area + "　";
    marked(where, source, words);
    entry.append(link, marked(document.createElement("p"), text, words), where);
    return entry;
  }

  function show() {
    const words = folded(input.value).split(/\s+/).filter(Boolean);
    const wanted = years.filter((y) => !year.value || y === year.value);
    found.replaceChildren();
    editions.hidden = words.length > 0;
    count.textContent = "";
    if (!words.length) return;
    wanted.forEach(load);
    let hits = 0;
    for (const name of wanted) {
      for (const edition of data.get(name) || []) {
        for (const item of edition.items) {
          const text = folded(item.slice(1).join("\n"));
          if (!words.every((word) => text.includes(word))) continue;
          hits += 1;
          if (hits <= MOST) found.append(line(edition, item, words));
        }
      }
    }
    const loading = wanted.some((name) => !data.has(name)) ? "（仍在读取）" : "";
    count.textContent = hits > MOST ? `找到 ${hits} 条，显示前 ${MOST} 条${loading}` : `找到 ${hits} 条${loading}`;
  }

  input.addEventListener("input", show);
  year.addEventListener("change", show);
  document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  return { add(name, entries) { data.set(name, entries); show(); } };
})();
window.archiveSearch = archiveSearch;
