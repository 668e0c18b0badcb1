// The run's numbers, and the network computed from them. Everything else on the page draws these.
"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const facts = data.facts;

// Six bits are one character; the alphabet is base 64's.
const codeOf = new Uint8Array(128);
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((c, i) => {
  codeOf[c.charCodeAt(0)] = i;
});

function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

function floatsOf(text) { return new Float32Array(bytesOf(text).buffer); }

// A zero stands before the number of zeros that it stands for.
function withoutRuns(text, count) {
  const bytes = bytesOf(text), result = new Float32Array(count);
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 0) at += bytes[++i];
    else result[at++] = bytes[i];
  }
  return result;
}

// What the outputs are called, and what a recorded sample is: its class, or its values.
const outputNames = facts.targets ? facts.targets.names : facts.classes;
const groupNames = data.groups ?? facts.classes;
const truth = sample => data.samples.truths ? data.samples.truths[sample] : facts.classes[data.samples.labels[sample]];

const size = facts.sampleShape.reduce((a, b) => a * b, 1);

function elementsOf(stored, count) {
  return stored.floats !== undefined ? floatsOf(stored.floats) : withoutRuns(stored.bytes, count);
}

const samples = data.samples ? elementsOf(data.samples.elements, data.samples.rows.length * size) : new Float32Array(0);

// How the elements of a sample lie in a picture: as `skein data show` draws them.
const picture = (() => {
  const s = facts.sampleShape, channels = [1, 3, 4];
  if (s.length === 3 && channels.includes(s[2])) return { h: s[0], w: s[1], c: s[2], pixel: s[2], channel: 1 };
  if (s.length === 3 && channels.includes(s[0])) return { h: s[1], w: s[2], c: s[0], pixel: 1, channel: s[1] * s[2] };
  if (s.length === 1) return { h: 1, w: s[0], c: 1, pixel: 1, channel: 0 };
  return { h: s[0], w: size / s[0], c: 1, pixel: 1, channel: 0 };
})();

// erf to 1.2e-7. Source: Press et al., "Numerical Recipes", 2nd edition, 6.2 (erfcc).
function erf(x) {
  const z = Math.abs(x), t = 1 / (1 + 0.5 * z);
  const p = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368];
  const sum = p.reduce((a, c) => a * t + c, 0) * t - 1.26551223;
  const r = t * Math.exp(-z * z + sum);
  return x >= 0 ? 1 - r : r - 1;
}

// Every activation of Skein; a is its constant, or the trained slope of a parametric relu.
const activations = {
  relu: x => Math.max(x, 0),
  leakyRelu: (x, a) => x > 0 ? x : a * x,
  parametricRelu: (x, a) => x > 0 ? x : a * x,
  sigmoid: x => 1 / (1 + Math.exp(-x)),
  tanh: x => Math.tanh(x),
  elu: (x, a) => x > 0 ? x : a * Math.expm1(x),
  selu: x => 1.050701 * (x > 0 ? x : 1.6732632 * Math.expm1(x)),
  gelu: x => 0.5 * x * (1 + erf(x * Math.SQRT1_2)),
  swish: x => x / (1 + Math.exp(-x)),
  softplus: x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  identity: x => x,
  binaryStep: x => x >= 0 ? 1 : 0,
};

// The weights of network `index`, unpacked when they are first asked for.
function layersOf(index) {
  const network = data.networks[index];
  if (!network.unpacked) {
    network.unpacked = network.layers.map(layer => {
      const bias = floatsOf(layer.bias);
      let weights;
      if (layer.weights !== undefined) weights = floatsOf(layer.weights);
      else {
        const scales = floatsOf(layer.scales);
        weights = new Float32Array(layer.codes.length);
        for (let o = 0, at = 0; o < layer.outputs; o++) {
          for (let i = 0; i < layer.inputs; i++, at++) {
            weights[at] = (codeOf[layer.codes.charCodeAt(at)] - 31) * scales[o];
          }
        }
      }
      return { weights, bias, inputs: layer.inputs, outputs: layer.outputs, slope: layer.slope };
    });
  }
  return network.unpacked;
}

// Every layer's activations for `sample`, from the input (scaled) to the scores.
function forward(index, sample) {
  const layers = layersOf(index), activate = activations[facts.activation];
  let x = Float32Array.from(sample, value => value / facts.scale);
  const states = [x];
  layers.forEach((layer, l) => {
    const y = new Float64Array(layer.outputs);
    const constant = layer.slope ?? facts.activationConstant;
    for (let o = 0; o < layer.outputs; o++) {
      let sum = layer.bias[o];
      const row = o * layer.inputs;
      for (let i = 0; i < layer.inputs; i++) sum += layer.weights[row + i] * x[i];
      y[o] = l < layers.length - 1 ? activate(sum, constant) : sum;
    }
    x = y;
    states.push(y);
  });
  if (facts.targets?.mean) {
    // Values in their own units.
    states[states.length - 1] = x.map((y, o) => y * facts.targets.deviation[o] + facts.targets.mean[o]);
  }
  if (facts.usesSoftmax) {
    const most = Math.max(...x), powers = x.map(v => Math.exp(v - most));
    const total = powers.reduce((a, b) => a + b, 0);
    states[states.length - 1] = powers.map(p => p / total);
  }
  return states;
}

function winner(scores) {
  let best = 0;
  scores.forEach((score, i) => { if (score > scores[best]) best = i; });
  return best;
}
