import type { CompileProblem } from "../program.ts"
import { compileModule, moduleKey } from "./compile-module.ts"
import type { Project } from "./project.ts"

/** The scripts and all they require, in the order in which they were met. */
export function collectModules(
  project: Project,
  scripts: readonly string[],
): { modules: Record<string, string>; problems: CompileProblem[] } {
  const modules: Record<string, string> = {}
  const problems: CompileProblem[] = []
  const waiting = new Set(scripts)
  for (const path of waiting) {
    const compiled = compileModule(project, path)
    modules[moduleKey(path)] = compiled.code
    problems.push(...compiled.problems)
    for (const required of compiled.required) waiting.add(required)
  }
  return { modules, problems }
}
