/** Compiles a mini program in a process of its own, and prints the milliseconds it took: cold, and with nothing changed. */
import { createCompiler } from "@denglu/stage"

const [root = "."] = process.argv.slice(2)
const compiler = createCompiler(root)
const cold = await timed()
const unchanged = await timed()
console.log(JSON.stringify({ cold, unchanged }))

async function timed(): Promise<number> {
  const start = performance.now()
  await compiler.compile()
  return performance.now() - start
}
