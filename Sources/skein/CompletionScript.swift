/// The script that completes commands, options and keys in a shell.
enum CompletionScript {
  /// What ends the argument parser's script for bash.
  private static let registration = "complete -o filenames -F _skein skein"

  /// `script`, and for bash a rule more: a key of `--set` ends in "=" and wants its value right
  /// behind it, where bash would write `\= ` as for a file's name.
  static func mended(_ script: String) -> String {
    script.replacing(
      registration,
      with: """
        _skein_or_key() {
            _skein "${@}"
            if [[ "${COMPREPLY[0]-}" == *= ]]; then
                compopt -o nospace +o filenames
            fi
        }

        complete -o filenames -F _skein_or_key skein
        """)
  }
}
