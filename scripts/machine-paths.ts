import { type Finding, read, report, repositoryFiles } from "./repository.ts"

/** What must not stand in a public repository: whose machine it was written on, and where its packages came from. */
const forbidden: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  {
    pattern: /(?<![\w.:/-])\/(?:home|root|Users|work|workspace)\/[\w.-]+/,
    what: "an absolute path of somebody's machine",
  },
  {
    pattern: /\/(?:tmp|var\/folders)\/[\w.-]+\/[\w.-]+/,
    what: "a path under this machine's temporary folder",
  },
  { pattern: /\b[A-Z]:\\\\?Users\\/, what: "an absolute path of somebody's machine" },
  {
    pattern: /https?:\/\/(?:[\w.-]+@)?[\w.-]*(?:registry|npmmirror|artifactory|nexus|verdaccio)[\w.-]*/i,
    what: "a registry's host",
  },
]

/** The rules' own text. */
const exempt = new Set(["scripts/machine-paths.ts"])
const binary = /\.(png|jpe?g|gif|webp|ico|woff2?|ttf|zip|gz|tgz|db|sqlite)$/i

function findingsIn(file: string): readonly Finding[] {
  const findings: Finding[] = []
  for (const [index, line] of read(file).split("\n").entries()) {
    for (const { pattern, what } of forbidden) {
      const match = pattern.exec(line)
      if (match !== null) findings.push({ file, line: index + 1, message: `names ${what}: ${match[0]}` })
    }
  }
  return findings
}

const files = repositoryFiles().filter(file => !exempt.has(file) && !binary.test(file))
report(files.flatMap(findingsIn), `${files.length} files searched.`)
