import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { OpenedPage } from "./opened-page.ts"

const opener = fileURLToPath(new URL("page-opener.ts", import.meta.url))

/** How long (ms) a page may take to open. */
const deadlineMs = 20_000

/** Opens every page in a jsdom of its own. One that never answers costs its deadline, and the others go on. */
export async function openPages(
  root: string,
  paths: readonly string[],
  onPage: (page: OpenedPage, index: number) => void,
): Promise<OpenedPage[]> {
  const opened: OpenedPage[] = []
  let child = await start(root)
  for (const [index, path] of paths.entries()) {
    child.send(path)
    const page = await answerOf(child)
    if (page === undefined) {
      child.kill("SIGKILL")
      child = await start(root)
    }
    opened.push(page ?? { path, thrown: [`it did not answer within ${deadlineMs / 1000} s`], bootMs: null })
    onPage(opened.at(-1) as OpenedPage, index)
  }
  child.kill()
  return opened
}

async function start(root: string): Promise<ChildProcess> {
  // What pages print is not ours to read.
  const child = fork(opener, [root], {
    execArgv: ["--conditions=denglu-source"],
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  })
  await once(child, "message")
  return child
}

/** `undefined` if the process ended, or is stuck. */
async function answerOf(child: ChildProcess): Promise<OpenedPage | undefined> {
  const settled = new AbortController()
  try {
    const answered = once(child, "message", { signal: settled.signal })
    const ended = once(child, "exit", { signal: settled.signal })
    const late = once(AbortSignal.timeout(deadlineMs), "abort", { signal: settled.signal })
    const [answer] = await Promise.race([answered, ended.then(() => []), late.then(() => [])])
    return answer as OpenedPage | undefined
  } finally {
    settled.abort()
  }
}
