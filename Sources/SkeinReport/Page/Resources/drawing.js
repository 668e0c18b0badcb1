// The network as circles and lines. Which neurons are shown is fixed by the weights of the network
// that answers best, so that nothing jumps while the epochs go by.
const reference = Math.max(0, data.networks.findLastIndex(network => network.exact));

function norms(layer, byInput) {
  const result = new Float64Array(byInput ? layer.inputs : layer.outputs);
  for (let o = 0, at = 0; o < layer.outputs; o++) {
    for (let i = 0; i < layer.inputs; i++, at++) {
      result[byInput ? i : o] += layer.weights[at] * layer.weights[at];
    }
  }
  return result.map(Math.sqrt);
}

function strongest(values, count) {
  const order = [...values.keys()].sort((a, b) => values[b] - values[a] || a - b);
  return order.slice(0, count).sort((a, b) => a - b);
}

const isImage = picture.h > 1 && picture.w > 1;

class NetworkDrawing {
  constructor(host) {
    this.host = host;
    this.layout();
  }

  // Places for the shown neurons of every layer.
  layout() {
    const layers = layersOf(reference);
    const width = Math.max(340, this.host.clientWidth), narrow = width < 560;
    const most = narrow ? 12 : 20;
    this.width = width;
    this.height = narrow ? 330 : 480;
    this.labels = narrow ? 96 : 150;
    const image = isImage ? Math.min(width * 0.24, 190) : 0;
    this.columns = facts.widths.map((count, l) => {
      const values = l === 0 ? norms(layers[0], true) : norms(layers[l - 1], false);
      const isPicture = l === 0 && isImage;
      const shown = isPicture ? [...values.keys()] : strongest(values, Math.min(most, count));
      const right = width - this.labels - 12, left = isImage ? image + 4 : 30;
      const x = l === 0 ? (isImage ? 16 : 30) : left + (right - left) * l / (facts.widths.length - 1);
      const places = shown.map((unit, row) => {
        if (isPicture) {
          const pixel = Math.floor(unit / picture.pixel) % (picture.w * picture.h), cell = image / Math.max(picture.w, picture.h);
          return { unit, x: (pixel % picture.w + 0.5) * cell, y: this.height / 2 - picture.h * cell / 2 + (Math.floor(pixel / picture.w) + 0.5) * cell };
        }
        const step = Math.min(30, (this.height - 36) / shown.length);
        return { unit, x, y: this.height / 2 + (row - (shown.length - 1) / 2) * step };
      });
      const step = Math.min(30, (this.height - 36) / Math.max(1, shown.length));
      return { count, places, isPicture, cell: image / Math.max(picture.w, picture.h), radius: Math.min(9, step * 0.42) };
    });
    this.scale = layers.map(layer => layer.weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0) || 1);
    this.connections = narrow ? 3 : 5;
  }

  // The strongest weights into each shown neuron.
  lines(index) {
    const group = shape("g");
    layersOf(index).forEach((layer, l) => {
      const from = this.columns[l].places, to = this.columns[l + 1].places;
      // Lines from a picture lie over it, so they are few.
      const wanted = Math.min(this.columns[l].isPicture ? 3 : this.connections, from.length);
      for (const end of to) {
        const row = end.unit * layer.inputs;
        const size = from.map(start => Math.abs(layer.weights[row + start.unit]));
        for (const at of strongest(size, wanted)) {
          const start = from[at], weight = layer.weights[row + start.unit];
          const share = Math.min(1, Math.abs(weight) / this.scale[l]);
          if (share < 0.02) continue;
          group.append(shape("line", {
            x1: start.x.toFixed(1), y1: start.y.toFixed(1), x2: end.x.toFixed(1), y2: end.y.toFixed(1),
            stroke: weight > 0 ? "var(--positive)" : "var(--negative)",
            "stroke-width": (0.3 + 2.2 * share).toFixed(2), "stroke-opacity": (0.1 + 0.65 * share).toFixed(2),
            "data-weight": weight.toPrecision(4),
          }));
        }
      }
    });
    return group;
  }

  draw(index, states, sample) {
    const svg = shape("svg", { viewBox: `0 0 ${this.width} ${this.height}`, class: "chart", role: "img" });
    const answer = winner(states[states.length - 1]);
    svg.setAttribute("aria-label", "The network answers " +
      (facts.targets ? [...states[states.length - 1]].slice(0, 8).map((v, o) => `${outputNames[o]} ${score(v)}`).join(", ") : facts.classes[answer]));
    this.columns.forEach((column, l) => { if (column.isPicture) this.drawPicture(svg, column, sample); });
    svg.append(this.lines(index));
    this.columns.forEach((column, l) => {
      const values = states[l], last = l === this.columns.length - 1;
      const name = l === 0 ? "input" : last ? "output" : "hidden " + l;
      const middle = column.isPicture ? column.cell * picture.w / 2 : column.places[0].x;
      const top = Math.min(...column.places.map(place => place.y));
      const label = shape("text", { x: middle, y: Math.max(10, top - 14), class: "small dim middle" }, this.width < 560 ? column.count : `${name}, ${column.count}`);
      svg.append(label);
      if (column.isPicture) return;
      const most = values.reduce((m, v) => Math.max(m, Math.abs(v)), 0) || 1;
      for (const place of column.places) {
        const value = values[place.unit], strength = last && facts.usesSoftmax ? value : Math.abs(value) / most;
        const circle = shape("circle", { cx: place.x, cy: place.y, r: column.radius.toFixed(1), class: "neuron body" });
        const fill = shape("circle", {
          cx: place.x, cy: place.y, r: column.radius.toFixed(1), class: "neuron",
          fill: value >= 0 ? "var(--positive)" : "var(--negative)", "fill-opacity": strength.toFixed(3),
        });
        fill.append(shape("title", {}, `${name} ${place.unit}: ${value.toPrecision(4)}`));
        svg.append(circle, fill);
        if (last) this.drawScore(svg, column, place, value, facts.targets || place.unit === answer);
      }
    });
    this.host.replaceChildren(svg);
  }

  drawScore(svg, column, place, value, isAnswer) {
    const x = place.x + column.radius + 6, room = this.labels - column.radius - 6;
    const number = shape("text", { x: this.width - 2, y: place.y + 4, class: "end" + (isAnswer ? "" : " dim") }, score(value));
    const name = shape("text", { x, y: place.y + 4, class: isAnswer ? "" : "dim" }, short(outputNames[place.unit], Math.floor((room - 46) / 7)));
    if (isAnswer) { name.style.fontWeight = 700; number.style.fontWeight = 700; }
    name.append(shape("title", {}, outputNames[place.unit]));
    const share = facts.targets ? 0 : Math.max(0, Math.min(1, value));
    svg.append(
      shape("rect", { x, y: place.y + 7, width: (share * room).toFixed(1), height: 2.5, fill: "var(--positive)" }),
      name, number);
  }

  drawPicture(svg, column, sample) {
    const canvas = document.createElement("canvas");
    paint(canvas, sample);
    const [w, h] = [picture.w * column.cell, picture.h * column.cell];
    svg.append(
      shape("image", { href: canvas.toDataURL(), x: 0, y: this.height / 2 - h / 2, width: w, height: h, class: "pixels", opacity: 0.85 }),
      shape("rect", { x: 0, y: this.height / 2 - h / 2, width: w, height: h, fill: "none", class: "axis" }));
  }

  // What is left out, in words.
  get omissions() {
    const parts = this.columns.filter(column => column.places.length < column.count).map(column => {
      const at = this.columns.indexOf(column);
      const name = at === 0 ? "inputs" : at === this.columns.length - 1 ? "outputs" : "neurons of hidden layer " + at;
      return `${column.places.length} of ${column.count} ${name}`;
    });
    const pixels = isImage ? " (3 from the picture)" : "";
    const lines = `Lines: the ${this.connections} largest weights${pixels} into each neuron that is shown.`;
    return (parts.length ? `Shown, by weight norm: ${parts.join(", ")}. ` : "") + lines;
  }
}
