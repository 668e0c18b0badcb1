// The panels that follow the epoch: first-layer weights, hidden states, answers.

// At most 64 neurons of the first layer, those with the largest weights, as pictures.
function drawWeights(index) {
  const layer = layersOf(index)[0], chosen = strongest(norms(layersOf(reference)[0], false), innerWidth < 640 ? 25 : 64);
  const canvas = find("weights"), gap = 2;
  const zoom = Math.max(1, Math.floor(60 / Math.max(picture.w, picture.h)));
  const [w, h] = [picture.w, picture.h];
  const perRow = Math.max(1, Math.min(chosen.length, Math.floor(Math.min(1000, canvas.parentElement.clientWidth) / (w * zoom + gap))));
  const rows = Math.ceil(chosen.length / perRow);
  canvas.width = perRow * (w * zoom + gap);
  canvas.height = rows * (h * zoom + gap);
  const context = canvas.getContext("2d");
  const image = new ImageData(w, h), small = element("canvas", { width: w, height: h });
  const rgb = name => colour(name).match(/\w\w/g).map(digits => parseInt(digits, 16));
  const [positive, negative, paper] = [rgb("--positive"), rgb("--negative"), rgb("--paper")];
  context.imageSmoothingEnabled = false;
  chosen.forEach((unit, at) => {
    const row = unit * layer.inputs;
    let most = 1e-30;
    for (let i = 0; i < layer.inputs; i++) most = Math.max(most, Math.abs(layer.weights[row + i]));
    for (let p = 0; p < w * h; p++) {
      let sum = 0;
      for (let c = 0; c < picture.c; c++) sum += layer.weights[row + p * picture.pixel + c * picture.channel];
      const share = Math.max(-1, Math.min(1, sum / picture.c / most)), tint = share > 0 ? positive : negative;
      for (let k = 0; k < 3; k++) image.data[4 * p + k] = paper[k] + (tint[k] - paper[k]) * Math.abs(share);
      image.data[4 * p + 3] = 255;
    }
    small.getContext("2d").putImageData(image, 0, 0);
    context.drawImage(small, (at % perRow) * (w * zoom + gap), Math.floor(at / perRow) * (h * zoom + gap), w * zoom, h * zoom);
  });
  find("weights-note").textContent =
    (chosen.length < layer.outputs ? `${chosen.length} of ${layer.outputs} neurons, those with the largest weights` : `All ${layer.outputs} neurons`) +
    "; each picture is the weights into one neuron, coloured by sign, from its own largest weight to 0.";
}

const classColours = data.colours;
const classColour = label => classColours[label % classColours.length];

// The plane's extent over all epochs that have one, so that the axes stand still.
function drawPlane(index) {
  const network = data.networks[index], host = find("plane");
  find("plane-section").hidden = !data.networks.some(n => n.plane.length);
  if (network.plane.length === 0) {
    host.textContent = "not recorded for this epoch";
    return;
  }
  const points = floatsOf(network.plane), width = 720, height = 430;
  const svg = shape("svg", { viewBox: `0 0 ${width} ${height}`, class: "chart", role: "img" });
  const xs = points.filter((_, i) => i % 2 === 0), ys = points.filter((_, i) => i % 2 === 1);
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  // One scale for both axes: distances mean something.
  const scale = Math.min((width - 20) / Math.max(right - left, 1e-30), (height - 20) / Math.max(high - low, 1e-30));
  const x = v => width / 2 + (v - (left + right) / 2) * scale, y = v => height / 2 - (v - (low + high) / 2) * scale;
  svg.append(shape("rect", { x: 0.5, y: 0.5, width: width - 1, height: height - 1, fill: "none", class: "grid" }));
  data.probed.forEach((sample, at) => {
    const label = data.samples.labels[sample];
    const dot = shape("circle", {
      cx: x(points[2 * at]).toFixed(1), cy: y(points[2 * at + 1]).toFixed(1), r: 3.6,
      fill: classColour(label), "fill-opacity": 0.8, "data-sample": sample,
    });
    svg.append(dot);
  });
  svg.addEventListener("pointermove", event => {
    const sample = event.target.dataset?.sample;
    if (sample === undefined) return hideTip();
    showTip(event, `sample ${data.samples.rows[sample] + 1}: ${truth(sample)}`);
    const canvas = element("canvas");
    paint(canvas, sampleAt(+sample));
    sized(canvas, 84);
    tip.append(canvas);
  });
  svg.addEventListener("pointerleave", hideTip);
  svg.addEventListener("click", event => {
    const sample = event.target.dataset?.sample;
    if (sample !== undefined) choose(+sample);
  });
  svg.setAttribute("aria-label", `${data.probed.length} samples in the principal plane of the last hidden layer`);
  host.replaceChildren(svg);
  find("plane-note").textContent =
    `${data.probed.length} samples of ${facts.split} by their last hidden state, projected to the plane in which they spread most ` +
    `(PCA; it holds ${percent(network.explained, 0)} of the variance). Choose a point to send its sample through the network.`;
}

