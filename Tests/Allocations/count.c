// Counts a process's heap allocations: preload it, and the count is printed at the end.
//
// A program may have `malloc` and its like itself, as `skein` has, and calls glibc's under their
// other names then. Both are counted here. `memalign`, which nobody else calls, gives the memory.
#define _GNU_SOURCE
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_long count;

static void *take(size_t alignment, size_t size) {
  atomic_fetch_add(&count, 1);
  return memalign(alignment, size);
}

void *__libc_malloc(size_t size) { return take(16, size); }

void *__libc_calloc(size_t n, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(n, size, &bytes)) return NULL;
  void *memory = take(16, bytes);
  return memory ? memset(memory, 0, bytes) : NULL;
}

void *__libc_realloc(void *old, size_t size) {
  if (old && size == 0) {
    free(old);
    return NULL;
  }
  void *memory = take(16, size);
  if (!memory || !old) return memory;
  size_t had = malloc_usable_size(old);
  memcpy(memory, old, had < size ? had : size);
  free(old);
  return memory;
}

void *__libc_memalign(size_t alignment, size_t size) { return take(alignment, size); }

void *malloc(size_t size) { return __libc_malloc(size); }
void *calloc(size_t n, size_t size) { return __libc_calloc(n, size); }
void *realloc(void *p, size_t size) { return __libc_realloc(p, size); }
void *aligned_alloc(size_t alignment, size_t size) { return take(alignment, size); }
int posix_memalign(void **p, size_t alignment, size_t size) {
  *p = take(alignment, size);
  return *p ? 0 : 12;
}

__attribute__((destructor)) static void report(void) {
  fprintf(stderr, "allocations %ld\n", atomic_load(&count));
}
