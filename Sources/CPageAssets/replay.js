"use strict";

// Plays the replication in `#replay-data`. `Replay.swift` has the fields.
page.Replay = class {
  constructor(place, data) {
    this.place = place;
    this.data = data;
    this.time = data.end;
    this.hovered = this.pinned = -1;
    this.speed = 1;
    this.build();
    this.drawing = new page.ReplayDrawing(this.canvas, data);
    page.whenNear(this.canvas, () => {
      this.redraw();
      new ResizeObserver(() => { if (this.canvas.clientWidth !== this.drawing.width) this.redraw(); }).observe(this.canvas);
      page.whenColorsChange(() => this.redraw());
    });
  }

  build() {
    const { data } = this;
    this.playButton = page.button("▶ Play", () => this.toggle(), { class: "play" });
    this.slider = page.element("input", {
      type: "range", min: "0", max: "1000", step: "1", value: "1000", "aria-label": "Time of the replay",
    });
    this.slider.addEventListener("input", () => this.goTo((Number(this.slider.value) / 1000) * data.end));
    this.clock = page.element("span", { class: "clock" });
    const tools = page.element("div", { class: "tools" }, this.playButton, this.slider, this.clock,
      this.choice("Speed", { 0.25: "¼ ×", 0.5: "½ ×", 1: "1 ×", 2: "2 ×", 4: "4 ×" }, "1", (value) => { this.speed = Number(value); }),
      this.choice("Sorted by", { device: "number", join: "join", completed: "completion", cohort: "cohort" }, "device",
        (value) => this.sortBy(value)));
    this.canvas = page.element("canvas", { "aria-hidden": "true" });
    this.stage = page.element("div", {
      class: "stage", tabindex: "0", role: "slider", "aria-label": "Device of the replay", "aria-valuemin": "1",
      "aria-valuemax": String(data.devices.length), "aria-valuenow": "1", "aria-valuetext": "none",
    }, this.canvas);
    // The colours of the devices and those of the uplink are the same, so each has a key of its own.
    const [roles, sent] = [this.key("Devices by their role"), this.key("Below: what leaves the uplink")];
    this.counts = data.roles.map((role) => this.legendItem(roles, role));
    data.uplink.forEach((rate) => this.legendItem(sent, rate.kind));
    this.story = page.element("div", { class: "story" });
    this.place.append(tools, this.stage, roles, ...(data.uplink.length ? [sent] : []), this.story);
    if (data.sample) this.place.append(page.element("p", { class: "note" }, data.sample));
    this.listen();
  }

  choice(label, options, value, action) {
    const select = page.element("select", {},
      ...Object.entries(options).map(([key, text]) => page.element("option", { value: key }, text)));
    select.value = value;
    select.addEventListener("change", () => action(select.value));
    return page.element("label", {}, label + " ", select);
  }

  key(title) {
    return page.element("div", { class: "key" }, page.element("p", { class: "note" }, title),
      page.element("ul", { class: "legend", "aria-label": title }));
  }

  legendItem(key, kind) {
    const swatch = page.element("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = `var(--${kind.paint})`;
    const value = page.element("span", { class: "value" });
    key.lastChild.append(page.element("li", {}, page.element("span", { class: "series" }, swatch, kind.name), value));
    return value;
  }

  listen() {
    const { stage } = this;
    const place = (event) => this.drawing.placeAt(event.clientY - this.canvas.getBoundingClientRect().top);
    stage.addEventListener("pointermove", (event) => {
      if (event.pointerType === "mouse") this.choose(place(event));
    });
    stage.addEventListener("pointerleave", () => this.choose(-1));
    stage.addEventListener("click", (event) => {
      this.pinned = place(event) === this.pinned ? -1 : place(event);
      this.choose(this.pinned);
    });
    stage.addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    const last = this.data.devices.length - 1;
    const now = this.shownPlace;
    const step = this.data.end / (event.shiftKey ? 20 : 200);
    const actions = {
      ArrowDown: () => this.pin(Math.min(last, now + 1)), ArrowUp: () => this.pin(Math.max(0, now - 1)),
      PageDown: () => this.pin(Math.min(last, now + 10)), PageUp: () => this.pin(Math.max(0, now - 10)),
      Home: () => this.pin(0), End: () => this.pin(last),
      ArrowRight: () => this.goTo(this.time + step), ArrowLeft: () => this.goTo(this.time - step),
      " ": () => this.toggle(), Escape: () => this.pin(-1),
    };
    if (!actions[event.key]) return;
    actions[event.key]();
    event.preventDefault();
  }

  get shownPlace() { return this.hovered >= 0 ? this.hovered : this.pinned; }

  pin(place) {
    this.pinned = place;
    this.choose(place);
  }

  choose(place) {
    this.hovered = place;
    this.show();
  }

  sortBy(key) {
    const { devices } = this.data;
    const pinned = this.pinned >= 0 ? this.drawing.order[this.pinned] : -1;
    const value = (at) => devices[at][key] ?? Infinity;
    this.drawing.order = devices.map((_, at) => at).sort((a, b) => value(a) - value(b) || a - b);
    this.pinned = pinned < 0 ? -1 : this.drawing.order.indexOf(pinned);
    this.hovered = -1;
    this.redraw();
  }

  // A canvas that is not shown, as on paper, has no size.
  redraw() {
    if (!this.canvas.clientWidth) return;
    this.drawing.paint();
    this.isDrawn = true;
    this.show();
  }

  goTo(time) {
    this.time = Math.max(0, Math.min(this.data.end, time));
    this.show();
  }

  // The whole run takes twelve seconds. Who wants less motion gets one picture a second.
  toggle() {
    this.isPlaying = !this.isPlaying;
    this.playButton.textContent = this.isPlaying ? "❚❚ Pause" : "▶ Play";
    if (!this.isPlaying) return;
    if (this.time >= this.data.end) this.time = 0;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let before = performance.now();
    const step = (now) => {
      if (!this.isPlaying) return;
      if (!isCalm || now - before >= 1000) {
        this.goTo(this.time + ((now - before) / 12000) * this.speed * this.data.end);
        before = now;
      }
      if (this.time >= this.data.end) this.toggle();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  show() {
    if (!this.isDrawn) return;
    const place = this.shownPlace;
    this.drawing.show(this.time, place);
    this.slider.value = String(Math.round((this.time / this.data.end) * 1000));
    const clock = page.number(Number(this.time.toPrecision(4))) + " s";
    this.clock.textContent = clock;
    this.slider.setAttribute("aria-valuetext", clock);
    this.showCounts();
    this.tell(place);
  }

  // The role of a device at the time; -1 if it is off.
  roleAt(device) {
    if (device.join > this.time) return -1;
    let role = 0;
    for (let index = 0; index < device.roles.length && device.roles[index] <= this.time; index += 2) {
      role = device.roles[index + 1];
    }
    return role;
  }

  showCounts() {
    const counts = this.data.roles.map(() => 0);
    for (const device of this.data.devices) {
      const role = this.roleAt(device);
      if (role >= 0) counts[role] += 1;
    }
    counts.forEach((count, role) => { this.counts[role].textContent = page.grouped(count); });
  }

  // The story of a device, as it stands at the time and as it ends.
  tell(place) {
    const told = [place, this.pinned, this.time].join();
    if (told === this.told) return;
    this.told = told;
    this.story.replaceChildren();
    if (place < 0) {
      this.story.append(page.element("p", { class: "hint" }, page.hasFinger() ? "Tap a device for its story."
        : "Point at a device, or focus the replay and press ↑ ↓ for a device, ← → for the time, the space bar to play. A click pins it."));
      this.stage.setAttribute("aria-valuetext", "none");
      return;
    }
    const device = this.data.devices[this.drawing.order[place]];
    const lines = this.lines(device);
    const link = page.element("a", { href: "#devices-" + device.device }, "Its row in the table");
    this.story.append(page.element("p", {}, page.element("b", {}, lines[0])),
      page.element("ul", {}, ...lines.slice(1).map((line) => page.element("li", {}, line))));
    if (place === this.pinned && document.getElementById("t-devices")) this.story.append(page.element("p", {}, link));
    this.stage.setAttribute("aria-valuenow", String(place + 1));
    this.stage.setAttribute("aria-valuetext", lines.join("; "));
  }

  lines(device) {
    const { roles, cohorts } = this.data;
    const seconds = (time) => page.number(time) + " s";
    const role = this.roleAt(device);
    const since = device.roles.filter((time, index) => index % 2 === 0 && time <= this.time).pop();
    const now = role < 0
      ? (device.join > this.time ? "not switched on yet" : "switched off")
      : `${roles[role].name} since ${seconds(since === undefined ? device.join : since)}`;
    const lines = [
      `Device ${device.device}, cohort ${cohorts[device.cohort]}: at ${page.number(Number(this.time.toPrecision(4)))} s ${now}`,
      `switched on at ${seconds(device.join)}`,
    ];
    for (let index = 0; index < device.roles.length; index += 2) {
      const name = device.roles[index + 1] < 0 ? "switched off" : roles[device.roles[index + 1]].name;
      const isPromotion = device.roles[index] === device.promoted && name === "smart";
      if (name !== "complete") lines.push(`${isPromotion ? "promoted to " : ""}${name} at ${seconds(device.roles[index])}`);
    }
    if (device.gap !== undefined) {
      lines.push(device.gap === 0 ? "missed nothing at its first check"
        : `missed ${page.grouped(device.gap)} B (${page.grouped(device.missed)} blocks in ${page.grouped(device.gaps)} gaps) at its first check`);
    }
    lines.push(device.completed === undefined ? "never complete"
      : `complete at ${seconds(device.completed)}, ${seconds(device.completed - device.join)} after it was switched on`);
    return lines;
  }
};

{
  const [place, data] = [document.getElementById("replay"), page.data("replay-data")];
  if (place && data) page.replay = new page.Replay(place, data);
}
