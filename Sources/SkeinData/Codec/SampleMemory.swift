import Glibc

/// Memory for samples, in large pages where it is large.
///
/// A system call per page of 4 KiB that is touched for the first time was a quarter of the time of
/// loading. Large pages (2 MiB on most machines) are also found faster when batches read rows at
/// random. Only whole ones are asked for, so none reaches beyond the samples: as much memory is
/// used as without them. A system that has none goes on with small ones.
struct SampleMemory {
  /// The bytes for the samples, which are not set; they begin at a multiple of 16.
  let bytes: UnsafeMutableRawBufferPointer
  /// The mapping around them; nil where they are from `aligned_alloc`.
  private let mapping: UnsafeMutableRawBufferPointer?

  /// The size of a large page, and fewest bytes that have pages of their own.
  static let largePage = 1 << 21

  /// Room for `count` bytes; nil where the process is given less.
  ///
  /// - Precondition: 0 ≤ `count`, and `count` fits the machine's memory.
  init?(byteCount count: Int) {
    guard count >= Self.largePage else {
      guard let start = aligned_alloc(16, (max(1, count) + 15) & ~15) else { return nil }
      bytes = UnsafeMutableRawBufferPointer(start: start, count: count)
      mapping = nil
      return
    }
    // Addresses of one large page more, so that the samples can begin where one does.
    let length = count + Self.largePage
    guard
      let start = mmap(
        nil, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      start != UnsafeMutableRawPointer(bitPattern: -1)
    else { return nil }
    let first = start.alignedUp(toMultipleOf: Self.largePage)
    madvise(first, count & ~(Self.largePage - 1), MADV_HUGEPAGE)
    bytes = UnsafeMutableRawBufferPointer(start: first, count: count)
    mapping = UnsafeMutableRawBufferPointer(start: start, count: length)
  }

  /// Gives the memory back. Nobody may use `bytes` any more.
  func free() {
    if let mapping {
      munmap(mapping.baseAddress, mapping.count)
    } else {
      bytes.deallocate()
    }
  }
}
