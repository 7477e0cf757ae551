"use strict";

// What the scripts of the page share. The page works without them: they make pictures and tables answer.
const page = {
  // An element with attributes and children. Text goes in as text, never as HTML.
  element(name, attributes = {}, ...children) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  },

  // Text as HTML, for a library that takes nothing else.
  escaped(text) {
    const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
    return String(text).replace(/[&<>"']/g, (sign) => entities[sign]);
  },

  button(text, action, attributes = {}) {
    const button = page.element("button", { type: "button", ...attributes }, text);
    button.addEventListener("click", action);
    return button;
  },

  // A colour of the style sheet, as it is in the scheme of now.
  color(paint) {
    return getComputedStyle(document.documentElement).getPropertyValue("--" + paint).trim();
  },

  // Calls back when the colour scheme changes.
  whenColorsChange(action) {
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", action);
  },

  // Whether nothing but fingers points here.
  hasFinger: () => matchMedia("(hover: none) and (pointer: coarse)").matches,

  // A number as the CSV files have it: at most nine decimals, and no more than it needs.
  number(value) {
    if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return String(value);
    const text = value.toFixed(9);
    return text.replace(/\.?0+$/, "").replace(/^-0$/, "0");
  },

  // A number with a narrow space between groups of three digits, for reading only.
  grouped(value) {
    const [whole, decimals] = page.number(value).split(".");
    const groups = whole.replace(/^-/, "").length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") : whole;
    return (decimals === undefined ? groups : groups + "." + decimals).replace("-", "−");
  },

  // The JSON in an element; null if there is none.
  data(id) {
    const element = document.getElementById(id);
    return element ? JSON.parse(element.textContent) : null;
  },

  // The pixel of a value on the horizontal axis. (dygraphs' own toDomXCoord knows no logarithmic axis.)
  left(graph, x) {
    const area = graph.getArea();
    return area.x + graph.toPercentXCoord(x) * area.w;
  },

  // The index of the last of ascending values that is at most `value`; -1 if there is none.
  lastIndex(values, value) {
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  },

  // Calls back once, when an element comes near to what is seen.
  whenNear(element, action) {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      action();
    }, { rootMargin: "600px 0px" });
    observer.observe(element);
  },
};
