/**
 * Opens pages of a mini program in jsdom, as it is told to by its parent: a process of its own, since a page may print
 * what it likes, and may never come back.
 */
import { createSimulator } from "@denglu/simulator"
import { compileProject, launch, type Program } from "@denglu/stage"
import type { OpenedPage } from "./opened-page.ts"

/** How long (ms) a page is watched for exceptions after it opened. */
const watchMs = 150

const [root = "."] = process.argv.slice(2)
// Files that are missing are counted with the compiling; what is asked here is whether the page opens all the same.
const program: Program = { ...(await compileProject(root)), problems: [] }

/** jsdom tells nobody of a promise that nobody waits for; Node does. */
let rejected: unknown[] = []
for (const event of ["unhandledRejection", "uncaughtException"] as const)
  process.on(event, (reason: unknown) => rejected.push(reason))

process.on("message", (path: string) => {
  open(path).then(
    opened => process.send?.(opened),
    error => process.send?.({ path, thrown: [textOf(error)], bootMs: null } satisfies OpenedPage),
  )
})
process.send?.("ready")

async function open(path: string): Promise<OpenedPage> {
  rejected = []
  const start = performance.now()
  const phone = await launch(program, {
    simulator: createSimulator(),
    user: "alice",
    url: path,
    fetch: noNetwork,
  })
  const bootMs = performance.now() - start
  await new Promise(resolve => setTimeout(resolve, watchMs))
  const thrown = new Set([...phone.errors(), ...rejected].map(textOf))
  if (phone.window.document.querySelector(".wx-page") === null) thrown.add("no page was opened")
  phone.close()
  return { path, thrown: [...thrown], bootMs }
}

function textOf(error: unknown): string {
  const { message, errMsg } = (error ?? {}) as { message?: string; errMsg?: string }
  return (message ?? errMsg ?? String(error)).split("\n")[0] ?? ""
}

async function noNetwork(): Promise<never> {
  throw new TypeError("there is no network in this measurement")
}
