"use strict";

// A map in the place of a picture that has one: cells over two keys (`cells.js`), or the gaps of devices (`blocks.js`).
// What is under the pointer is said in the words of the picture's table. `script.map` elements have the data, by the id
// of their figures.
page.MapView = class {
  constructor(figure, painter) {
    this.figure = figure;
    this.painter = painter;
    this.place = null;
    this.build();
    figure.classList.add("live");
    page.whenNear(this.plot, () => this.start());
  }

  build() {
    const { painter } = this;
    this.at = page.element("p", { class: "at hint" }, painter.hint);
    this.resetButton = page.button("Whole map", () => this.zoom(null), { class: "reset", disabled: "" });
    const tools = page.element("div", { class: "tools" }, this.at, this.resetButton,
      page.pictureButton(this.figure, () => this.draw()));
    this.canvas = page.element("canvas", { "aria-hidden": "true" });
    this.plot = page.element("div", {
      class: "plot map", tabindex: "0", role: "slider", "aria-valuemin": "0", "aria-valuenow": "0",
      "aria-valuemax": String(painter.count - 1), "aria-valuetext": "none",
      "aria-label": "Values of the map: " + this.figure.querySelector("h3").textContent,
    }, this.canvas);
    this.value = page.element("span", { class: "value" });
    const legend = page.element("ul", { class: "legend" },
      page.element("li", {}, page.element("span", { class: "name" }, painter.name), this.value));
    const keys = page.element("ul", { class: "keys" }, ...painter.keys().map(([color, words]) => {
        const swatch = page.element("span", { class: "swatch bars", "aria-hidden": "true" });
        swatch.style.background = color;
        return page.element("li", {}, swatch, words);
      }));
    this.figure.querySelector(".picture").before(page.element("div", { class: "chart-box" }, tools,
      page.element("div", { class: "chart-body" }, page.element("p", { class: "axis-label" }, painter.map.y.label),
        this.plot, page.element("p", { class: "axis-label across" }, painter.map.x.label), legend, keys)));
  }

  start() {
    this.draw();
    new ResizeObserver(() => this.draw()).observe(this.plot);
    page.whenColorsChange(() => this.draw());
    this.plot.addEventListener("pointermove", (event) => this.move(event));
    this.plot.addEventListener("pointerdown", (event) => {
      this.move(event);
      if (event.pointerType === "mouse" && event.button === 0 && this.painter.range) this.dragFrom = this.left(event);
    });
    addEventListener("pointerup", (event) => this.drop(event));
    this.plot.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && document.activeElement !== this.plot) this.show(null);
    });
    this.plot.addEventListener("dblclick", () => this.zoom(null));
    this.plot.addEventListener("blur", () => this.show(null));
    this.plot.addEventListener("keydown", (event) => this.press(event));
  }

  left(event) { return event.clientX - this.plot.getBoundingClientRect().left; }

  move(event) {
    const box = this.plot.getBoundingClientRect();
    this.show(this.painter.placeAt(event.clientX - box.left, event.clientY - box.top, this.area));
    if (this.dragFrom === undefined) return;
    this.dragTo = this.left(event);
    this.draw();
  }

  // The end of a drag: what was dragged over is seen alone.
  drop(event) {
    const from = this.dragFrom;
    this.dragFrom = undefined;
    this.dragTo = undefined;
    if (from === undefined) return;
    const ends = [from, this.left(event)].sort((a, b) => a - b);
    if (ends[1] - ends[0] > 5) this.zoom(ends.map((left) => this.painter.valueAt(left, this.area)));
    else this.draw();
  }

  zoom(range) {
    if (!this.painter.range) return;
    this.painter.zoom(range);
    this.resetButton.disabled = !this.painter.isZoomed;
    this.draw();
  }

  press(event) {
    const { painter } = this;
    const factor = { "+": 0.5, "=": 0.5, "-": 2 }[event.key];
    const place = painter.step(this.place, event.key);
    if (place) this.show(place);
    else if (factor && painter.range) this.zoom(painter.around(this.place, factor));
    else if (event.key === "Escape" || event.key === "0") this.zoom(null);
    else return;
    event.preventDefault();
  }

  show(place) {
    const before = this.place;
    this.place = place;
    const said = place && this.painter.say(place);
    this.at.textContent = said ? said.at : this.painter.hint;
    this.at.classList.toggle("hint", !said);
    this.value.textContent = said ? said.value : "";
    if (said) {
      this.plot.setAttribute("aria-valuetext", `${said.at}; ${this.painter.name}: ${said.value}`);
      this.plot.setAttribute("aria-valuenow", String(said.number));
    }
    if (before !== place) this.draw();
  }

  draw() {
    const [width, height] = [this.plot.clientWidth, this.plot.clientHeight];
    if (!width) return;
    const scale = devicePixelRatio || 1;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    const context = this.canvas.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.font = "13px system-ui, sans-serif";
    this.area = this.painter.areaIn(context, width, height);
    this.painter.draw(context, this.area);
    if (this.dragTo !== undefined) {
      context.globalAlpha = 0.2;
      context.fillStyle = page.color("ink");
      context.fillRect(this.dragFrom, this.area.y, this.dragTo - this.dragFrom, this.area.h);
      context.globalAlpha = 1;
    }
    if (!this.place) return;
    const box = this.painter.boxOf(this.place, this.area);
    context.strokeStyle = page.color("ink");
    context.lineWidth = 2;
    context.strokeRect(box.x - 1, box.y - 1, box.w + 2, box.h + 2);
  }
};

page.maps = {};
page.mapDrawing = {
  // Words at the left, one for each place on the axis, where there is room below those before.
  left(context, area, places) {
    context.textAlign = "right";
    context.textBaseline = "middle";
    page.mapDrawing.words(context, places, () => 8, Infinity, (text, at) => context.fillText(text, area.x - 8, at, area.x - 10));
  },

  // Words below.
  below(context, area, places) {
    context.textAlign = "center";
    context.textBaseline = "top";
    page.mapDrawing.words(context, places, (text) => context.measureText(text).width / 2 + 4, context.canvas.clientWidth,
      (text, at) => context.fillText(text, at, area.y + area.h + 7));
  },

  // Writes the words that have room, each of which takes half of its size to either side, from the edge up to an end.
  words(context, places, half, end, write) {
    context.fillStyle = page.color("ink");
    let free = -8;
    for (const { at, text } of places) {
      if (at - half(text) < free || at + half(text) > end) continue;
      free = at + half(text);
      write(text, at);
    }
  },

  frame(context, area) {
    context.strokeStyle = page.color("ink");
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(area.x - 0.5, area.y);
    context.lineTo(area.x - 0.5, area.y + area.h + 0.5);
    context.lineTo(area.x + area.w, area.y + area.h + 0.5);
    context.stroke();
  },
};
