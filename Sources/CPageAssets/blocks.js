"use strict";

// The missing blocks of devices where they lie (`BlockMap.swift`): a row for each device, blocks from left to right.
page.BlockPainter = class {
  constructor(map) {
    this.map = map;
    this.hint = page.hasFinger() ? "Tap what is missing for its blocks." : "Point at what is missing for its blocks, drag to zoom.";
    this.name = "missing";
    this.whole = [1, map.blocks + 1];
    this.range = this.whole;
    this.rows = map.rows.map((row) => this.read(row));
    this.order = this.rows.flatMap((runs, row) => runs.map((_, index) => ({ row, index })));
    this.starts = [];
    this.rows.reduce((sum, runs, row) => { this.starts[row] = sum; return sum + runs.length; }, 0);
    this.count = this.order.length;
  }

  // The runs of a row: first block, last block, missing ones. A row of gaps has what lies between them and their lengths;
  // a row of cells, how many cells to go on, and what is missing there.
  read(row) {
    const { cell, blocks } = this.map;
    const runs = [];
    let at = 0;
    for (let index = 0; index < row.length; index += 2) {
      at += row[index];
      if (cell) {
        const first = at * cell + 1;
        runs.push({ first, last: Math.min(blocks, first + cell - 1), missing: row[index + 1] });
        at += 1;
      } else {
        runs.push({ first: at + 1, last: at + row[index + 1], missing: row[index + 1] });
        at += row[index + 1];
      }
    }
    return runs;
  }

  get isZoomed() { return this.range[0] > this.whole[0] || this.range[1] < this.whole[1]; }

  keys() {
    return this.map.levels.map(({ opacity, text }) => [`color-mix(in srgb, var(--blue) ${opacity * 100}%, var(--paper))`, text]);
  }

  areaIn(context, width, height) {
    const names = this.map.cohorts.map(({ name }) => context.measureText(name).width);
    const right = this.map.cohorts.length > 1 ? Math.min(Math.max(...names) + 12, width * 0.25) : 6;
    const x = context.measureText(String(this.map.devices[this.map.devices.length - 1])).width + 16;
    return { x, y: 6, w: width - x - right, h: height - 34, right };
  }

  leftOf(block, area) { return area.x + ((block - this.range[0]) / (this.range[1] - this.range[0])) * area.w; }
  valueAt(left, area) { return this.range[0] + ((left - area.x) / area.w) * (this.range[1] - this.range[0]); }

  zoom(range) {
    if (!range) { this.range = this.whole; return; }
    const size = Math.min(Math.max(range[1] - range[0], 8), this.whole[1] - 1);
    const low = Math.min(Math.max(1, range[0]), this.whole[1] - size);
    this.range = [low, low + size];
  }

  around(place, factor) {
    const at = place ? this.run(place).first : (this.range[0] + this.range[1]) / 2;
    return this.range.map((end) => at + (end - at) * factor);
  }

  run({ row, index }) { return this.rows[row][index]; }

  boxOf(place, area) {
    const run = this.run(place);
    const h = area.h / this.rows.length;
    const [left, right] = [run.first, run.last + 1].map((block) =>
      Math.min(Math.max(this.leftOf(block, area), area.x), area.x + area.w));
    return { x: left, y: area.y + place.row * h, w: Math.max(1, right - left), h: Math.max(1, h) };
  }

  // What is missing nearest to the pointer, at most 24 pixels away.
  placeAt(left, top, area) {
    const h = area.h / this.rows.length;
    const reach = Math.ceil(24 / h);
    const here = Math.floor((top - area.y) / h);
    let [least, nearest] = [24, null];
    for (let row = Math.max(0, here - reach); row <= Math.min(this.rows.length - 1, here + reach); row += 1) {
      const down = Math.max(0, Math.abs(area.y + (row + 0.5) * h - top) - h / 2);
      this.rows[row].forEach((run, index) => {
        const [from, to] = [this.leftOf(run.first, area), this.leftOf(run.last + 1, area)];
        if (to < area.x || from > area.x + area.w) return;
        const distance = Math.hypot(Math.max(0, from - left, left - to), down);
        if (distance < least) [least, nearest] = [distance, { row, index }];
      });
    }
    return nearest;
  }

  // Left and right to the next run, up and down to the next device with one.
  step(place, key) {
    if (key === "Home" || (!place && /^Arrow/.test(key))) return this.order[0];
    if (key === "End") return this.order[this.count - 1];
    if (!place) return null;
    const at = this.starts[place.row] + place.index;
    if (key === "ArrowRight") return this.order[Math.min(this.count - 1, at + 1)];
    if (key === "ArrowLeft") return this.order[Math.max(0, at - 1)];
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (!step) return null;
    for (let row = place.row + step; row >= 0 && row < this.rows.length; row += step) {
      if (this.rows[row].length) return { row, index: 0 };
    }
    return place;
  }

  cohortOf(device) { return this.map.cohorts.find((cohort) => device >= cohort.first && device < cohort.first + cohort.count); }

  say(place) {
    const run = this.run(place);
    const device = this.map.devices[place.row];
    const cohort = this.cohortOf(device);
    const where = run.first === run.last ? `block ${run.first}` : `blocks ${run.first} – ${run.last}`;
    return {
      number: this.starts[place.row] + place.index,
      at: `device ${device}` + (cohort ? `, ${cohort.name}` : ""),
      value: run.missing === run.last - run.first + 1 ? where + (run.missing > 1 ? `: all ${run.missing}` : "") : `${where}: ${run.missing}`,
    };
  }

  draw(context, area) {
    const h = area.h / this.rows.length;
    const columns = Math.max(1, Math.min(Math.round(area.w / 2), Math.ceil(this.range[1] - this.range[0])));
    const size = (this.range[1] - this.range[0]) / columns;
    // At whole pixels: what overlaps would be darker.
    const left = (column) => Math.round(area.x + (column * area.w) / columns);
    const top = (row) => Math.round(area.y + row * h);
    context.fillStyle = page.color("blue");
    this.rows.forEach((runs, row) => {
      const cells = new Map();
      for (const run of runs) this.addTo(run, size, columns, cells);
      for (const [column, share] of cells) {
        context.globalAlpha = this.map.levels.findLast((level) => level.share <= share + 1e-9).opacity;
        const height = Math.max(1, top(row + 1) - top(row) - (h > 4 ? 1 : 0));
        context.fillRect(left(column), top(row), left(column + 1) - left(column), height);
      }
    });
    context.globalAlpha = 1;
    this.drawCohorts(context, area, h);
    this.drawAxes(context, area, h);
  }

  // Adds the shares of the columns' blocks that a run misses.
  addTo(run, size, columns, cells) {
    const share = run.missing / (run.last - run.first + 1);
    const [from, to] = [run.first, run.last + 1].map((block) => (block - this.range[0]) / size);
    for (let column = Math.max(0, Math.floor(from)); column < Math.min(columns, to); column += 1) {
      const part = Math.min(to, column + 1) - Math.max(from, column);
      if (part > 0) cells.set(column, Math.min(1, (cells.get(column) || 0) + part * share));
    }
  }

  drawCohorts(context, area) {
    if (this.map.cohorts.length < 2) return;
    context.textBaseline = "middle";
    context.textAlign = "left";
    const rowOf = (device) => page.lastIndex(this.map.devices, device - 1) + 1;
    let free = -Infinity;
    for (const { name, first, count } of this.map.cohorts) {
      const [top, bottom] = [first, first + count].map((device) => area.y + (rowOf(device) * area.h) / this.rows.length);
      context.fillStyle = page.color("ink");
      if (first > 1) context.fillRect(area.x, top - 0.5, area.w + 6, 1);
      const middle = (top + bottom) / 2;
      if (middle - 8 < free) continue;
      free = middle + 8;
      context.fillText(name, area.x + area.w + 8, middle, area.right - 8);
    }
  }

  drawAxes(context, area, h) {
    page.mapDrawing.frame(context, area);
    const { devices } = this.map;
    const step = this.niceStep(devices[devices.length - 1] / Math.max(1, area.h / 40));
    const shown = [devices[0]];
    for (let device = step; device <= devices[devices.length - 1]; device += step) shown.push(device);
    page.mapDrawing.left(context, area, shown.map((device) => (
      { at: area.y + (page.lastIndex(devices, device) + 0.5) * h, text: String(device) })));
    const room = Math.max(60, context.measureText(page.grouped(Math.round(this.range[1]))).width + 24);
    const across = this.niceStep((this.range[1] - this.range[0]) / Math.max(1, area.w / room));
    const ticks = [];
    for (let block = Math.max(1, Math.ceil(this.range[0] / across) * across); block < this.range[1]; block += across) {
      ticks.push({ at: this.leftOf(block + 0.5, area), text: page.grouped(block) });
    }
    page.mapDrawing.below(context, area, ticks);
  }

  // 1, 2, 5, 10, …: at least as large as this.
  niceStep(least) {
    const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
    return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) || 10 * power;
  }
};

for (const element of document.querySelectorAll("script.map")) {
  const figure = document.getElementById(element.id.replace(/-map$/, ""));
  const map = JSON.parse(element.textContent);
  if (figure) page.maps[figure.id] = new page.MapView(figure, map.cells ? new page.CellPainter(map) : new page.BlockPainter(map));
}
