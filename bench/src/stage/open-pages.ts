import { createSimulator } from "@denglu/simulator"
import { launch, type Program } from "@denglu/stage"

/** What became of one page. */
export interface OpenedPage {
  readonly path: string
  /** The first exception; `undefined` if there was none. */
  readonly thrown: string | undefined
  /** Milliseconds from a fresh document to the opened page. */
  readonly bootMs: number
}

/** How long (ms) a page is watched for exceptions after it opened. */
const watchMs = 120

/** Opens every page in a jsdom of its own. */
export async function openPages(
  program: Program,
  onPage: (page: OpenedPage, index: number) => void,
): Promise<OpenedPage[]> {
  const opened: OpenedPage[] = []
  for (const [index, path] of program.app.pages.entries()) {
    const page = await openPage(program, path)
    opened.push(page)
    onPage(page, index)
  }
  return opened
}

async function openPage(program: Program, path: string): Promise<OpenedPage> {
  const start = performance.now()
  // Files that are missing are counted with the compiling; what is asked here is whether the page opens all the same.
  const whole = { ...program, problems: [] }
  const rejected: unknown[] = []
  // jsdom tells nobody of a promise that nobody waits for; Node does.
  const listen = (reason: unknown) => void rejected.push(reason)
  process.on("unhandledRejection", listen)
  const phone = await launch(whole, {
    simulator: createSimulator(),
    user: "alice",
    url: path,
    fetch: noNetwork,
  })
  const bootMs = performance.now() - start
  await new Promise(resolve => setTimeout(resolve, watchMs))
  process.off("unhandledRejection", listen)
  const [error] = [...phone.errors(), ...rejected]
  const shown = phone.window.document.querySelector(".wx-page") !== null
  phone.close()
  return { path, thrown: error === undefined ? (shown ? undefined : "no page") : textOf(error), bootMs }
}

function textOf(error: unknown): string {
  const { message, errMsg } = error as { message?: string; errMsg?: string }
  return (message ?? errMsg ?? String(error)).split("\n")[0] ?? ""
}

const noNetwork: typeof fetch = async () => {
  throw new TypeError("there is no network here")
}
