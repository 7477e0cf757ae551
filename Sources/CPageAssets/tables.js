"use strict";

// Tables that can be sorted and searched. `HTML.swift` writes them: `table.data`; a long one has its first rows alone, and
// all of them as JSON in the element that `data-rows` names, column by column.
page.tables = {
  searchedFrom: 15,
  shown: 50,

  // How much of the base unit a unit is, so that 900 ms stand before 1 s.
  units: new Map(Object.entries({
    "%": 0.01, ns: 1e-9, us: 1e-6, "µs": 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86400,
    B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12,
    KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40, PiB: 2 ** 50,
    "bit/s": 1, "kbit/s": 1e3, "Mbit/s": 1e6, "Gbit/s": 1e9, "Tbit/s": 1e12,
  })),

  // The number that a cell begins with, in its base unit; NaN if it begins with none. "22.1 ± 8.7 s" is 22.1 s, and so are
  // "≈ 22.1 [13.4, 30.8] s" and "22.1 to 30.8 s".
  figure(text) {
    const plain = text.replace(/[\u202f\u2009](?=\d)/g, "").trim();
    const number = /^[≈±<>]?\s*([-−+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?)/i.exec(plain);
    if (!number) return NaN;
    const rest = plain.slice(number[0].length).replace(/^\s*(±\s*[\d.]+|\[[^\]]*\]|to\s[-−+]?[\d.]+)/, "");
    const [, space, word] = /^(\s*)([^\s(,;]*)/.exec(rest);
    const size = page.tables.units.get(word);
    // What goes on without a space is no number: a digest, a version, a date.
    if (word && !space && size === undefined) return NaN;
    return Number(number[1].replace("−", "-")) * (size || 1);
  },

  // The rows of the JSON: arrays of texts.
  rows(data) {
    const columns = data.columns.map((column) =>
      (Array.isArray(column) ? column : column.at.map((at) => column.words[at])));
    return columns.length ? columns[0].map((_, row) => columns.map((column) => String(column[row] ?? ""))) : [];
  },
};

page.Table = class {
  constructor(table) {
    this.table = table;
    this.body = table.tBodies[0];
    this.headers = [...table.tHead.rows[0].cells];
    this.names = this.headers.map((header) => header.textContent);
    // What an address calls the columns. Of those with one name the second is `costs:2`.
    this.keys = this.names.map((name, column) => {
      const earlier = this.names.slice(0, column).filter((other) => other === name).length;
      return earlier ? `${name}:${earlier + 1}` : name;
    });
    this.isNumeric = this.headers.map((header) => header.classList.contains("n"));
    this.readRows();
    this.order = this.rows;
    this.needle = "";
    this.limit = table.dataset.rows ? page.tables.shown : Infinity;
    this.headers.forEach((header, column) => this.addSorting(header, column));
    this.addTools();
    if (table.dataset.rows) this.show();
  }

  // A row: its texts, what it is sorted by, and its element if it has one already.
  readRows() {
    const written = [...this.body.rows].map((element) => ({
      element,
      texts: [...element.cells].map((cell) => cell.textContent),
      keys: [...element.cells].map((cell) => cell.dataset.v),
      id: element.id,
    }));
    const all = this.table.dataset.rows ? page.data(this.table.dataset.rows) : null;
    this.rows = all ? page.tables.rows(all).map((texts) => ({ texts, keys: [] })) : written;
    this.rows.forEach((row, index) => {
      // Links in the written rows stay.
      if (all && written[index]) row.element = written[index].element;
      row.number = index;
      row.id = row.id || this.idOf(row);
      if (row.element && row.id) row.element.id = row.id;
    });
  }

  // The id of a row: devices-17, and devices-2-17 in replication 2.
  idOf(row) {
    const { row: prefix, key } = this.table.dataset;
    if (!prefix || !key) return "";
    const parts = key.split(" ").map((name) => [name, row.texts[this.names.indexOf(name)]]);
    return [prefix, ...parts.filter(([name, value]) => name !== "replication" || value !== "1").map(([, value]) => value)]
      .join("-");
  }

  addSorting(header, column) {
    // A button without a name says nothing.
    if (!this.names[column].trim()) return;
    const button = page.button("", () => this.sortBy(column), { class: "sort" });
    button.append(...header.childNodes);
    header.append(button);
  }

  // Ascending, then descending, then as it was.
  sortBy(column) {
    const before = this.headers[column].getAttribute("aria-sort");
    const now = { null: "ascending", ascending: "descending", descending: null }[before];
    this.sortAs(this.keys[column], now);
    if (this.table.id) page.links.remember(this.table.id, now && `sort=${now === "ascending" ? "" : "-"}${this.keys[column]}`);
  }

  sortAs(key, now) {
    const column = this.keys.indexOf(key);
    if (column < 0) return;
    for (const header of this.headers) header.removeAttribute("aria-sort");
    if (now) this.headers[column].setAttribute("aria-sort", now);
    this.order = now ? this.sorted(column, now === "ascending" ? 1 : -1) : this.rows;
    this.show();
  }

  // Numbers by their value, then words; what is empty, or – for no value, stands last either way.
  sorted(column, direction) {
    const keyed = this.rows.map((row) => {
      const [key, text] = [row.keys[column], row.texts[column] ?? ""];
      const figure = key === undefined ? page.tables.figure(text) : Number(key);
      const isFigure = !Number.isNaN(figure);
      return { row, text, figure, isFigure, isNothing: !isFigure && /^\s*(–(\s|$)|$)/.test(text) };
    });
    const words = new Intl.Collator("en", { numeric: true });
    keyed.sort((a, b) => {
      if (a.isNothing !== b.isNothing) return a.isNothing ? 1 : -1;
      let difference = words.compare(a.text, b.text);
      if (a.isFigure && b.isFigure) difference = a.figure - b.figure;
      else if (a.isFigure !== b.isFigure) difference = a.isFigure ? -1 : 1;
      return direction * difference || a.row.number - b.row.number;
    });
    return keyed.map(({ row }) => row);
  }

  // Search, a count and the rows as a file, where there are more than fit a glance.
  addTools() {
    const caption = this.table.caption ? this.table.caption.textContent : "the table";
    this.status = page.element("span", { role: "status", class: "count" });
    const save = page.button("Save as CSV", () => this.save(), { "aria-label": "Save as CSV: " + caption });
    const isLong = this.rows.length > page.tables.searchedFrom;
    const place = this.table.closest(".wide") || this.table;
    if (isLong) place.before(page.element("div", { class: "search" }, this.searchField(caption), this.status));
    this.more = page.element("span");
    place.after(page.element("div", { class: "more" }, this.more, save));
    const note = save.parentElement.nextElementSibling;
    if (this.table.dataset.rows && note && note.classList.contains("cut")) note.remove();
    this.count(this.rows.length, this.rows.length);
  }

  searchField(caption) {
    const field = page.element("input", { type: "search", placeholder: "Search", "aria-label": "Search in " + caption });
    field.addEventListener("input", () => {
      this.needle = field.value.trim().toLowerCase();
      this.limit = this.table.dataset.rows ? page.tables.shown : Infinity;
      this.show();
    });
    this.field = field;
    return field;
  }

  // All rows as RFC 4180 has them, in the order of now.
  get csv() {
    const quoted = (text) => (/[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
    return [this.names, ...this.order.map((row) => row.texts)].map((row) => row.map(quoted).join(",") + "\n").join("");
  }

  save() {
    const url = URL.createObjectURL(new Blob([this.csv], { type: "text/csv" }));
    const name = (this.table.id || "table").replace(/^(t|data)-/, "") + ".csv";
    page.element("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  found() {
    if (!this.needle) return this.order;
    const words = this.needle.split(/\s+/);
    return this.order.filter((row) => {
      row.lower = row.lower || row.texts.join("\u0000").toLowerCase();
      return words.every((word) => row.lower.includes(word));
    });
  }

  show() {
    const found = this.found();
    this.body.replaceChildren(...found.slice(0, this.limit).map((row) => this.elementOf(row)));
    this.count(found.length, Math.min(found.length, this.limit));
  }

  elementOf(row) {
    if (!row.element) {
      row.element = page.element("tr", row.id ? { id: row.id } : {}, ...row.texts.map((text, column) =>
        page.element("td", this.isNumeric[column] ? { class: "n" } : {}, text)));
    }
    return row.element;
  }

  count(found, shown) {
    const all = this.rows.length;
    this.status.textContent = this.needle ? `${found} of ${all} rows` : `${all} rows`;
    this.more.replaceChildren();
    if (shown >= found) return;
    const next = Math.min(200, found - shown);
    this.more.append(
      `${shown} of ${found} shown. `,
      page.button(`${next} more`, () => this.extend(this.limit + next)), " ",
      page.button("Show all", () => this.extend(Infinity)), " ");
  }

  extend(limit) {
    this.limit = limit;
    this.show();
  }

  // Shows the row with an id, whatever is searched; whether there is one.
  reveal(id) {
    const row = this.rows.find((row) => row.id === id);
    if (!row) return false;
    if (!row.element || !row.element.isConnected) {
      this.needle = "";
      if (this.field) this.field.value = "";
      this.limit = Math.max(this.limit, this.order.indexOf(row) + 20);
      this.show();
    }
    return true;
  }
};

page.allTables = [...document.querySelectorAll("table.data")].filter((table) => table.tHead && table.tBodies.length)
  .map((table) => new page.Table(table));
