"use strict";

// What dygraphs does not draw: stacks, bars and bands behind the lines, points and marks before them.
page.drawing = {
  // Clips to the plot, and gives functions from values to pixels. What has no place on a logarithmic axis lies below.
  within(context, graph, draw) {
    const area = graph.getArea();
    const bottom = area.y + area.h;
    const x = (value) => {
      const at = page.left(graph, value);
      return Number.isFinite(at) ? at : area.x;
    };
    const y = (series) => (value) => {
      const at = graph.toDomYCoord(value, series.isRight ? 1 : 0);
      return Number.isFinite(at) ? Math.min(at, bottom + 5) : bottom + 5;
    };
    context.save();
    context.beginPath();
    context.rect(area.x, area.y, area.w, area.h);
    context.clip();
    draw(x, y, area);
    context.restore();
  },

  behind(context, graph, chart, isShown) {
    const stacks = page.series.stacks(chart, isShown);
    page.drawing.within(context, graph, (x, yOf) => {
      chart.series.forEach((series, at) => {
        if (!isShown(at)) return;
        const [y, stack] = [yOf(series), stacks[at]];
        context.fillStyle = page.color(series.paint);
        if (series.kind === "bars") {
          page.drawing.bars(context, x, y, series, stack);
        } else if (chart.isStacked) {
          page.drawing.fill(context, x, y, series, stack.below, stack.above);
        } else if (series.low.length && series.kind !== "points") {
          context.globalAlpha = 0.18;
          page.drawing.fill(context, x, y, series, series.low, series.high);
          context.globalAlpha = 1;
        }
      });
    });
  },

  // Fills between two lines over the places of a series.
  fill(context, x, y, series, low, high) {
    const xs = series.x.map(x);
    const last = xs.length - 1;
    context.beginPath();
    if (series.kind === "steps") {
      for (let index = 0; index < last; index += 1) {
        const [top, bottom] = [y(high[index]), y(low[index])];
        // A little over the edge, so that no ground shines through between two steps.
        if (bottom > top) context.rect(xs[index], top, xs[index + 1] - xs[index] + 0.5, bottom - top);
      }
    } else {
      for (let index = 0; index <= last; index += 1) context.lineTo(xs[index], y(high[index]));
      for (let index = last; index >= 0; index -= 1) context.lineTo(xs[index], y(low[index]));
    }
    context.fill();
  },

  bars(context, x, y, series, stack) {
    series.y.forEach((value, index) => {
      if (!value) return;
      const [left, right] = [x(series.x[index]), x(series.ends[index])];
      const [top, bottom] = [y(stack.above[index]), y(stack.below[index])];
      // A line of the ground between bars that touch.
      context.fillRect(left, top, Math.max(1, right - left - 1), Math.max(1, bottom - top));
    });
  },

  before(context, graph, chart, isShown) {
    page.drawing.within(context, graph, (x, yOf, area) => {
      chart.series.forEach((series, at) => {
        if (!isShown(at)) return;
        if (series.kind === "points") page.drawing.points(context, x, yOf(series), series);
        if (series.kind === "bars" && series.low.length) page.drawing.whiskers(context, x, yOf(series), series, "ink");
      });
      for (const mark of chart.marks) page.drawing.mark(context, x, yOf(mark), area, mark);
      const points = chart.series.filter((series, at) => isShown(at) && (series.kind === "points" || series.labels.length))
        .flatMap((series) => series.x.map((place, index) => (
          { text: series.labels[index], x: x(place), y: yOf(series)(series.y[index]) })));
      page.drawing.labels(context, area, points);
    });
  },

  // Words beside points: each at the first of eight places where it covers no others, and no point. The words of a few points,
  // as of a choice, cover points rather than be left out.
  labels(context, area, points) {
    const taken = [];
    const areFew = points.filter(({ text }) => text).length < 4;
    context.font = "13px system-ui, sans-serif";
    for (const { text, x, y } of points) {
      if (!text) continue;
      const width = context.measureText(text).width;
      const [left, right] = [-10 - width, 10];
      const boxes = [[right, -10], [right, 18], [left, -10], [left, 18], [right, 4], [left, 4], [-width / 2, -14], [-width / 2, 24]]
        .map(([across, down]) => ({ left: x + across, top: y + down }));
      const free = boxes.filter(({ left, top }) => left >= area.x && left + width <= area.x + area.w && top >= area.y + 12
        && top <= area.y + area.h - 4 && !taken.some((other) => Math.abs(other.top - top) < 16
          && left < other.left + other.width + 6 && other.left < left + width + 6));
      const box = free.find(({ left, top }) => !points.some((point) =>
        point.x > left - 7 && point.x < left + width + 7 && point.y > top - 15 && point.y < top + 7)) || (areFew && free[0]);
      if (!box) continue;
      taken.push({ ...box, width });
      page.drawing.words(context, text, box.left, box.top, width);
    }
  },

  points(context, x, y, series) {
    page.drawing.whiskers(context, x, y, series, series.paint);
    context.fillStyle = page.color(series.paint);
    series.x.forEach((place, index) => {
      context.beginPath();
      page.drawing.shape(context, series.shape, x(place), y(series.y[index]), series.isBold ? 6 : 3.5);
      context.fill();
    });
  },

  // The outline of a point. Corners reach further than a circle of the same area.
  shape(context, shape, x, y, radius) {
    const far = radius * 1.4;
    const corners = {
      square: [[-radius, -radius], [radius, -radius], [radius, radius], [-radius, radius]],
      triangle: [[0, -far], [far, radius], [-far, radius]],
      diamond: [[0, -far], [far, 0], [0, far], [-far, 0]],
    }[shape];
    if (corners) for (const [across, down] of corners) context.lineTo(x + across, y + down);
    else context.arc(x, y, radius, 0, 2 * Math.PI);
  },

  // The intervals of points and bars, of points also across.
  whiskers(context, x, y, series, paint) {
    context.strokeStyle = page.color(paint);
    context.lineWidth = 1.5;
    const line = (left, top, right, bottom) => {
      context.beginPath();
      context.moveTo(left, top);
      context.lineTo(right, bottom);
      context.stroke();
    };
    series.low.forEach((low, index) => {
      const left = x(page.series.place(series, index));
      line(left, y(low), left, y(series.high[index]));
    });
    series.lowX.forEach((low, index) => {
      const top = y(series.y[index]);
      line(x(low), top, x(series.highX[index]), top);
    });
  },

  mark(context, x, y, area, mark) {
    const isUpright = mark.across === "x";
    const at = isUpright ? x(mark.at) : y(mark.at);
    context.strokeStyle = page.color("ink");
    context.lineWidth = 1.5;
    context.setLineDash([6, 4]);
    context.beginPath();
    context.moveTo(isUpright ? at : area.x, isUpright ? area.y : at);
    context.lineTo(isUpright ? at : area.x + area.w, isUpright ? area.y + area.h : at);
    context.stroke();
    context.setLineDash([]);
    page.drawing.label(context, area, mark.text, at, isUpright);
  },

  // The words of a mark, on a ground of their own, within the plot.
  label(context, area, text, at, isUpright) {
    context.font = "13px system-ui, sans-serif";
    const width = context.measureText(text).width;
    const isLate = at + 6 + width > area.x + area.w;
    const left = isUpright ? (isLate ? at - 6 - width : at + 6) : area.x + area.w - width - 4;
    page.drawing.words(context, text, left, isUpright ? area.y + 14 : at - 6, width);
  },

  words(context, text, left, top, width) {
    context.globalAlpha = 0.8;
    context.fillStyle = page.color("paper");
    context.fillRect(left - 2, top - 12, width + 4, 16);
    context.globalAlpha = 1;
    context.fillStyle = page.color("ink");
    context.fillText(text, left, top);
  },
};
