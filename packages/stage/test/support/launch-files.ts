import { createSimulator } from "@denglu/simulator"
import { onTestFinished } from "vitest"
import { type Launched, type LaunchOptions, launch } from "../../src/index.ts"
import { type Files, writeProject } from "../compile/write-project.ts"

/** Starts a mini program made of these files on a phone that is put away after the test. */
export async function launchFiles(files: Files, options: Partial<LaunchOptions> = {}): Promise<Launched> {
  const phone = await launch(writeProject(files), {
    simulator: createSimulator(),
    user: "alice",
    fetch: async () => {
      throw new TypeError("this test has no network")
    },
    ...options,
  })
  onTestFinished(() => phone.close())
  return phone
}

/** A page that reports each of its handlers, as `a.onLoad {"id":"1"}`, besides what `more` adds to it. */
export function reportingPage(path: string, more = ""): Files {
  const name = path.split("/").at(-1)
  return {
    [`${path}.wxml`]: `<view id="${name}">page ${name}</view>\n`,
    [`${path}.js`]: `
const tell = (what, data) => wx.reportEvent("${name}." + what + (data === undefined ? "" : " " + JSON.stringify(data)))
Page({
  onLoad(options) { tell("onLoad", options) },
  onShow() { tell("onShow") },
  onReady() { tell("onReady") },
  onHide() { tell("onHide") },
  onUnload() { tell("onUnload") },
  ${more}
})
`,
  }
}

/** An app of these pages, each of which reports. The first one is open at the start. */
export function reportingApp(names: readonly string[], config: object = {}): Files {
  return {
    "app.json": JSON.stringify({ pages: names.map(name => `pages/${name}/${name}`), ...config }),
    "app.js": "App({})\n",
    ...Object.assign({}, ...names.map(name => reportingPage(`pages/${name}/${name}`))),
  }
}

/** What the mini program reported since the last look. */
export function reports(phone: Launched): () => string[] {
  let seen = 0
  return () => {
    const all = phone.calls("reportEvent").map(({ arguments: [what] }) => String(what))
    const since = all.slice(seen)
    seen = all.length
    return since
  }
}

/** Calls an API of `wx` from outside of the mini program, as its pages would, and answers what it answers. */
export function ask(phone: Launched, api: string, options: object = {}): Promise<Record<string, unknown>> {
  return (phone.wx[api] as (options: object) => Promise<Record<string, unknown>>)(options)
}