function drawLegend() {
  const used = [...new Set(data.probed.map(sample => data.samples.labels[sample]))].sort((a, b) => a - b);
  find("legend").replaceChildren(...used.slice(0, 40).map(label =>
    element("li", {}, element("i", { style: `background:${classColour(label)}` }), element("span", {}, short(groupNames[label], 40)))));
}

function drawAnswers(index) {
  if (facts.targets) return drawValues(index);
  const network = data.networks[index], answers = network.answers;
  find("answers-section").hidden = !data.networks.some(n => n.answers);
  const note = find("confusion-note"), host = find("confusion");
  if (!answers) {
    note.textContent = "Nothing was evaluated at this epoch: move the slider.";
    host.replaceChildren();
    find("mistakes").replaceChildren();
    return;
  }
  note.textContent = `After epoch ${network.epoch}: ${grouped(answers.right)} of ${grouped(answers.samples)} samples of ${facts.split} answered right, ${percent(answers.right / answers.samples, 2)}.`;
  host.replaceChildren(answers.table ? confusionTable(answers.table) : confusionList(answers));
  find("mistakes").replaceChildren(...network.mistakes.length ? network.mistakes.map(mistakeButton) : ["none"]);
}

function confusionTable(counts) {
  const names = facts.classes, share = (n, of) => of ? percent(n / of) : "–";
  const column = i => counts.reduce((sum, row) => sum + row[i], 0);
  const sums = counts.map(row => row.reduce((a, b) => a + b, 0));
  const head = element("tr", {}, element("th", { scope: "col" }, "is ↓ taken for →"),
    ...names.map(name => element("th", { scope: "col" }, short(name, 24))), element("th", { scope: "col" }, "recall"));
  const rows = counts.map((row, i) => element("tr", {}, element("th", { scope: "row" }, short(names[i], 24)),
    ...row.map((n, j) => {
      const part = sums[i] ? n / sums[i] : 0, tint = i === j ? "--positive" : "--negative";
      const strength = Math.round(100 * (i === j ? part * 0.55 : Math.min(1, part * 4) * 0.75));
      const cell = element("td", { class: "cell", style: `background:color-mix(in srgb, var(${tint}) ${strength}%, var(--paper))` }, n ? String(n) : "·");
      return cell;
    }), element("td", { class: "share" }, share(row[i], sums[i]))));
  const foot = element("tr", {}, element("th", { scope: "row" }, "precision"),
    ...names.map((_, i) => element("td", { class: "share" }, share(counts[i][i], column(i)))), element("td"));
  return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows, foot));
}

function confusionList(answers) {
  const rows = answers.pairs.map(([label, predicted, n]) => element("tr", {}, element("td", {}, String(n)),
    element("th", {}, short(facts.classes[label], 40)), element("th", {}, short(facts.classes[predicted], 40))));
  return element("table", {}, element("caption", {}, `The most frequent of ${grouped(answers.kinds)} kinds of mistakes: how often, class, taken for`), ...rows);
}

function mistakeButton(mistake) {
  const canvas = element("canvas");
  const values = elementsOf(mistake.elements, size);
  paint(canvas, values);
  sized(canvas, 84);
  const [label, predicted] = [facts.classes[mistake.label], facts.classes[mistake.predicted]];
  const button = element("button", { type: "button" }, canvas,
    element("span", {}, `${short(label, 30)}, taken for ${short(predicted, 30)}`),
    element("span", { class: "note" }, score(mistake.score)));
  button.addEventListener("click", () => show(values, `sample ${mistake.row + 1} of ${facts.split}: ${label}`));
  return button;
}
