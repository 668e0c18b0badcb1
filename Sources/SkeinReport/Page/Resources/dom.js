// Small helpers for elements. Texts are set as text, never as markup.
const find = id => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function shape(name, attributes = {}, text) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const grouped = n => n.toLocaleString("en-US").replaceAll(",", "\u2009");
const percent = (share, digits = 1) => (share * 100).toFixed(digits) + "\u00a0%";
const plain = value => value === 0 ? "0" : Math.abs(value) >= 1e6 || Math.abs(value) < 1e-3 ? value.toExponential(2) : String(+value.toPrecision(4));
const score = value => facts.usesSoftmax ? percent(value) : facts.targets ? plain(value) : value.toFixed(3);
const counted = (n, noun) => `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;
const short = (text, limit) => text.length > limit ? text.slice(0, limit - 1) + "…" : text;
const isDark = matchMedia("screen and (prefers-color-scheme: dark)");
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// The smallest and largest element of all samples: black and white.
const range = (() => {
  let low = Infinity, high = -Infinity;
  for (const value of samples) { if (value < low) low = value; if (value > high) high = value; }
  return low < high ? { low, high } : { low: 0, high: Math.max(1, high) };
})();

// Draws `values`, one sample, into a canvas of its own pixels.
function paint(canvas, values) {
  canvas.width = picture.w;
  canvas.height = picture.h;
  const image = new ImageData(picture.w, picture.h);
  for (let p = 0; p < picture.w * picture.h; p++) {
    let sum = 0;
    for (let c = 0; c < picture.c; c++) sum += values[p * picture.pixel + c * picture.channel];
    const grey = 255 * (sum / picture.c - range.low) / (range.high - range.low);
    image.data.set([grey, grey, grey, 255], 4 * p);
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
}

// The size at which a small picture is shown, its longer side `side` long.
function sized(canvas, side) {
  const zoom = side / Math.max(picture.w, picture.h);
  canvas.style.width = Math.max(8, picture.w * zoom) + "px";
  canvas.style.height = Math.max(8, picture.h * zoom) + "px";
}

const tip = find("tip");
function showTip(event, text) {
  tip.textContent = text;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const x = Math.min(event.clientX + 14, innerWidth - box.width - 6);
  const y = event.clientY + 14 + box.height > innerHeight ? event.clientY - box.height - 10 : event.clientY + 14;
  tip.style.left = Math.max(4, x) + "px";
  tip.style.top = Math.max(4, y) + "px";
}
function hideTip() { tip.hidden = true; }

// Curves: a line follows the pointer, and the numbers of its epoch stand beside it.
for (const svg of document.querySelectorAll("svg[data-chart]")) {
  const chart = JSON.parse(svg.dataset.chart), cursor = svg.querySelector(".cursor");
  svg.addEventListener("pointermove", event => {
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
    let at = 0;
    chart.places.forEach((place, i) => {
      if (Math.abs(place - x) < Math.abs(chart.places[at] - x)) at = i;
    });
    if (chart.places.length === 0) return;
    cursor.setAttribute("x1", chart.places[at]);
    cursor.setAttribute("x2", chart.places[at]);
    const lines = chart.lines.map(line => (line.name ? line.name + " " : "") + line.values[at]);
    showTip(event, [chart.label + " " + chart.columns[at], ...lines].join("\n"));
  });
  svg.addEventListener("pointerleave", () => {
    cursor.setAttribute("x1", -9);
    cursor.setAttribute("x2", -9);
    hideTip();
  });
}
