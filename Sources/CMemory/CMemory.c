#include "CMemory.h"

// Says which C library this is.
#include <stdlib.h>

// Sanitizers have functions of their own in that place.
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SKEIN_IS_SANITIZED
#endif
#endif

#if defined(__GLIBC__) && !defined(SKEIN_IS_SANITIZED)

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

// Memory that cannot be had ends the program with exit code 4 and a message, wherever it was
// wanted.
//
// Swift's own allocations end a process by SIGABRT, with a stack trace; libraries in C say that a
// file is damaged, or crash; Dispatch sleeps and tries again for ever. None of them can be told
// otherwise, but all of them ask these four functions. glibc lets a program replace them, and keeps
// its own under other names; what they return is glibc's, so `free` stays as it is.
// `aligned_alloc` stays too: who can go on without the memory, or say better what it was for, asks
// that one.

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t alignment, size_t size);

/// Writes what was wanted and ends the process. Allocates nothing. What is saved stays as it is.
static _Noreturn void end(size_t count, size_t size) {
  size_t bytes = 0;
  if (__builtin_mul_overflow(count, size, &bytes)) bytes = SIZE_MAX;
  // Rounded up to MiB, digit by digit: printf may allocate.
  size_t left = (bytes >> 20) + ((bytes & 0xFFFFF) != 0);
  char digits[24];
  size_t first = sizeof digits;
  do {
    digits[--first] = (char)('0' + left % 10);
    left /= 10;
  } while (left > 0);
  char text[256] = "";
  size_t length = 0;
  const char *parts[] = {
      // A live line makes room.
      isatty(STDERR_FILENO) ? "\r\x1b[K" : "", "skein: cannot allocate ", NULL,
      " MiB: Cannot allocate memory; choose a smaller model, batch or file, or raise the limit "
      "(ulimit -v)\n"};
  for (size_t index = 0; index < sizeof parts / sizeof *parts; index += 1) {
    const char *part = parts[index] ? parts[index] : digits + first;
    size_t more = parts[index] ? strlen(part) : sizeof digits - first;
    if (length + more > sizeof text) break;
    memcpy(text + length, part, more);
    length += more;
  }
  if (write(STDERR_FILENO, text, length) < 0) _exit(4);
  _exit(4);
}

void *malloc(size_t size) {
  void *memory = __libc_malloc(size);
  if (!memory) end(1, size);
  return memory;
}

void *calloc(size_t count, size_t size) {
  void *memory = __libc_calloc(count, size);
  if (!memory) end(count, size);
  return memory;
}

void *realloc(void *old, size_t size) {
  void *memory = __libc_realloc(old, size);
  // Of 0 bytes nothing is left, which is what was asked for.
  if (!memory && size > 0) end(1, size);
  return memory;
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  if (alignment % sizeof(void *) || alignment & (alignment - 1) || !alignment) return EINVAL;
  *memory = __libc_memalign(alignment, size);
  if (!*memory) end(1, size);
  return 0;
}

#endif
