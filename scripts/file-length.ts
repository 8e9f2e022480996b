import { read, report, repositoryFiles } from "./repository.ts"

/** Files that may be longer than the rule says, each with why. */
const allowed: Readonly<Record<string, string>> = {}

function limitOf(file: string): number {
  return /\.test\.tsx?$|(^|\/)test\/|^bench\/|^e2e\//.test(file) ? 400 : 300
}

const files = repositoryFiles().filter(file => /\.tsx?$/.test(file))
const lengths = files.map(file => ({ file, lines: read(file).split("\n").length - 1, limit: limitOf(file) }))
const tooLong = lengths.filter(({ file, lines, limit }) => lines > limit && allowed[file] === undefined)
const needless = Object.keys(allowed).filter(
  file => !lengths.some(length => length.file === file && length.lines > length.limit),
)

report(
  [
    ...tooLong.map(({ file, lines, limit }) => ({
      file,
      message: `has ${lines} lines, ${limit} are allowed: split it by concept`,
    })),
    ...needless.map(file => ({
      file,
      message: "is not too long any more: take it off the list in scripts/file-length.ts",
    })),
  ],
  `${files.length} TypeScript files measured, ${Object.keys(allowed).length} allowed to be longer.`,
)
