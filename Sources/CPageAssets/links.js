"use strict";

// Links into the page: what they lead to is opened and shown. Headings have a sign that links to them. After the id an
// address says how a table is sorted or what a chart is zoomed to: `#t-devices~sort=join_s`, `#roles~x=0.5,2`.
page.links = {
  // Opens whatever hides the target of the address, and goes there.
  follow() {
    const [id, state] = page.links.decoded(location.hash.slice(1)).split("~");
    if (!id) return;
    page.allTables.some((table) => table.reveal(id));
    if (state) page.links.restore(id, ...state.split("="));
    const target = document.getElementById(id);
    if (!target) return;
    for (let place = target; place; place = place.parentElement) if (place.tagName === "DETAILS") place.open = true;
    for (const row of document.querySelectorAll("tr.target")) row.classList.remove("target");
    if (target.tagName === "TR") target.classList.add("target");
    target.scrollIntoView({ block: target.tagName === "TR" ? "center" : "start" });
  },

  // An address that was cut within an escape leads nowhere, and breaks nothing.
  decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return "";
    }
  },

  restore(id, key, value = "") {
    const table = page.allTables.find((each) => each.table.id === id);
    if (table && key === "sort") table.sortAs(value.replace(/^-/, ""), value.startsWith("-") ? "descending" : "ascending");
    const range = value.split(",").map(Number);
    if (page.charts[id] && key === "x" && range.length === 2 && range.every(Number.isFinite)) page.charts[id].start(range);
  },

  // Has the address say how a table or a chart is shown, so that it can be sent; without a state, no longer.
  remember(id, state) {
    if (!state && !location.hash.startsWith(`#${encodeURIComponent(id)}~`)) return;
    history.replaceState(null, "", "#" + encodeURIComponent(id) + (state ? "~" + encodeURI(state) : ""));
  },

  sign(heading) {
    const section = heading.tagName === "H2" ? heading.closest("section[id]") : null;
    const place = section || (heading.id ? heading : heading.closest("figure[id], details[id]"));
    if (!place) return;
    heading.append(" ", page.element("a", {
      class: "sign", href: "#" + encodeURIComponent(place.id), "aria-label": "Link to: " + heading.textContent,
    }, "#"));
  },
};

for (const heading of document.querySelectorAll("main h2, main h3")) page.links.sign(heading);
// On a small screen the list of contents folds away, also after a link in it was followed.
for (const contents of document.querySelectorAll("nav#contents > details")) {
  const isSmall = matchMedia("(max-width: 64rem)");
  contents.open = !isSmall.matches;
  contents.addEventListener("click", (event) => {
    if (isSmall.matches && event.target.closest("a")) contents.open = false;
  });
}
addEventListener("hashchange", page.links.follow);
// A link to where the address is already leads there again.
document.addEventListener("click", (event) => {
  const link = event.target.closest && event.target.closest("a[href^='#']");
  if (link && link.getAttribute("href") === location.hash) page.links.follow();
});
page.links.follow();
