import { existsSync } from "node:fs"
import { createSimulator } from "@denglu/simulator"
import { launch, type Program, startStage } from "@denglu/stage"
import { chromium } from "playwright-core"
import { type Spread, spreadOf } from "./spread.ts"

/** How often a start is measured; the first one, which warms up, is left out. */
const times = 9

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]

/** From nothing to the first page, in jsdom. */
export async function bootInJsdom(program: Program): Promise<Spread> {
  const whole = { ...program, problems: [] }
  const measured: number[] = []
  for (let time = 0; time <= times; time += 1) {
    const start = performance.now()
    const phone = await launch(whole, {
      simulator: createSimulator(),
      user: "alice",
      fetch: async () => {
        throw new TypeError("there is no network in this measurement")
      },
    })
    measured.push(performance.now() - start)
    phone.close()
  }
  return spreadOf(measured.slice(1))
}

/** From the program's arrival to the first page's elements, in Chromium; `undefined` if there is none on this machine. */
export async function bootInChromium(
  root: string,
): Promise<{ readonly version: string; readonly times: Spread } | undefined> {
  const executablePath = places.find(existsSync)
  if (executablePath === undefined) return undefined
  const stage = await startStage({ root, port: 0, conditions: ["denglu-source"] })
  const browser = await chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 375, height: 760 } })
    await page.addInitScript(watchForPage)
    const measured: number[] = []
    for (let time = 0; time <= times; time += 1) {
      await page.goto(`${stage.url}/phone/`)
      measured.push(await page.evaluate(bootOfPage))
    }
    return { version: browser.version(), times: spreadOf(measured.slice(1)) }
  } finally {
    await browser.close()
    await stage.close()
  }
}

/** Runs in the page before anything else: notes when the first page has its elements. */
function watchForPage(): void {
  const observer = new MutationObserver(() => {
    if (document.querySelector(".wx-page")?.firstElementChild == null) return
    observer.disconnect()
    performance.mark("first page")
  })
  observer.observe(document, { childList: true, subtree: true })
}

/** Runs in the page: waits for the first page and answers how long it took since the program was there. */
async function bootOfPage(): Promise<number> {
  for (;;) {
    const [shown] = performance.getEntriesByName("first page")
    const arrived = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).find(
      ({ name }) => name.endsWith("/setting.json"),
    )
    if (shown !== undefined && arrived !== undefined) return shown.startTime - arrived.responseEnd
    await new Promise(resolve => setTimeout(resolve, 5))
  }
}
