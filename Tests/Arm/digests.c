// Prints a line for each loop of each level that this processor has: level, loop, how many numbers
// it gave, and their digest. Built for two kinds of processors, and run on one of each or in an
// emulator, it shows whether both give the same bits: `make neon`.
#include <inttypes.h>
#include <stdio.h>

#include "digest.h"

static const struct comparison comparisons[] = {
    {"small products", small_products, plain},
    {"small products, a transposed", small_products, a_transposed},
    {"small products, b transposed", small_products, b_transposed},
    {"small products, both transposed", small_products, both_transposed},
    {"small products, panels of a forward pass", small_products, forward_panels},
    {"small products, panels of a backward pass", small_products, backward_panels},
    {"long products", long_products, plain},
    {"long products, a transposed", long_products, a_transposed},
    {"long products, b transposed", long_products, b_transposed},
    {"long products, both transposed", long_products, both_transposed},
    {"long products, panels of a forward pass", long_products, forward_panels},
    {"long products, panels of a backward pass", long_products, backward_panels},
    {"products of denormal numbers", denormal_products, plain},
    {"products of denormal numbers, panels", denormal_products, forward_panels},
    {"products of bfloat16", bfloat16_products, usual_numbers},
    {"products of bfloat16, tiny", bfloat16_products, tiny_numbers},
    {"products of bfloat16, any bits", bfloat16_products, any_numbers},
    {"reduce", sums_of_batch_shards, 0},
    {"sgd", descents, false},
    {"sgd, momentum", descents, true},
    {"adam, nesterov, average, squares", adaptive_steps, 0},
    {"convert bytes", bytes_to_floats, 0},
    {"mask", masks, 0},
    {"scores of classes", scores, 0},
    {"sum rows", sums_of_rows, false},
    {"sum rows, accumulates", sums_of_rows, true},
    {"exp", functions, of_exp},
    {"softmax exp", functions, of_softmax_exp},
    {"expm1", functions, of_expm1},
    {"log", functions, of_log},
    {"log1p", functions, of_log1p},
    {"tanh", functions, of_tanh},
    {"erf", functions, of_erf},
    {"training 10-16-16-5, batches of 20", training, 0},
    {"training 784-16-16-10, batches of 32", training, 1},
    {"training 784-256-128-10, batches of 128", training, 2},
};

int main(void) {
  for (int level = 0; level < skein_kernel_levels; level++) {
    const struct skein_kernels *kernels = skein_kernels(level);
    if (!kernels) continue;
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
      struct digest digest = {.state = 0xcbf29ce484222325};
      comparisons[i].run(kernels, &digest, comparisons[i].argument);
      printf("%s\t%s\t%ld\t%016" PRIx64 "\n", kernels->name, comparisons[i].name, digest.count,
             digest.state);
      fflush(stdout);
    }
  }
  return 0;
}
