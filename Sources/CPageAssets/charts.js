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
    this.dashes = this.chooseDashes();
    this.build();
    figure.classList.add("live");
    page.whenNear(this.plot, () => this.draw());
  }

  // Lines of one colour differ in their dashes: 0 of the first one, 1, 2.
  chooseDashes() {
    const seen = {};
    return this.chart.series.map((series) => {
      if (this.isContext(series) || !page.series.isLine(this.chart, series)) return 0;
      seen[series.paint] = (seen[series.paint] || 0) + 1;
      return (seen[series.paint] - 1) % 3;
    });
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

  // A button for each series; one for all that are only context, and one for a line and what stands apart from it.
  buildLegend() {
    this.values = [];
    const context = [];
    const named = new Map();
    this.chart.series.forEach((series, at) => {
      const name = series.name + "\n" + series.paint;
      if (this.isContext(series)) context.push(at);
      else named.set(name, [...(named.get(name) || []), at]);
    });
    for (const indexes of named.values()) {
      const series = this.chart.series[indexes[0]];
      this.legend.append(this.legendItem(series.name, series, indexes));
    }
    if (context.length) {
      const first = this.chart.series[context[0]];
      const name = context.length === 1 ? first.name : `${context.length} thin lines`;
      const isOfOnePaint = context.every((at) => this.chart.series[at].paint === first.paint);
      this.legend.append(this.legendItem(name, isOfOnePaint ? first : { ...first, paint: "muted" }, context));
    }
  }

  legendItem(name, series, indexes) {
    const kind = this.chart.isStacked ? "bars" : series.kind;
    const look = this.isContext(series) ? "thin" : kind === "points" ? "points " + series.shape : kind;
    const swatch = page.element("span", { class: "swatch " + look, "aria-hidden": "true" });
    const [color, dash] = [`var(--${series.paint})`, [0, 8, 3][this.dashes[indexes[0]]]];
    swatch.style.background = dash ? `repeating-linear-gradient(90deg, ${color} 0 ${dash}px, transparent 0 ${dash + 3}px)` : color;
    const value = page.element("span", { class: "value" });
    if (indexes.length === 1 || !this.isContext(series)) for (const index of indexes) this.values[index] = value;
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
    return Object.fromEntries(this.chart.series.map((series, at) => {
      const isContext = this.isContext(series);
      return ["s" + at, {
        stepPlot: series.kind === "steps",
        strokeWidth: isContext ? 0.8 : series.isBold ? 3 : 2,
        strokePattern: [null, [8, 4], [2, 3]][this.dashes[at]],
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
    if (axis.isCount) options.ticker = (...all) => Dygraph.numericTicks(...all).filter(({ v }) => Number.isInteger(v));
    if (axis.isLogarithmic) options.ticker = (...all) => page.logTicks(options.axisLabelFormatter, axis === this.chart.x, ...all);
    // A narrow chart needs more than one number below.
    if (axis === this.chart.x && !axis.isLogarithmic) options.pixelsPerLabel = 54;
    if (axis.ticks.length) {
      const longest = Math.max(...axis.ticks.map((tick) => tick.text.length));
      options.axisLabelWidth = Math.min(150, longest * 7.5 + 10);
      const isAcross = axis === this.chart.x;
      options.ticker = (low, high, pixels) => page.wordTicks(axis, low, high, pixels, isAcross);
    }
    // dygraphs takes labels for HTML. They may be names, and these are text.
    const ticker = options.ticker;
    options.ticker = (...all) => ticker(...all).map((tick) => ({ ...tick, label: page.escaped(tick.label) }));
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
    this.values.forEach((value) => { value.textContent = x === null ? "" : "–"; });
    this.values.forEach((value, index) => {
      if (indexes[index] >= 0) value.textContent = page.series.valueText(chart, chart.series[index], indexes[index]);
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

// Ticks of a logarithmic axis: powers of ten, and their multiples by two and five if these have room.
page.logTicks = function (format, isAcross, low, high, pixels, ...rest) {
  const powers = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) powers.push(power);
  const decade = pixels / Math.log10(high / low);
  const room = isAcross ? Math.max(...powers.map((power) => format(10 ** power).length)) * 7.5 + 8 : 18;
  const isFine = decade * Math.log10(2) >= room;
  const step = Math.max(1, Math.ceil(room / decade));
  const values = powers.filter((power) => power % step === 0)
    .flatMap((power) => (isFine ? [1, 2, 5] : [1]).map((factor) => Number(`${factor}e${power}`)))
    .filter((value) => value >= low && value <= high);
  if (values.length < 2) return Dygraph.numericLinearTicks(low, high, pixels, ...rest);
  return values.map((value) => ({ v: value, label: format(value) }));
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
