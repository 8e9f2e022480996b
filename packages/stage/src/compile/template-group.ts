import { createRequire } from "node:module"
import type { TmplGroup } from "glass-easel-template-compiler"

type TemplateCompiler = typeof import("glass-easel-template-compiler")

const compilerName = "glass-easel-template-compiler"
const require = createRequire(import.meta.url)
let compiler: TemplateCompiler | undefined

/** Lends a group of templates of the template compiler. @throws whatever `work` throws */
export function withTemplateGroup<T>(work: (group: TmplGroup) => T): T {
  compiler ??= require(compilerName) as TemplateCompiler
  try {
    const group = new compiler.TmplGroup()
    const result = work(group)
    group.free()
    return result
  } catch (error) {
    // WebAssembly that stopped halfway, as on tags nested thousands deep, fails from then on: the next gets a new one.
    delete require.cache[require.resolve(compilerName)]
    compiler = undefined
    throw error
  }
}
