// 4 Floats: what every processor of the compiler's target has.
#include <stddef.h>

#include "Levels.h"

#define LANES 4
#include "Vectors.h"
#include "Loops.h"

const struct skein_kernels skein_baseline = SKEIN_KERNELS("baseline", NULL);
