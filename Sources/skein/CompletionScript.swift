/// The script that completes commands, options and keys in a shell.
enum CompletionScript {
  /// The last line of the argument parser's script for bash.
  private static let registration = "complete -o filenames -F _skein skein"

  /// `script`, with one more rule in the script for bash.
  ///
  /// A key of `--set` ends in "=", and its value follows without a space. Bash alone would write
  /// `\= `, as it does for the name of a file.
  static func extended(_ script: String) -> String {
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
