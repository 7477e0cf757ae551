"use strict";

// The cursor of a chart: a place on the horizontal axis, set by pointer, finger or keys, and the values there.
// Charts of one group have it together.
page.cursors = new Map();

page.Cursor = class {
  // `view` is the chart: graph, chart, places, plot (the element), isShown(series), tell(place, index of point).
  constructor(view) {
    this.view = view;
    this.line = page.element("div", { class: "cursor", hidden: "" });
    this.dots = view.chart.series.map((series) => {
      const dot = page.element("div", { class: "dot", hidden: "" });
      dot.style.background = `var(--${series.paint})`;
      return dot;
    });
    view.plot.append(this.line, ...this.dots);
    this.group = view.chart.cursor ? page.cursors.get(view.chart.cursor) || new Set() : new Set();
    if (view.chart.cursor) page.cursors.set(view.chart.cursor, this.group);
    this.group.add(this);
    this.at = -1;
    this.listen();
  }

  listen() {
    const plot = this.view.plot;
    const move = (event) => {
      if (event.buttons && event.pointerType === "mouse") return;
      this.point(event.clientX - plot.getBoundingClientRect().left, event.clientY - plot.getBoundingClientRect().top);
    };
    plot.addEventListener("pointermove", move);
    plot.addEventListener("pointerdown", move);
    plot.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse" && document.activeElement !== plot) this.share(null);
    });
    plot.addEventListener("keydown", (event) => this.press(event));
    plot.addEventListener("blur", () => this.share(null));
  }

  // The pointer is at these pixels of the plot.
  point(left, top) {
    const { graph, places } = this.view;
    const point = this.pointNear(left, top);
    if (point) return this.share(point.x, point);
    const x = graph.toDataXCoord(left);
    const before = Math.max(0, page.lastIndex(places, x));
    const after = Math.min(places.length - 1, before + 1);
    const far = (index) => Math.abs(page.left(graph, places[index]) - left);
    return this.share(places[far(before) <= far(after) ? before : after]);
  }

  // The point of a scatter that is at most 24 pixels away.
  pointNear(left, top) {
    const { graph, chart, isShown } = this.view;
    let nearest = null;
    let least = 24;
    chart.series.forEach((series, at) => {
      if (series.kind !== "points" || !isShown(at)) return;
      series.x.forEach((x, index) => {
        const distance = Math.hypot(
          page.left(graph, x) - left, graph.toDomYCoord(series.y[index], series.isRight ? 1 : 0) - top);
        if (distance < least) [least, nearest] = [distance, { series: at, index, x }];
      });
    });
    return nearest;
  }

  press(event) {
    const { places, zoom, reset } = this.view;
    const last = places.length - 1;
    const step = event.shiftKey ? 10 : 1;
    const to = {
      ArrowRight: this.at + step, ArrowUp: this.at + step, ArrowLeft: this.at - step, ArrowDown: this.at - step,
      Home: 0, End: last, PageUp: this.at + 10, PageDown: this.at - 10,
    }[event.key];
    if (to !== undefined) this.share(places[Math.max(0, Math.min(last, to))]);
    else if (event.key === "+" || event.key === "=") zoom(0.5, places[this.at]);
    else if (event.key === "-") zoom(2, places[this.at]);
    else if (event.key === "0" || event.key === "Escape") reset();
    else return;
    event.preventDefault();
  }

  // Shows a place in all charts of the group; nowhere if null.
  share(x, point = null) {
    for (const cursor of this.group) cursor.show(x, cursor === this ? point : null);
  }

  show(x, point) {
    const { graph, chart, places, plot } = this.view;
    this.shown = x;
    this.line.hidden = x === null;
    if (x === null) {
      for (const dot of this.dots) dot.hidden = true;
      this.view.tell(null, []);
      return;
    }
    this.at = Math.max(0, page.lastIndex(places, x));
    const area = graph.getArea();
    const left = page.left(graph, x);
    this.line.hidden = left < area.x - 1 || left > area.x + area.w + 1;
    this.line.style.cssText = `left:${left}px;top:${area.y}px;height:${area.h}px`;
    const indexes = chart.series.map((series, at) =>
      (point && point.series === at ? point.index : page.series.indexAt(series, x)));
    chart.series.forEach((series, at) => {
      const value = indexes[at] < 0 ? NaN : series.y[indexes[at]];
      const top = graph.toDomYCoord(value, series.isRight ? 1 : 0);
      const isSeen = this.view.hasDot(at) && !this.line.hidden && top >= area.y - 1 && top <= area.y + area.h + 1;
      this.dots[at].hidden = !isSeen;
      if (isSeen) this.dots[at].style.translate = `${left}px ${top}px`;
    });
    this.view.tell(x, indexes);
    plot.setAttribute("aria-valuenow", String(this.at));
  }

  // After the chart was drawn anew.
  again() {
    if (this.shown !== undefined && this.shown !== null) this.show(this.shown, null);
  }
};
