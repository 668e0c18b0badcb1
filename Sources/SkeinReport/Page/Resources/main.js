// State and controls: which epoch, which sample.
let epochIndex = reference, current = new Float32Array(size), sampleIndex = -1, scores = [];
const drawing = data.networks.length ? new NetworkDrawing(find("drawing")) : null;

function sampleAt(index) { return samples.subarray(index * size, (index + 1) * size); }

function drawNetwork() {
  const states = forward(epochIndex, current);
  scores = states[states.length - 1];
  drawing.draw(epochIndex, states, current);
  find("shown").textContent = drawing.omissions;
}

function setEpoch(index) {
  epochIndex = index;
  const network = data.networks[index], metrics = data.epochs.find(line => line.epoch === network.epoch);
  find("epoch").value = index;
  const accuracy = metrics?.testAccuracy ?? metrics?.trainAccuracy, error = metrics?.testError ?? metrics?.trainError;
  const text = network.epoch === 0 ? "before training" : `epoch ${network.epoch} of ${facts.lastEpoch}`;
  find("at").textContent = text + (accuracy === undefined ? "" : `, ${percent(accuracy)}`) + (error === undefined ? "" : `, error ${plain(error)}`) + (network.exact ? "" : ", weights ±1.6 %");
  find("at").title = network.exact ? "The run's own 32-bit weights." :
    "Weights of this epoch are kept in 6 bits each: rounded to 1/31 of the largest weight of their neuron.";
  find("epoch").setAttribute("aria-valuetext", text);
  drawNetwork();
  drawWeights(index);
  drawPlane(index);
  drawAnswers(index);
}

// Sends `values` through the network; `title` says what they are.
function show(values, title) {
  current = Float32Array.from(values);
  paint(find("sample"), current);
  find("truth").textContent = title;
  find("sample").setAttribute("aria-label", title + "; arrow keys move, space paints");
  drawNetwork();
}

function choose(index) {
  const count = data.samples.rows.length;
  sampleIndex = (index + count) % count;
  find("number").value = sampleIndex + 1;
  show(sampleAt(sampleIndex), `${facts.split} sample ${data.samples.rows[sampleIndex] + 1}: ${truth(sampleIndex)}`);
}

function nextMistake() {
  const count = data.samples.rows.length;
  for (let step = 1; step <= count; step++) {
    const index = (sampleIndex + step) % count, states = forward(epochIndex, sampleAt(index));
    if (winner(states[states.length - 1]) !== data.samples.labels[index]) return choose(index);
  }
}

// Painting: a soft brush on images, whole pixels where there are few.
const canvas = find("sample"), isSmall = picture.h < 8 || picture.w < 8;
const isWhole = data.samples?.elements.bytes !== undefined;
let cursor = { x: 0, y: 0 }, stroke = null;

function setPixel(x, y, value) {
  const pixel = y * picture.w + x;
  for (let c = 0; c < picture.c; c++) current[pixel * picture.pixel + c * picture.channel] = isWhole ? Math.round(value) : value;
}

function brush(x, y, erases) {
  for (let row = 0; row < picture.h; row++) {
    for (let column = 0; column < picture.w; column++) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const ink = Math.max(0, Math.min(1, 1.75 - distance));
      if (ink === 0) continue;
      const old = current[(row * picture.w + column) * picture.pixel];
      const level = range.low + ink * (range.high - range.low);
      setPixel(column, row, erases ? Math.min(old, range.low + (1 - ink) * (range.high - range.low)) : Math.max(old, level));
    }
  }
}

function toggle(x, y) {
  const old = current[(y * picture.w + x) * picture.pixel];
  setPixel(x, y, old > (range.low + range.high) / 2 ? range.low : range.high);
}

function drawn() { show(current, "your drawing"); }

function place(event) {
  const box = canvas.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width * picture.w, y: (event.clientY - box.top) / box.height * picture.h };
}

canvas.addEventListener("pointerdown", event => {
  event.preventDefault();
  canvas.focus();
  const at = place(event);
  if (isSmall) toggle(Math.min(picture.w - 1, Math.floor(at.x)), Math.min(picture.h - 1, Math.floor(at.y)));
  else {
    stroke = at;
    canvas.setPointerCapture(event.pointerId);
    brush(at.x, at.y, find("erase").checked || event.button === 2);
  }
  drawn();
});
canvas.addEventListener("pointermove", event => {
  if (!stroke) return;
  const at = place(event), steps = Math.max(1, Math.ceil(2 * Math.hypot(at.x - stroke.x, at.y - stroke.y)));
  for (let i = 1; i <= steps; i++) {
    brush(stroke.x + (at.x - stroke.x) * i / steps, stroke.y + (at.y - stroke.y) * i / steps, find("erase").checked || event.buttons === 2);
  }
  stroke = at;
  drawn();
});
for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => { stroke = null; });
canvas.addEventListener("contextmenu", event => event.preventDefault());
canvas.addEventListener("keydown", event => {
  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (moves[event.key]) {
    cursor.x = Math.max(0, Math.min(picture.w - 1, cursor.x + moves[event.key][0]));
    cursor.y = Math.max(0, Math.min(picture.h - 1, cursor.y + moves[event.key][1]));
    find("draw-hint").textContent = `pixel ${cursor.x + 1}, ${cursor.y + 1}: space paints`;
  } else if (event.key === " ") {
    if (isSmall) toggle(cursor.x, cursor.y);
    else brush(cursor.x + 0.5, cursor.y + 0.5, find("erase").checked);
    drawn();
  } else return;
  event.preventDefault();
});

