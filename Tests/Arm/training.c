// Some steps of training, as Skein makes them: two batch shards, relu, softmax and cross-entropy,
// weights in panels, momentum.
#include <stdlib.h>

#include "digest.h"

#pragma STDC FP_CONTRACT OFF

enum { shards = 2, most_layers = 3 };

struct layer {
  long inputs, outputs;
  /// Weights [outputs, inputs] and biases, with their velocities and each batch shard's gradients.
  float *w, *b, *w_velocity, *b_velocity, *w_gradients, *b_gradients;
  float *forward, *backward;
  /// Of the whole batch: what comes in, and its gradient.
  float *x, *dx;
};

static float *zeros(long count) {
  float *x = calloc((size_t)count, sizeof *x);
  if (!x) abort();
  return x;
}

static struct layer new_layer(
    const struct skein_kernels *kernels, long inputs, long outputs, long batch) {
  const long width = kernels->panel_columns;
  struct layer layer = {
      .inputs = inputs, .outputs = outputs,
      .w = zeros(inputs * outputs), .b = zeros(outputs),
      .w_velocity = zeros(inputs * outputs), .b_velocity = zeros(outputs),
      .w_gradients = zeros(shards * inputs * outputs), .b_gradients = zeros(shards * outputs),
      .forward = zeros((outputs + width - 1) / width * width * inputs),
      .backward = zeros((inputs + width - 1) / width * width * outputs),
      .x = zeros(batch * inputs), .dx = zeros(batch * inputs)};
  fill(layer.w, inputs * outputs, (uint32_t)outputs, inputs > 100 ? 0.0625f : 0.5f);
  fill(layer.b, outputs, (uint32_t)inputs, 0.25f);
  return layer;
}

static void free_layer(struct layer *layer) {
  float *all[] = {layer->w,           layer->b,           layer->w_velocity, layer->b_velocity,
                  layer->w_gradients, layer->b_gradients, layer->forward,    layer->backward,
                  layer->x,           layer->dx};
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
}

/// The gradient of cross-entropy at `rows` rows of z, which it overwrites.
static void cross_entropy(
    const struct skein_kernels *kernels, struct digest *digest, float *z, long rows, long classes) {
  float *softmax = zeros(rows * classes), *losses = zeros(rows), *slopes = zeros(rows);
  int *labels = calloc((size_t)rows, sizeof *labels);
  if (!labels) abort();
  for (long i = 0; i < rows; i++) {
    labels[i] = (int)(scrambled((uint32_t)i) % (uint32_t)classes);
    slopes[i] = 1;
  }
  add_bits(digest, kernels->cross_entropy(z, labels, rows, classes, softmax, losses));
  add_floats(digest, losses, rows);
  add_bits(digest, kernels->cross_entropy_gradient(
                       softmax, labels, slopes, rows, classes, z, false));
  add_floats(digest, z, rows * classes);
  free(softmax), free(losses), free(slopes), free(labels);
}

/// What the gradients of odd shards are products of: copies in panels.
static float left[1 << 18], right[1 << 18];

