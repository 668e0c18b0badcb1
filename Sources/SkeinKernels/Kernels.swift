internal import CKernels

/// The loops in C, for the vector instructions of this processor.
enum Kernels {
  /// What the processor can do best. `nonisolated(unsafe)`: a constant table of functions.
  package nonisolated(unsafe) static let best = skein_best_kernels()
}
