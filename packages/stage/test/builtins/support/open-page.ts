import { fileURLToPath } from "node:url"
import { build } from "esbuild"
import { TmplGroup } from "glass-easel-template-compiler"
import { JSDOM } from "jsdom"
import type { Program } from "../../../src/program.ts"
import type { Phone, PhoneOptions } from "../../../src/runtime/phone.ts"

/** What a handler of the page was told. */
export interface Heard {
  readonly type: string
  readonly detail: unknown
  /** Of the element that listens. */
  readonly id: string
}

export interface TestPage {
  readonly window: JSDOM["window"]
  readonly document: Document
  readonly phone: Phone
  /** What `hear` was told, oldest first. */
  readonly heard: Heard[]
  /** What the mini program threw, and what the library warned of. */
  readonly errors: unknown[]
  readonly warnings: string[]
  data(): Record<string, unknown>
  setData(data: Record<string, unknown>): void
  /** @throws Error if nothing is there */
  find<Found extends HTMLElement = HTMLElement>(selector: string): Found
  tap(target: string | Element): void
  press(target: string | Element, key: string): void
  /** Moves a pointer from one place to another. */
  drag(target: string | Element, from: readonly [number, number], to: readonly [number, number]): void
  /** Details of the events of a type, oldest first. */
  details(type: string): unknown[]
}

interface PageOptions {
  readonly data?: Record<string, unknown>
  /** Whether styles are for a screen this wide: answers a media query. */
  readonly matches?: (query: string) => boolean
  /** Components of the mini program, by their tags: their templates. */
  readonly components?: Readonly<Record<string, string>>
  /** Pages besides, empty. */
  readonly pages?: readonly string[]
}

interface StageRuntime {
  boot(options: PhoneOptions): Phone
  navigation: { go(api: string, options: Readonly<Record<string, unknown>>): void }
}

const runtime = new URL("../../../src/runtime/", import.meta.url)

const bundle = build({
  stdin: {
    contents: `export { boot } from "./boot.ts"
      export { navigation } from "./builtins/navigation.ts"`,
    resolveDir: fileURLToPath(runtime),
  },
  bundle: true,
  write: false,
  format: "iife",
  globalName: "stageRuntime",
  platform: "browser",
  conditions: ["denglu-source"],
  target: "es2022",
}).then(({ outputFiles }) => outputFiles[0]?.text ?? "")

/** Opens a mini program whose first page is this. Its handler `hear` keeps what it is told. @param wxml of pages/first/first */
export async function openPage(wxml: string, options: PageOptions = {}): Promise<TestPage> {
  const { data = {}, matches = () => false, components = {}, pages = [] } = options
  const dom = new JSDOM("<!doctype html><html><head></head><body></body></html>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    url: "http://localhost/",
  })
  const { window } = dom
  const { document } = window
  Object.assign(window, { matchMedia: mediaQueries(matches) })
  window.eval(`${await bundle}; window.stageRuntime = stageRuntime`)
  const stage = (window as unknown as { stageRuntime: StageRuntime }).stageRuntime
  const heard: Heard[] = []
  const errors: unknown[] = []
  const warnings: string[] = []
  const overlay = document.createElement("div")
  overlay.className = "stage-overlay"
  const phone = stage.boot({
    program: programOf(wxml, data, components, pages),
    wx: { hear: (event: unknown) => void heard.push(JSON.parse(JSON.stringify(event))) },
    openType: async () => undefined,
    readFile: () => undefined,
    overlay,
    onError: error => void errors.push(error),
    onWarning: warning => void warnings.push(warning),
  })
  stage.navigation.go = (api, told) => {
    const call = phone.wx[api] as (told: object) => Promise<unknown> | undefined
    call(told)?.catch((error: unknown) => errors.push(error))
  }
  const page = () => {
    const open = phone.page()
    if (open === undefined) throw new Error(`no page is open: ${String(errors[0])}`)
    return open
  }
  const found = (target: string | Element) => (typeof target === "string" ? find(target) : target)
  function find<Found extends HTMLElement = HTMLElement>(selector: string): Found {
    const element = document.querySelector<Found>(selector)
    if (element === null) throw new Error(`${selector} is not there`)
    return element
  }
  const mouse = (target: EventTarget, type: string, [clientX, clientY]: readonly [number, number]) =>
    target.dispatchEvent(new window.MouseEvent(type, { bubbles: true, cancelable: true, clientX, clientY }))
  const point = (target: EventTarget, type: string, [clientX, clientY]: readonly [number, number]) =>
    target.dispatchEvent(
      new window.PointerEvent(type, { bubbles: true, clientX, clientY, pointerId: 1, isPrimary: true }),
    )

  return {
    window,
    document,
    phone,
    heard,
    errors,
    warnings,
    data: () => JSON.parse(JSON.stringify(page().instance.data)) as Record<string, unknown>,
    setData: changes => page().instance.setData(changes),
    find,
    tap(target) {
      const element = found(target)
      for (const type of ["mousedown", "mouseup", "click"]) mouse(element, type, [0, 0])
    },
    press(target, key) {
      found(target).dispatchEvent(
        new window.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }),
      )
    },
    drag(target, from, to) {
      point(found(target), "pointerdown", from)
      point(document, "pointermove", to)
      point(document, "pointerup", to)
    },
    details: type => heard.flatMap(event => (event.type === type ? [event.detail] : [])),
  }
}

function programOf(
  wxml: string,
  data: Record<string, unknown>,
  components: Readonly<Record<string, string>>,
  pages: readonly string[],
): Program {
  const templates = new TmplGroup()
  const own = Object.entries(components).map(([tag, template]) => [tag, `components/${tag}/${tag}`, template])
  for (const [path, template] of [
    ["pages/first/first", wxml],
    ...pages.map(path => [path, `<text>${path}</text>`]),
    ...own.map(([, path, template]) => [path, template]),
  ] as [string, string][]) {
    const problems = templates.addTmpl(path, template) as { message: string }[]
    if (problems.length > 0) throw new Error(`${path}: ${problems.map(({ message }) => message).join("; ")}`)
  }
  const source = (path: string, usingComponents = {}) => ({
    module: `${path}.js`,
    json: { usingComponents },
    style: null,
    styleScope: null,
  })
  return {
    app: {
      pages: ["pages/first/first", ...pages],
      entryPage: "pages/first/first",
      window: {},
      tabBar: null,
      appid: null,
      rest: {},
    },
    components: {
      "pages/first/first": source(
        "pages/first/first",
        Object.fromEntries(own.map(([tag, path]) => [tag, path])),
      ),
      ...Object.fromEntries(pages.map(path => [path, source(path)])),
      ...Object.fromEntries(own.map(([, path = ""]) => [path, { ...source(path), module: null }])),
    },
    templates: templates.getTmplGenObjectGroups(),
    modules: {
      "pages/first/first.js": `Page({
        data: ${JSON.stringify(data)},
        hear(event) {
          wx.hear({ type: event.type, detail: event.detail, id: event.currentTarget.id })
        },
      })`,
      ...Object.fromEntries(pages.map(path => [`${path}.js`, "Page({})"])),
    },
    appStyle: null,
    problems: [],
  }
}

function mediaQueries(matches: (query: string) => boolean) {
  return (media: string) => ({
    media,
    matches: matches(media),
    addEventListener: () => {},
    removeEventListener: () => {},
  })
}
