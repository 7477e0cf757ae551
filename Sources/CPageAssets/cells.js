"use strict";

// A map of cells over two keys (`CellMap.swift`): columns from left to right, rows from top to bottom.
page.CellPainter = class {
  constructor(map) {
    this.map = map;
    this.hint = page.hasFinger() ? "Tap a cell for its values." : "Point at a cell for its values.";
    this.name = map.name + (map.unit ? ` [${map.unit}]` : "");
    this.byPlace = new Map(map.cells.map((cell) => [cell.row * map.x.texts.length + cell.column, cell]));
    this.count = map.cells.length;
  }

  // The ends of the scale, for cells may be too narrow for their numbers, and the frame.
  keys() {
    const cells = [...this.map.cells].sort((one, other) => one.mean - other.mean);
    const [least, most] = [cells[0], cells[cells.length - 1]];
    const ends = least.fill === most.fill ? [] : [[least.fill, "least " + least.text], [most.fill, "most " + most.text]];
    return this.map.cells.some((cell) => cell.isFramed) ? [...ends, ["var(--vermillion)", this.map.frame]] : ends;
  }

  areaIn(context, width, height) {
    const longest = Math.max(...this.map.y.texts.map((text) => context.measureText(text).width));
    const x = Math.min(longest + 16, width * 0.4);
    return { x, y: 6, w: width - x - 6, h: height - 34 };
  }

  get columns() { return this.map.x.texts.length; }
  get rows() { return this.map.y.texts.length; }
  cell({ column, row }) { return this.byPlace.get(row * this.columns + column); }

  boxOf({ column, row }, area) {
    const [w, h] = [area.w / this.columns, area.h / this.rows];
    return { x: area.x + column * w + 1, y: area.y + row * h + 1, w: w - 2, h: h - 2 };
  }

  placeAt(left, top, area) {
    const column = Math.floor(((left - area.x) / area.w) * this.columns);
    const row = Math.floor(((top - area.y) / area.h) * this.rows);
    return this.cell({ column, row }) && column >= 0 && column < this.columns ? { column, row } : null;
  }

  step(place, key) {
    const [right, down] = {
      ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
    }[key] || [0, 0];
    if (key === "Home" || (!place && (right || down))) return this.placeOf(this.map.cells[0]);
    if (key === "End") return this.placeOf(this.map.cells[this.count - 1]);
    if (!right && !down) return null;
    // Over cells that are no points of the sweep.
    let { column, row } = place;
    do [column, row] = [column + right, row + down];
    while (column >= 0 && row >= 0 && column < this.columns && row < this.rows && !this.cell({ column, row }));
    return column >= 0 && column < this.columns && this.cell({ column, row }) ? { column, row } : place;
  }

  placeOf(cell) { return { column: cell.column, row: cell.row }; }

  say(place) {
    const { map } = this;
    const cell = this.cell(place);
    const number = map.cells.indexOf(cell);
    const unit = map.unit ? " " + (cell.mean === 1 ? map.unit.replace(/^(.{3,})s$/, "$1") : map.unit) : "";
    const interval = cell.low < cell.high ? ` (${page.number(cell.low)} – ${page.number(cell.high)})` : "";
    return {
      number,
      at: `${map.x.label} ${map.x.texts[place.column]} · ${map.y.label} ${map.y.texts[place.row]}`
        + (cell.isFramed ? " · " + map.frame : ""),
      value: page.number(cell.mean) + unit + interval,
    };
  }

  draw(context, area) {
    const { map } = this;
    const written = this.written(context, this.boxOf(map.cells[0], area));
    for (const cell of map.cells) {
      const box = this.boxOf(cell, area);
      context.fillStyle = cell.fill;
      context.fillRect(box.x, box.y, box.w, box.h);
      if (cell.isFramed) {
        context.strokeStyle = page.color("vermillion");
        context.lineWidth = 2.5;
        context.strokeRect(box.x + 2, box.y + 2, box.w - 4, box.h - 4);
      }
      this.write(context, box, cell, written);
    }
    const middle = (index, start, size, count) => start + ((index + 0.5) * size) / count;
    page.mapDrawing.left(context, area, map.y.texts.map((text, row) => ({ text, at: middle(row, area.y, area.h, this.rows) })));
    page.mapDrawing.below(context, area, map.x.texts.map((text, column) => ({ text, at: middle(column, area.x, area.w, this.columns) })));
  }

  // Whether there is room for the means, and for half of the intervals: in all cells or in none, for a cell without a number
  // among others with one would look like one without a value.
  written(context, box) {
    const fits = (texts) => Math.max(...texts.map((text) => context.measureText(text).width)) < box.w - 6;
    const font = context.font;
    const mean = box.h >= 16 && fits(this.map.cells.map((cell) => cell.text));
    context.font = this.smallFont;
    const half = mean && box.h >= 36 && fits(this.map.cells.map((cell) => cell.half || ""));
    context.font = font;
    return { mean, half };
  }

  smallFont = "11px system-ui, sans-serif";

  // The mean, and half of the interval below it.
  write(context, box, cell, written) {
    const font = context.font;
    context.fillStyle = cell.ink;
    context.textAlign = "center";
    context.textBaseline = "middle";
    const [x, y] = [box.x + box.w / 2, box.y + box.h / 2];
    const hasHalf = cell.half && written.half;
    if (written.mean) context.fillText(cell.text, x, hasHalf ? y - 8 : y);
    context.font = this.smallFont;
    if (hasHalf) context.fillText(cell.half, x, y + 9);
    context.font = font;
  }
};
