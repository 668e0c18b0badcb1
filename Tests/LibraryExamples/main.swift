// What a program does with `import Skein` alone, besides README's programs. Tests run it in a
// folder that has the repository's Configs and Datasets.
let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "errors": try makeMistakes()
case "lines": try trainLines()
case "picture": try draw(arguments.last ?? "")
default: print("which one: errors, lines, picture NAME?")
}
