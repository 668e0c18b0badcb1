// The examples of README.md, and what else a program does with `import Skein` alone. Tests run them
// in a folder that has the repository's Configs and Datasets. The body of each example of README is
// what it shows.
let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "job": try trainFromAJobFile()
case "arrays": try trainOnArrays()
case "loop": try trainInALoop()
case "errors": try makeMistakes()
case "lines": try trainLines()
case "picture": try draw(arguments.last ?? "")
default: print("which one: job, arrays, loop, errors, lines, picture NAME?")
}