/// Both passes of the `rows` rows from `first` on; z and dz have room for the whole batch's results.
static void pass(
    const struct skein_kernels *kernels, struct digest *digest, struct layer *layers, int count,
    float *z, int shard, long rows) {
  const long first = shard * rows;
  for (int i = 0; i < count; i++) {
    const struct layer *layer = layers + i;
    const long inputs = layer->inputs, outputs = layer->outputs;
    float *result = i + 1 < count ? layers[i + 1].x : z;
    struct skein_product p = {
        .a = layer->x + first * inputs, .a_row = inputs, .b = layer->forward, .b_row = inputs,
        .packed_b = true, .start = layer->b, .c = result + first * outputs, .c_row = outputs,
        .m = rows, .n = outputs, .k = inputs, .rectifies = i + 1 < count};
    kernels->product(&p);
  }
  cross_entropy(kernels, digest, z + first * layers[count - 1].outputs, rows,
                layers[count - 1].outputs);
  for (int i = count - 1; i >= 0; i--) {
    const struct layer *layer = layers + i;
    const long inputs = layer->inputs, outputs = layer->outputs;
    const float *x = layer->x + first * inputs;
    const float *dz = (i + 1 < count ? layers[i + 1].dx : z) + first * outputs;
    struct skein_product p = {
        .a = dz, .a_row = outputs, .transposed_a = true, .b = x, .b_row = inputs,
        .c = layer->w_gradients + shard * outputs * inputs, .c_row = inputs,
        .m = outputs, .n = inputs, .k = rows};
    if (shard % 2) {
      kernels->pack(dz, outputs, 0, rows, 0, outputs, rows, NULL, left);
      kernels->pack(x, inputs, 0, rows, 0, inputs, rows, NULL, right);
      p.a = left, p.a_row = p.b_row = rows, p.a_columns = outputs, p.b = right;
      p.packed_a = p.packed_b = true;
    }
    kernels->product(&p);
    kernels->sum_rows(dz, outputs, rows, outputs, layer->b_gradients + shard * outputs, false);
    if (i == 0) continue;
    float *dx = layer->dx + first * inputs;
    p = (struct skein_product){
        .a = dz, .a_row = outputs, .b = layer->backward, .b_row = outputs, .packed_b = true,
        .c = dx, .c_row = inputs, .m = rows, .n = inputs, .k = outputs};
    kernels->product(&p);
    kernels->mask(dx, x, rows * inputs);
  }
}

static void update(
    const struct skein_kernels *kernels, struct digest *digest, float *p, float *velocity,
    float *gradients, long count, long batch) {
  kernels->reduce(gradients, count, shards, 1 / (float)batch, count);
  add_bits(digest, kernels->sgd_momentum(p, velocity, count, gradients, 0.1f, 0.9f, 1e-4f, 1,
                                         count));
  add_floats(digest, p, count);
}

void training(const struct skein_kernels *kernels, struct digest *digest, int job) {
  static const struct {
    long sizes[most_layers + 1], batch;
    int layers, steps;
  } jobs[] = {{{10, 16, 16, 5}, 20, 3, 20}, {{784, 16, 16, 10}, 32, 3, 10},
              {{784, 256, 128, 10}, 128, 3, 2}};
  const long batch = jobs[job].batch, *sizes = jobs[job].sizes;
  const int count = jobs[job].layers;
  struct layer layers[most_layers];
  for (int i = 0; i < count; i++) {
    layers[i] = new_layer(kernels, sizes[i], sizes[i + 1], batch);
  }
  float *z = zeros(batch * sizes[count]);
  unsigned char *bytes = malloc((size_t)(batch * sizes[0]));
  if (!bytes) abort();
  for (int step = 0; step < jobs[job].steps; step++) {
    for (long i = 0; i < batch * sizes[0]; i++) {
      bytes[i] = (unsigned char)scrambled((uint32_t)(i + step * 1000003));
    }
    const int whole = 0;
    kernels->convert_rows(bytes, 1, batch * sizes[0], &whole, 1, 0, 0, layers[0].x, 0x1.fffep-9f,
                          0x1p-25f);
    for (int i = 0; i < count; i++) {
      struct layer *layer = layers + i;
      kernels->pack(layer->w, layer->inputs, 0, layer->outputs, 0, layer->inputs, layer->outputs,
                    layer->forward, layer->backward);
    }
    for (int shard = 0; shard < shards; shard++) {
      pass(kernels, digest, layers, count, z, shard, batch / shards);
    }
    for (int i = 0; i < count; i++) {
      struct layer *layer = layers + i;
      update(kernels, digest, layer->w, layer->w_velocity, layer->w_gradients,
             layer->inputs * layer->outputs, batch);
      update(kernels, digest, layer->b, layer->b_velocity, layer->b_gradients, layer->outputs,
             batch);
    }
  }
  for (int i = 0; i < count; i++) free_layer(layers + i);
  free(z);
  free(bytes);
}