let timer = null;
find("play").disabled = data.networks.length < 2;
function play(on) {
  clearInterval(timer);
  timer = on ? setInterval(() => setEpoch((epochIndex + 1) % data.networks.length), 700) : null;
  find("play").textContent = on ? "❚❚ pause" : "▶ play";
  find("play").setAttribute("aria-pressed", on);
}

function describeRun() {
  const f = facts, last = data.epochs[data.epochs.length - 1];
  const widths = f.widths.join("–");
  const best = data.epochs.find(line => line.epoch === data.best);
  find("lead").textContent = `${f.dataset}: a ${widths} network, ${f.activation}, ${grouped(f.parameters)} parameters.` +
    (best && facts.targets ? ` Best after epoch ${best.epoch}: ${best.testError === undefined ? "training" : "test"} error ${plain(best.testError ?? best.trainError)} (chosen ${data.bestChoice}).` : "") +
    (best && !facts.targets ? ` Best after epoch ${best.epoch}: ${percent(best.testAccuracy ?? best.trainAccuracy, 2)} of the ${best.testAccuracy === undefined ? "training" : "test"} samples right (chosen ${data.bestChoice}).` : "");
  const seconds = data.epochs.reduce((sum, line) => sum + line.seconds, 0);
  const rows = [
    ["dataset", `${f.dataset}: ${grouped(f.trainSamples)} training samples, ${grouped(f.splitSamples)} of ${f.split}; shape ${f.sampleShape.join("×")}, divided by ${f.scale}`],
    [f.targets ? "values" : "classes", outputNames.slice(0, 60).map(name => short(name, 60)).join(", ") + (outputNames.length > 60 ? ` … (${outputNames.length})` : "") + (f.targets?.mean ? ", standardised" : "")],
    ["network", `${widths}, ${f.activation}${f.activationConstant === undefined ? "" : ` (${f.activationConstant})`}, loss ${f.loss}, ${grouped(f.parameters)} parameters`],
    ["training", `${counted(data.epochs.length, "epoch")}, ${counted(last?.step ?? 0, "step")} of ${counted(f.batchSize, "sample")}, ${seconds.toFixed(1)} s`],
    ["machine", `${f.host}: ${f.processor}, ${f.cores} cores; ${f.system}`],
    ["threads", `${last?.threads ?? f.threads}; each batch in ${counted(f.batchShards, "batch shard")}`],
    ["in this page", `weights of ${counted(data.networks.length, "epoch")} (${data.networks.filter(n => n.exact).map(n => "epoch " + n.epoch).join(", ") || "none"} exact, the others in 6 bits each); ${data.samples?.rows.length ?? 0} of ${grouped(f.splitSamples)} samples`],
  ];
  for (const [name, text] of rows) find("facts").append(element("dt", {}, name), element("dd", {}, text));
  find("job").textContent = f.job;
  describeWorkers();
}

function describeWorkers() {
  const lines = data.epochs.filter(line => line.workers?.length);
  if (lines.length === 0) return;
  const parts = [...new Set(lines.flatMap(line => line.workers.flatMap(Object.keys)))];
  const count = Math.max(...lines.map(line => line.workers.length));
  const sum = (worker, part) => lines.reduce((total, line) => total + (line.workers[worker]?.[part] ?? 0), 0);
  find("workers").append(element("table", {}, element("caption", {}, "Seconds per worker, all epochs"),
    element("tr", {}, element("th", {}, "worker"), ...parts.map(part => element("th", {}, short(part, 24)))),
    ...Array.from({ length: count }, (_, worker) => element("tr", {}, element("th", {}, String(worker)),
      ...parts.map(part => element("td", {}, sum(worker, part).toFixed(2)))))));
}

describeRun();
if (drawing) {
  for (const id of ["network-section", "weights-section", "bar"]) find(id).hidden = false;
  find("number").max = data.samples.rows.length;
  const zoom = 228 / Math.max(picture.w, picture.h);
  canvas.style.width = Math.max(22, picture.w * zoom) + "px";
  canvas.style.height = Math.max(22, picture.h * zoom) + "px";
  find("draw-hint").textContent = isSmall ? "Click a pixel to switch it on or off." : "Draw with the mouse or a finger, as large as the samples are and in the middle; with the keyboard, arrows move and space paints.";
  find("clear").addEventListener("click", () => { current.fill(range.low); drawn(); });
  find("previous").addEventListener("click", () => choose(sampleIndex - 1));
  find("next").addEventListener("click", () => choose(sampleIndex + 1));
  find("wrong").addEventListener("click", nextMistake);
  find("wrong").hidden = Boolean(facts.targets);
  find("number").addEventListener("change", event => choose(Math.max(1, Math.min(data.samples.rows.length, Math.round(+event.target.value) || 1)) - 1));
  find("epoch").max = data.networks.length - 1;
  find("epoch").addEventListener("input", event => { play(false); setEpoch(+event.target.value); });
  find("play").addEventListener("click", () => play(timer === null));
  isDark.addEventListener("change", () => drawWeights(epochIndex));
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    // The hidden section has no width before it is shown.
    drawing.layout();
    setEpoch(epochIndex);
  });
  drawLegend();
  drawing.layout();
  sampleIndex = 0;
  setEpoch(reference);
  choose(0);
}
// For scripts and tests: what stands in the input, and what the network makes of it.
window.skein = { pixels: () => [...current], scores: () => [...scores], epoch: () => data.networks[epochIndex]?.epoch };
