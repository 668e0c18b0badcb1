// Which of 64 bytes end a field of a table, or may: the delimiter, a line's end, a quote. In C for
// the compiler's vectors: Swift has no instruction that gathers a comparison's bits in a number.
#pragma once
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// How many bytes are looked at.
#define SKEIN_SCAN_WIDTH 64

// Bit i is set where bytes[i] is the delimiter, a line feed, a carriage return or a quote.
static inline uint64_t skein_scan_marks(const uint8_t *bytes, uint8_t delimiter) {
  uint64_t marks = 0;
#if defined(__SSE2__)
  // Every x86-64 processor has these.
  const __m128i d = _mm_set1_epi8((char)delimiter), f = _mm_set1_epi8('\n');
  const __m128i r = _mm_set1_epi8('\r'), q = _mm_set1_epi8('"');
  for (int part = 0; part < 4; part++) {
    const __m128i x = _mm_loadu_si128((const __m128i *)(bytes + 16 * part));
    const __m128i found = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(x, d), _mm_cmpeq_epi8(x, f)),
        _mm_or_si128(_mm_cmpeq_epi8(x, r), _mm_cmpeq_epi8(x, q)));
    marks |= (uint64_t)(uint32_t)_mm_movemask_epi8(found) << (16 * part);
  }
#else
  for (int i = 0; i < SKEIN_SCAN_WIDTH; i++) {
    const uint8_t x = bytes[i];
    marks |= (uint64_t)(x == delimiter || x == '\n' || x == '\r' || x == '"') << i;
  }
#endif
  return marks;
}
