/// Writes a warning to standard error.
@Sendable func warn(_ text: String) { complain("warning: \(text)") }
