"use strict";

// Draws a replay on a canvas: sessions above, a row for each device, what leaves the uplink below, all over one time.
page.ReplayDrawing = class {
  constructor(canvas, data) {
    this.canvas = canvas;
    this.data = data;
    this.ends = data.devices.map((_, at) => this.ending(at));
    this.order = data.devices.map((_, at) => at);
  }

  // Heights in pixels. Rows of many devices are less than a pixel high.
  measure() {
    this.width = this.canvas.clientWidth;
    this.ratio = window.devicePixelRatio || 1;
    this.left = 44;
    this.right = this.width - 8;
    this.sessionsTop = 4;
    this.rowsTop = 30;
    this.rowHeight = Math.min(14, Math.max(420 / this.data.devices.length, 0.25));
    this.rowsHeight = Math.max(60, Math.min(this.rowHeight * this.data.devices.length, 600));
    const count = this.data.devices.length;
    if (count > 420 && count <= 600) this.rowsHeight = count;
    this.rowHeight = this.rowsHeight / count;
    this.ratesTop = this.rowsTop + this.rowsHeight + 14;
    this.ratesHeight = this.data.uplink.length ? 84 : 0;
    this.height = this.ratesTop + this.ratesHeight + 24;
    this.canvas.style.height = this.height + "px";
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
  }

  x(time) { return this.left + (time / this.data.end) * (this.right - this.left); }
  time(x) { return Math.max(0, Math.min(1, (x - this.left) / (this.right - this.left))) * this.data.end; }
  rowTop(place) { return this.rowsTop + place * this.rowHeight; }

  // The place in the order at a height; -1 outside the rows.
  placeAt(y) {
    const place = Math.floor((y - this.rowsTop) / this.rowHeight);
    return place >= 0 && place < this.order.length ? place : -1;
  }

  // When a device's last bar ends.
  ending(at) {
    const roles = this.data.devices[at].roles;
    return roles.length && roles[roles.length - 1] === -1 ? roles[roles.length - 2] : this.data.end;
  }

  // The bars of a device: role, from, until.
  bars(at) {
    const device = this.data.devices[at];
    const bars = [{ role: 0, from: device.join, until: this.ends[at] }];
    for (let index = 0; index < device.roles.length; index += 2) {
      const [time, role] = [device.roles[index], device.roles[index + 1]];
      bars[bars.length - 1].until = time;
      if (role >= 0) bars.push({ role, from: time, until: this.ends[at] });
    }
    return bars.filter((bar) => bar.until > bar.from);
  }

  // The whole of it, once: what is to come is shown through it.
  paint() {
    this.measure();
    this.whole = document.createElement("canvas");
    [this.whole.width, this.whole.height] = [this.canvas.width, this.canvas.height];
    const context = this.whole.getContext("2d");
    context.scale(this.ratio, this.ratio);
    this.paintSessions(context);
    this.paintRows(context);
    this.paintRates(context);
    this.frame = document.createElement("canvas");
    [this.frame.width, this.frame.height] = [this.canvas.width, this.canvas.height];
    const frame = this.frame.getContext("2d");
    frame.scale(this.ratio, this.ratio);
    this.paintFrame(frame);
  }

  paintSessions(context) {
    context.font = "12px system-ui, sans-serif";
    context.textBaseline = "middle";
    this.data.sessions.forEach((session, index) => {
      if (session.begin === undefined) return;
      const left = this.x(session.begin);
      const width = Math.max(1, this.x(session.end === undefined ? this.data.end : session.end) - left);
      context.fillStyle = page.color(index % 2 ? "muted" : "ink");
      context.fillRect(left, this.sessionsTop, Math.max(1, width - 1), 18);
      const text = width > 90 ? "session " + session.session : String(session.session);
      if (context.measureText(text).width + 6 > width) return;
      context.fillStyle = page.color("paper");
      context.fillText(text, left + 4, this.sessionsTop + 9.5);
    });
  }

  paintRows(context) {
    const colors = this.data.roles.map((role) => page.color(role.paint));
    // Rows that share a pixel: what few devices do for a short time is drawn last, so that it is seen.
    const isThin = this.rowHeight < 1;
    const isRare = this.data.roles.map((role) => !["joining", "passive", "listening", "complete"].includes(role.name));
    const space = this.rowHeight >= 4 ? 1 : 0;
    for (const rare of isThin ? [false, true] : [null]) {
      this.order.forEach((at, place) => {
        // Rows of whole pixels: others show stripes that are not there.
        const top = Math.floor(this.rowTop(place));
        const height = Math.max(1, Math.floor(this.rowTop(place + 1)) - top - space);
        for (const bar of this.bars(at)) {
          if (rare !== null && isRare[bar.role] !== rare) continue;
          context.fillStyle = colors[bar.role];
          const left = this.x(bar.from);
          // A moment as the driver must be seen too.
          context.fillRect(left, top, Math.max(0.5, this.x(bar.until) - left), height);
        }
      });
    }
  }

  paintRates(context) {
    const { times, uplink } = this.data;
    if (!uplink.length) return;
    const sums = uplink[0].rates.map((_, index) => uplink.reduce((sum, kind) => sum + kind.rates[index], 0));
    this.largest = Math.max(...sums, 0) || 1;
    const bottom = this.ratesTop + this.ratesHeight;
    const below = sums.map(() => 0);
    for (const kind of uplink) {
      context.fillStyle = page.color(kind.kind.paint);
      kind.rates.forEach((rate, index) => {
        const [left, right] = [times[index], times[index + 1]].map((time) => Math.round(this.x(time)));
        const height = (rate / this.largest) * this.ratesHeight;
        below[index] += height;
        context.fillRect(left, bottom - below[index], Math.max(1, right - left), height);
      });
    }
  }

  // Axes and words.
  paintFrame(context) {
    context.fillStyle = context.strokeStyle = page.color("muted");
    context.font = "12px system-ui, sans-serif";
    context.textBaseline = "middle";
    context.textAlign = "right";
    const rows = this.data.devices.length;
    context.fillText("1", this.left - 6, this.rowsTop + 7);
    if (rows > 1) context.fillText(String(rows), this.left - 6, this.rowsTop + this.rowsHeight - 6);
    if (this.ratesHeight) {
      context.fillText(page.number(Number(this.largest.toPrecision(3))), this.left - 6, this.ratesTop + 7);
      context.fillText("Mbit/s", this.left - 6, this.ratesTop + 23);
      context.fillText("0", this.left - 6, this.ratesTop + this.ratesHeight - 6);
    }
    context.textAlign = "center";
    const bottom = this.height - 22;
    context.beginPath();
    for (const time of page.replayTicks(this.data.end, (this.right - this.left) / 80)) {
      const left = Math.round(this.x(time)) + 0.5;
      context.moveTo(left, bottom);
      context.lineTo(left, bottom + 5);
      context.fillText(page.grouped(time) + " s", Math.min(left, this.right - 14), bottom + 14);
    }
    context.moveTo(this.left, bottom + 0.5);
    context.lineTo(this.right, bottom + 0.5);
    context.stroke();
  }

  // What is seen at a time: what was, what is to come through a veil, the cursor, and the device that is chosen.
  show(time, place) {
    const context = this.canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    const cut = Math.round(this.x(time) * this.ratio);
    const [width, height] = [this.canvas.width, this.canvas.height];
    context.drawImage(this.frame, 0, 0);
    if (cut > 0) context.drawImage(this.whole, 0, 0, cut, height, 0, 0, cut, height);
    if (cut < width) {
      context.globalAlpha = 0.18;
      context.drawImage(this.whole, cut, 0, width - cut, height, cut, 0, width - cut, height);
      context.globalAlpha = 1;
    }
    context.scale(this.ratio, this.ratio);
    context.fillStyle = page.color("ink");
    context.fillRect(this.x(time) - 0.75, this.sessionsTop, 1.5, this.height - 26 - this.sessionsTop);
    if (place < 0) return;
    const top = this.rowTop(place);
    context.strokeStyle = page.color("ink");
    context.lineWidth = 2;
    context.strokeRect(this.left - 2, top - 2, this.right - this.left + 4, Math.max(3, this.rowHeight) + 3);
  }
};

// Round times from 0 to the end, about as many as asked for.
page.replayTicks = function (end, count) {
  const rough = end / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
  const ticks = [];
  for (let index = 0; index * step <= end * 1.0001; index += 1) ticks.push(Number((index * step).toPrecision(12)));
  return ticks;
};
