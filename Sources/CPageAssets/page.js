// The page works without this script. With it charts stand where the pictures are.
"use strict";

(function () {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const color = (paint) => getComputedStyle(document.documentElement).getPropertyValue("--" + paint).trim();

  // The rows that dygraphs takes: one for each x of any series, with a value for each series.
  function rows(chart) {
    const values = new Map();
    chart.series.forEach((series, index) => {
      series.x.forEach((x, at) => {
        if (!values.has(x)) values.set(x, new Array(chart.series.length).fill(null));
        values.get(x)[index] = series.y[at];
      });
    });
    const sorted = [...values.keys()].sort((a, b) => a - b);
    return sorted.map((x) => [x, ...values.get(x)]);
  }

  function draw(figure) {
    const chart = charts[figure.id];
    const place = document.createElement("div");
    place.className = "chart";
    figure.querySelector(".picture").before(place);
    new Dygraph(place, rows(chart), {
      labels: [chart.x.label, ...chart.series.map((series) => series.name)],
      colors: chart.series.map((series) => color(series.paint)),
      xlabel: chart.x.label,
      ylabel: chart.y.label,
      logscale: chart.y.isLogarithmic,
      connectSeparatedPoints: true,
    });
    figure.classList.add("live");
  }

  for (const id of Object.keys(charts)) draw(document.getElementById(id));
})();
