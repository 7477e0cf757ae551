"use strict";

// The series of a chart as numbers: what dygraphs is given, and what is read at a place. `Chart.swift` has the fields.
page.series = {
  // Puts in what the JSON may leave out.
  complete(chart) {
    chart.marks = chart.marks || [];
    for (const axis of [chart.x, chart.y, chart.right]) if (axis) axis.ticks = axis.ticks || [];
    for (const series of chart.series) {
      for (const name of ["low", "high", "lowX", "highX", "notes", "ends", "labels"]) series[name] = series[name] || [];
    }
    page.series.chooseShapes(chart);
    return chart;
  },

  // Points of one colour differ in their shapes, name by name.
  chooseShapes(chart) {
    const names = {};
    for (const series of chart.series.filter(({ kind }) => kind === "points")) {
      const known = (names[series.paint] = names[series.paint] || []);
      if (!known.includes(series.name)) known.push(series.name);
      series.shape = page.series.shapes[known.indexOf(series.name) % page.series.shapes.length];
    }
  },

  shapes: ["circle", "square", "triangle", "diamond"],

  // Whether dygraphs draws it; the others are drawn by drawing.js.
  isLine: (chart, series) => !chart.isStacked && (series.kind === "line" || series.kind === "steps"),

  // The vertical axis of a series.
  axis: (chart, series) => (series.isRight && chart.right ? chart.right : chart.y),

  // Where a value is read: a bar in its middle, everything else where it stands.
  place: (series, index) => (series.kind === "bars" ? (series.x[index] + series.ends[index]) / 2 : series.x[index]),

  // All places on the horizontal axis where a series has something to say, ascending.
  places(chart) {
    const all = new Set();
    for (const series of chart.series) series.x.forEach((_, index) => all.add(page.series.place(series, index)));
    return [...all].filter((x) => !chart.x.isLogarithmic || x > 0).sort((a, b) => a - b);
  },

  // The index of the value that holds at x; -1 if there is none. Steps hold until the next one.
  indexAt(series, x) {
    if (series.kind === "points") return series.x.indexOf(x);
    if (series.kind === "bars") return series.x.findIndex((left, index) => left <= x && x < series.ends[index]);
    const index = page.lastIndex(series.x, x);
    return series.kind === "steps" || series.x[index] === x ? index : -1;
  },

  // The rows of dygraphs: for each place a value of each line. Where a line has two values at a place, as steps that begin
  // with a rise, a row before has the first of them.
  rows(chart, places) {
    const isLine = chart.series.map((series) => page.series.isLine(chart, series));
    const indexes = (x) => chart.series.map((series, at) => (isLine[at] ? page.series.indexAt(series, x) : -1));
    return places.flatMap((x) => {
      const found = indexes(x);
      const first = found.map((index, at) =>
        (index > 0 && chart.series[at].x[index - 1] === x ? chart.series[at].x.indexOf(x) : -1));
      const rows = first.some((index) => index >= 0) ? [first, found] : [found];
      return rows.map((row) => [x, ...row.map((index, at) => (index < 0 ? null : chart.series[at].y[index]))]);
    });
  },

  // For each series the sums below its values, and with them: from 0 if nothing is stacked.
  stacks(chart, isShown) {
    const sums = new Map();
    return chart.series.map((series, at) => {
      const isStacked = chart.isStacked && isShown(at);
      const below = series.x.map((x) => (isStacked ? sums.get(x) || 0 : 0));
      const above = series.y.map((y, index) => below[index] + y);
      if (isStacked) series.x.forEach((x, index) => sums.set(x, above[index]));
      return { below, above };
    });
  },

  // The ends of an axis: those that the chart names, or those of the values with some room.
  range(axis, values, { withZero = false, withRoom = true } = {}) {
    if (axis.range) return axis.range;
    const shown = values.filter((value) => Number.isFinite(value) && (!axis.isLogarithmic || value > 0));
    if (!shown.length) return axis.isLogarithmic ? [0.1, 1] : [0, 1];
    let low = shown.reduce((a, b) => Math.min(a, b));
    let high = shown.reduce((a, b) => Math.max(a, b));
    if (axis.isLogarithmic) return [low / 1.15, high * 1.15];
    if (withZero) [low, high] = [Math.min(low, 0), Math.max(high, 0)];
    if (!withRoom) return low < high ? [low, high] : [low - 1, high + 1];
    const room = (high - low || Math.abs(high) || 1) * 0.05;
    return [withZero && low === 0 ? 0 : low - room, withZero && high === 0 ? 0 : high + room];
  },

  rangeX(chart) {
    const withRoom = chart.series.some((series) => series.kind === "points");
    return page.series.range(chart.x, chart.series.flatMap((series) => [...series.x, ...series.ends]), { withRoom });
  },

  rangeY(chart, axis) {
    const stacks = page.series.stacks(chart, () => true);
    const values = chart.series.flatMap((series, at) =>
      page.series.axis(chart, series) === axis ? [...stacks[at].above, ...series.low, ...series.high] : []);
    const [low, high] = page.series.range(axis, values, { withZero: true });
    // dygraphs writes nothing at the very end.
    return [low, high + (high - low) * 1e-9];
  },

  // The unit in the label of an axis: "time [s]" has s, "complete [% of the cohort]" has %.
  unit(axis) {
    const unit = /\[([^\]]*)\]/.exec(axis.label);
    return unit ? unit[1].split(" ")[0] : "";
  },

  // A value of an axis in words, with its unit.
  text(axis, value) {
    const tick = axis.ticks.find((tick) => tick.at === value);
    if (tick) return tick.text;
    const unit = page.series.unit(axis);
    return page.number(value) + (unit ? " " + unit : "");
  },

  // A place in words: of a bar without words its two ends.
  placeText(chart, x, indexes) {
    const at = chart.series.findIndex((series, at) => series.kind === "bars" && indexes[at] >= 0);
    if (at < 0 || chart.x.ticks.some((tick) => tick.at === x)) return page.series.text(chart.x, x);
    const series = chart.series[at];
    return page.number(series.x[indexes[at]]) + " – " + page.series.text(chart.x, series.ends[indexes[at]]);
  },

  // What is said of the value of a series: the value, and the ends of its interval.
  valueText(chart, series, index) {
    if (index < 0) return "–";
    const text = page.series.text(page.series.axis(chart, series), series.y[index]);
    if (!series.low.length) return text;
    return `${text} (${page.number(series.low[index])} – ${page.number(series.high[index])})`;
  },
};
