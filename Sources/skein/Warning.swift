/// Writes a warning to standard error, in place of a live line.
@Sendable func warn(_ text: String) {
  if Terminal.isLive { TextStream.output.write("\r\u{1B}[K") }
  complain("warning: \(text)")
}
