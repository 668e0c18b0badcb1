// How values are told: predicted against true, and the samples with the largest errors.

// The most outputs that are drawn.
const drawnOutputs = 12;

function scoresText(scores) {
  return (scores.rSquared === undefined ? "" : `R² ${scores.rSquared.toFixed(3)}, `) +
    `mean absolute error ${plain(scores.meanAbsoluteError)}, root mean squared error ${plain(scores.rootMeanSquaredError)}`;
}

// A chart of one output: a point per sample, on the diagonal where both are equal.
function valueChart(name, scores, truths, predictions, rows) {
  const side = 320, left = 56, top = 44, bottom = side - 34, right = side - 10;
  const svg = shape("svg", { viewBox: `0 0 ${side} ${side}`, width: side, height: side, class: "chart", role: "img" });
  const all = [...truths, ...predictions];
  let low = Math.min(...all), high = Math.max(...all);
  if (!(low < high)) { low -= 1; high += 1; }
  const x = v => left + (right - left) * (v - low) / (high - low), y = v => bottom - (bottom - top) * (v - low) / (high - low);
  svg.setAttribute("aria-label", `${name}: predicted against true, ${scoresText(scores)}`);
  svg.append(shape("text", { x: 4, y: 14, class: "title" }, short(name, 40)),
    shape("text", { x: 4, y: 30, class: "small dim" }, (scores.rSquared === undefined ? "" : `R² ${scores.rSquared.toFixed(3)}, `) + `error ${plain(scores.meanAbsoluteError)}, RMSE ${plain(scores.rootMeanSquaredError)}`),
    shape("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: "none", class: "grid" }),
    shape("line", { x1: left, y1: bottom, x2: right, y2: top, class: "axis" }));
  for (const value of [low, (low + high) / 2, high]) {
    svg.append(shape("text", { x: left - 5, y: y(value) + 4, class: "end small dim" }, plain(value)),
      shape("text", { x: Math.min(right - 12, x(value)), y: bottom + 14, class: "middle small dim" }, plain(value)));
  }
  svg.append(shape("text", { x: right, y: bottom + 28, class: "end small dim" }, "true"),
    shape("text", { x: left + 5, y: top + 13, class: "small dim" }, "predicted"));
  truths.forEach((value, at) => svg.append(shape("circle", {
    cx: x(value).toFixed(1), cy: y(predictions[at]).toFixed(1), r: 2.4, fill: classColour(0), "fill-opacity": 0.6, "data-at": at,
  })));
  svg.addEventListener("pointermove", event => {
    const at = event.target.dataset?.at;
    if (at === undefined) return hideTip();
    showTip(event, `sample ${rows[at] + 1}\ntrue ${plain(truths[at])}\npredicted ${plain(predictions[at])}`);
  });
  svg.addEventListener("pointerleave", hideTip);
  return svg;
}

function errorButton(error) {
  const canvas = element("canvas"), values = elementsOf(error.elements, size);
  paint(canvas, values);
  sized(canvas, 84);
  const text = numbers => numbers.slice(0, 3).map(plain).join(", ") + (numbers.length > 3 ? ", …" : "");
  const button = element("button", { type: "button" }, canvas,
    element("span", {}, `true ${text(error.target)}`), element("span", {}, `predicted ${text(error.prediction)}`));
  button.addEventListener("click", () => show(values, `sample ${error.row + 1} of ${facts.split}: ${text(error.target)}`));
  return button;
}

function drawValues(index) {
  const network = data.networks[index], values = network.values;
  find("answers-section").hidden = !data.networks.some(n => n.values);
  find("h-answers").textContent = "Predicted against true";
  find("h-mistakes").textContent = "The largest errors";
  find("confusion").setAttribute("aria-label", "predicted against true values");
  const note = find("confusion-note"), host = find("confusion");
  if (!values) {
    note.textContent = "Nothing was evaluated at this epoch: move the slider.";
    host.replaceChildren();
    find("mistakes").replaceChildren();
    return;
  }
  const width = values.outputs.length, shown = Math.min(drawnOutputs, width);
  const truths = floatsOf(values.targets), predictions = floatsOf(values.predictions);
  note.textContent = `After epoch ${network.epoch}, ${counted(values.samples, "sample")} of ${facts.split}: ${scoresText(values.overall)}` +
    (width > 1 ? `, means over ${width} outputs` : "") + `. Each point is a sample${values.rows.length < values.samples ? `, ${grouped(values.rows.length)} of them` : ""}; on the line both are equal.` +
    (shown < width ? ` Shown: the first ${shown} outputs.` : "");
  const column = (list, output) => values.rows.map((_, row) => list[row * width + output]);
  host.replaceChildren(...Array.from({ length: shown }, (_, output) =>
    valueChart(outputNames[output], values.outputs[output], column(truths, output), column(predictions, output), values.rows)));
  find("mistakes").replaceChildren(...values.largest.length ? values.largest.map(errorButton) : ["none"]);
}
