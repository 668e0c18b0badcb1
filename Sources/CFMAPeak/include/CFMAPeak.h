#ifndef CFMAPEAK_H
#define CFMAPEAK_H

/// Runs `rounds` rounds of independent fused multiply-adds of Floats in registers alone, with the
/// widest vectors that this processor has, and returns how many floating-point operations one
/// round is (a multiply-add is two). `*sink` receives a number that depends on all of them.
///
/// In C because Swift cannot compile one function for another processor than the package's.
double skein_fma_rounds(long rounds, float *sink);

#endif
