"use strict";

// A chart in the place of each picture that has one: `#charts` has them by the id of their figures. The picture stays
// for paper, and for who asks for it.
page.ChartView = class {
  constructor(figure, chart) {
    this.figure = figure;
    this.chart = page.series.complete(chart);
    this.hidden = new Set();
    this.isShown = (at) => !this.hidden.has(at);
    this.hasBold = chart.series.some((series) => series.isBold && series.kind !== "points");
    this.zoom = (factor, around) => this.zoomBy(factor, around);
    this.reset = () => this.zoomTo(this.rangeX, this.rangeY);
    this.first = null;
    this.build();
    figure.classList.add("live");
    page.whenNear(this.plot, () => this.draw());
  }

  get title() { return this.figure.querySelector("h3").textContent; }

  // Whether a series is only what the bold ones are seen against: single replications beside their median.
  isContext(series) { return this.hasBold && !series.isBold && series.kind !== "points"; }

  // Whether the cursor marks the value of a series.
  hasDot(at) {
    const series = this.chart.series[at];
    return this.isShown(at) && !this.isContext(series) && !this.chart.isStacked && series.kind !== "bars";
  }

  build() {
    const { chart } = this;
    this.at = page.element("p", { class: "at" });
    this.resetButton = page.button("Whole chart", this.reset, { class: "reset", disabled: "" });
    const tools = page.element("div", { class: "tools" }, this.at, this.resetButton,
      page.pictureButton(this.figure, () => { if (this.graph) this.graph.resize(); }));
    this.plot = page.element("div", {
      class: "plot", tabindex: "0", role: "slider", "aria-valuemin": "0", "aria-valuenow": "0",
      "aria-label": "Values of the chart: " + this.title, "aria-valuetext": "none",
    });
    this.legend = page.element("ul", { class: "legend" });
    this.body = page.element("div", { class: "chart-body" },
      page.element("p", { class: "axis-label" }, ...this.verticalLabels()), this.plot,
      page.element("p", { class: "axis-label across" }, chart.x.label), this.legend);
    this.buildLegend();
    this.figure.querySelector(".picture").before(page.element("div", { class: "chart-box" }, tools, this.body));
    this.tell(null, []);
  }

  verticalLabels() {
    const { y, right } = this.chart;
    const labels = [page.element("span", {}, y.label)];
    if (right) labels.push(page.element("span", {}, right.label));
    return labels;
  }

  // A button for each series; one for all that are only context.
  buildLegend() {
    this.values = [];
    const context = [];
    this.chart.series.forEach((series, at) => {
      if (this.isContext(series)) context.push(at);
      else this.legend.append(this.legendItem(series.name, series, [at]));
    });
    if (context.length) {
      const first = this.chart.series[context[0]];
      const name = context.length === 1 ? first.name : `${context.length} thin lines`;
      this.legend.append(this.legendItem(name, first, context));
    }
  }

  legendItem(name, series, indexes) {
    const swatch = page.element("span", { class: `swatch ${series.kind}`, "aria-hidden": "true" });
    swatch.style.background = `var(--${series.paint})`;
    const value = page.element("span", { class: "value" });
    if (indexes.length === 1) this.values[indexes[0]] = value;
    const button = page.button("", () => {
      const isShown = this.hidden.has(indexes[0]);
      for (const index of indexes) {
        if (isShown) this.hidden.delete(index);
        else this.hidden.add(index);
      }
      button.setAttribute("aria-pressed", String(isShown));
      this.showSeries();
    }, { class: "series", "aria-pressed": "true" });
    button.append(swatch, page.element("span", { class: "name" }, name || "mean"));
    return page.element("li", {}, button, value);
  }

  showSeries() {
    if (!this.graph) return;
    this.graph.updateOptions({ visibility: this.chart.series.map((_, at) => this.isShown(at)) });
    this.cursor.again();
  }

  draw() {
    const { chart } = this;
    this.places = page.series.places(chart);
    this.rangeX = page.series.rangeX(chart);
    this.rangeY = page.series.rangeY(chart, chart.y);
    this.plot.setAttribute("aria-valuemax", String(Math.max(0, this.places.length - 1)));
    this.graph = new Dygraph(this.plot, page.series.rows(chart, this.places), this.options());
    this.cursor = new page.Cursor(this);
    page.whenColorsChange(() => this.graph.updateOptions(this.colors()));
    for (const cursor of this.cursor.group) {
      const range = cursor.view.graph && cursor.view.graph.xAxisRange();
      if (cursor !== this.cursor && range && cursor.view.isZoomed("x")) this.zoomTo(range, this.rangeY, false);
    }
    if (this.first) this.zoomTo(this.first, this.rangeY);
  }

  // Shows a stretch, as soon as the chart is drawn.
  start(range) {
    this.first = range;
    if (this.graph) this.zoomTo(range, this.rangeY);
  }

  colors() {
    return {
      colors: this.chart.series.map((series) => page.color(series.paint)),
      axisLineColor: page.color("ink"),
      gridLineColor: page.color("grid"),
    };
  }

  options() {
    const { chart } = this;
    const over = {
      activate: () => ({
        didDrawChart: (event) => page.drawing.before(event.drawingContext, event.dygraph, chart, this.isShown),
      }),
      toString: () => "points and marks",
      destroy: () => {},
    };
    return {
      ...this.colors(),
      labels: ["x", ...chart.series.map((_, at) => "s" + at)],
      legend: "never",
      series: this.seriesOptions(),
      axes: this.axesOptions(),
      dateWindow: this.rangeX,
      logscale: chart.y.isLogarithmic,
      connectSeparatedPoints: true,
      highlightCircleSize: 0,
      // Of a line that has a single value.
      pointSize: 4,
      rightGap: 14,
      axisLabelFontSize: 13,
      interactionModel: page.interaction(this.reset),
      underlayCallback: (context, area, graph) => page.drawing.behind(context, graph, chart, this.isShown),
      plugins: [over],
      zoomCallback: () => { this.zoomed(); this.remember(); },
      drawCallback: (graph, isFirst) => { if (!isFirst && this.cursor) this.zoomed(); },
    };
  }

  seriesOptions() {
    const seen = {};
    return Object.fromEntries(this.chart.series.map((series, at) => {
      const isContext = this.isContext(series);
      // Lines of one colour differ in their dashes.
      const same = isContext ? 0 : (seen[series.paint] = (seen[series.paint] || 0) + 1) - 1;
      return ["s" + at, {
        stepPlot: series.kind === "steps",
        strokeWidth: isContext ? 0.8 : series.isBold ? 3 : 2,
        strokePattern: [null, [8, 4], [2, 3]][same % 3],
        axis: series.isRight && this.chart.right ? "y2" : "y",
      }];
    }));
  }

  axesOptions() {
    const { chart } = this;
    const axes = { x: this.axisOptions(chart.x, 64), y: this.axisOptions(chart.y, 52) };
    axes.y.valueRange = this.rangeY;
    if (chart.right) {
      axes.y2 = this.axisOptions(chart.right, 52);
      axes.y2.valueRange = page.series.rangeY(chart, chart.right);
      axes.y2.drawGrid = false;
      axes.y2.independentTicks = true;
    }
    axes.x.drawGrid = false;
    return axes;
  }

  axisOptions(axis, width) {
    const options = {
      // There is no half device.
      axisLabelFormatter: (value) => (axis.isCount && !Number.isInteger(value) ? "" : page.grouped(Number(value.toPrecision(12)))),
      axisLabelWidth: width,
      ticker: Dygraph.numericTicks,
      logscale: axis.isLogarithmic,
    };
    // A narrow chart needs more than one number below.
    if (axis === this.chart.x && !axis.isLogarithmic) options.pixelsPerLabel = 54;
    if (axis.ticks.length) {
      const longest = Math.max(...axis.ticks.map((tick) => tick.text.length));
      options.axisLabelWidth = Math.min(150, longest * 7.5 + 10);
      const isAcross = axis === this.chart.x;
      options.ticker = (low, high, pixels) => page.wordTicks(axis, low, high, pixels, isAcross);
    }
    return options;
  }

  // Says what the values are at a place; nothing if x is null.
  tell(x, indexes) {
    const { chart } = this;
    const at = x === null
      ? page.chartHint() : `${this.nameOf(chart.x)} ${page.series.placeText(chart, x, indexes)}`;
    const notes = x === null ? [] : chart.series.flatMap((series, index) =>
      (indexes[index] >= 0 && series.notes[indexes[index]] && this.isShown(index) ? [series.notes[indexes[index]]] : []));
    this.at.textContent = [at, ...notes].join(" · ");
    this.at.classList.toggle("hint", x === null);
    this.values.forEach((value, index) => {
      value.textContent = x === null ? "" : page.series.valueText(chart, chart.series[index], indexes[index]);
    });
    if (x === null) return;
    const said = chart.series.flatMap((series, index) => (this.isShown(index) && indexes[index] >= 0
      ? [`${series.name}: ${page.series.valueText(chart, series, indexes[index])}`] : []));
    this.plot.setAttribute("aria-valuetext", [this.at.textContent, ...said].join("; "));
  }

  // The first words of an axis' label: "time" of "time [s], logarithmic".
  nameOf(axis) { return axis.label.replace(/\s*[[,].*$/, ""); }

  isZoomed(axis) {
    const [now, whole] = axis === "x"
      ? [this.graph.xAxisRange(), this.rangeX] : [this.graph.yAxisRange(0), this.rangeY];
    const room = Math.abs(whole[1] - whole[0]) * 1e-6;
    return Math.abs(now[0] - whole[0]) > room || Math.abs(now[1] - whole[1]) > room;
  }

  // Charts of the same group show the same stretch.
  zoomed() {
    if (!this.cursor) return;
    this.resetButton.disabled = !this.isZoomed("x") && !this.isZoomed("y");
    for (const { view } of this.cursor.group) {
      const range = this.isZoomed("x") ? this.graph.xAxisRange() : view.rangeX;
      const other = view.graph.xAxisRange();
      if (view !== this && (other[0] !== range[0] || other[1] !== range[1])) view.graph.updateOptions({ dateWindow: range });
    }
    this.cursor.again();
  }

  zoomTo(x, y, isKept = true) {
    this.graph.updateOptions({ dateWindow: x, axes: { y: { valueRange: y } } });
    this.zoomed();
    if (isKept) this.remember();
  }

  remember() {
    const range = this.isZoomed("x") ? "x=" + this.graph.xAxisRange().map((end) => page.number(Number(end.toPrecision(6)))) : null;
    page.links.remember(this.figure.id, range);
  }

  // Keys zoom around the cursor.
  zoomBy(factor, around) {
    const [low, high] = this.graph.xAxisRange();
    const at = around === undefined ? (low + high) / 2 : around;
    if (this.chart.x.isLogarithmic) {
      this.zoomTo([at * (low / at) ** factor, at * (high / at) ** factor], this.graph.yAxisRange(0));
    } else {
      this.zoomTo([at - (at - low) * factor, at + (high - at) * factor], this.graph.yAxisRange(0));
    }
  }
};

// Shows gnuplot's picture, and the chart again.
page.pictureButton = function (figure, redraw) {
  const button = page.button("Picture", () => {
    const isChart = figure.classList.toggle("live");
    button.setAttribute("aria-pressed", String(!isChart));
    if (isChart) redraw();
  }, { class: "picture-toggle", "aria-pressed": "false", title: "The same as a picture, as gapsim plot draws it" });
  return button;
};

// Ticks with words: those for which there is room beside the one before.
page.wordTicks = function (axis, low, high, pixels, isAcross) {
  let free = -Infinity;
  return axis.ticks.filter((tick) => tick.at >= low && tick.at <= high).map((tick) => {
    const half = isAcross ? tick.text.length * 3.7 + 4 : 9;
    const at = ((tick.at - low) / (high - low)) * pixels;
    if (at - half < free) return { v: tick.at, label: "" };
    free = at + half;
    return { v: tick.at, label: tick.text };
  });
};

// How a chart is read here.
page.chartHint = () => (page.hasFinger()
  ? "Tap it for values, two fingers zoom." : "Point at it for values, drag to zoom.");

// What pointer and fingers do. One finger scrolls the page and shows values; two fingers zoom.
page.interaction = function (reset) {
  const model = Dygraph.defaultInteractionModel;
  const two = (action) => (event, graph, context) => {
    if (event.touches.length >= 2) action(event, graph, context);
  };
  return {
    mousedown: model.mousedown,
    willDestroyContextMyself: true,
    touchstart: two(model.touchstart),
    touchmove: two(model.touchmove),
    dblclick: () => reset(),
  };
};

page.charts = {};
for (const [id, chart] of Object.entries(page.data("charts") || {})) {
  const figure = document.getElementById(id);
  if (figure) page.charts[id] = new page.ChartView(figure, chart);
}
