import type { OpenSocket, PhoneFiles, WxBackend, WxHost } from "@denglu/simulator/wx"
import type { DOMWindow } from "jsdom"
import { compileProject } from "../compile/compile-project.ts"
import type { Program } from "../program.ts"
import { stageRuntime } from "../server/stage-runtime.ts"
import { find, visibleText } from "./find.ts"

export interface LaunchOptions {
  /** The pretend WeChat that codes come from. */
  readonly simulator: WxBackend
  /** Who holds the phone. */
  readonly user: string
  /** The network. Default is the machine's. */
  readonly fetch?: typeof globalThis.fetch
  readonly openSocket?: OpenSocket
  /** Decides in the person's place; what is left out is decided by tapping what is shown. */
  readonly host?: WxHost
  /** What was stored before, and where it goes. Default is an empty storage that ends with the launch. */
  readonly storage?: { load(): string | null; save(text: string): void }
  /** The page to open first, as `pages/index/index?id=1`. */
  readonly url?: string
  /** WeChat's number for how it was opened. Default is 1001, the list of mini programs; 1047 is a code that the camera saw. */
  readonly scene?: number
  /** Language of the device. Default is `zh_CN`. */
  readonly language?: string
  /** Whether the person has agreed to the privacy contract already. Default is `agreed`. */
  readonly privacy?: "agreed" | "needed"
  /** Conditions of package.json's `exports` that count besides `default`. */
  readonly conditions?: readonly string[]
}

/** A call of `wx`. */
export interface WxCall {
  readonly name: string
  readonly arguments: readonly unknown[]
}

/** A mini program that runs without a browser, and somebody who uses it. */
export interface Launched {
  /** Route and data of the visible page. */
  page(): { readonly route: string; readonly data: Readonly<Record<string, unknown>> }
  /**
   * Taps what is found: by a selector such as `#login`, or by its text.
   * @throws Error that says what is to be seen, if nothing is found
   */
  tap(target: string): void
  /** Types into a field, in place of what is there, and leaves it. */
  input(target: string, text: string): void
  /** What is to be read on the visible page; with a target, there. */
  text(target?: string): string
  /**
   * Waits until it holds; as long as it throws, as `text` does where nothing is found, it does not.
   * @param timeoutMs default is 5,000
   * @throws Error with what is to be seen instead
   */
  until(condition: () => unknown, timeoutMs?: number): Promise<void>
  /** The person goes to another app, and comes back. */
  hide(): void
  show(): void
  /** The calls of `wx` so far; with a name, of that API. */
  calls(name?: string): readonly WxCall[]
  /** What the mini program's code threw so far. */
  errors(): readonly unknown[]
  readonly warnings: readonly string[]
  readonly files: PhoneFiles
  readonly wx: Readonly<Record<string, unknown>>
  /** The page itself, for what nothing here answers. Its type needs TypeScript's `dom` library. */
  readonly window: Window & typeof globalThis
  /** Ends it, timers and all. */
  close(): void
}

let runtime: Promise<string> | undefined

/**
 * Starts a mini program in jsdom.
 * @param program a compiled one, or its folder
 * @throws Error if it does not compile
 */
export async function launch(program: Program | string, options: LaunchOptions): Promise<Launched> {
  const { conditions, ...rest } = options
  const compiled =
    typeof program === "string" ? await compileProject(program, conditions && { conditions }) : program
  const mistake = compiled.problems.find(({ level }) => level === "error")
  if (mistake !== undefined)
    throw new Error(`${mistake.path}:${mistake.line ?? 1}:${mistake.column ?? 1} ${mistake.message}`)
  runtime ??= stageRuntime()
  return start(compiled, await openWindow(), await runtime, rest)
}

/** jsdom is loaded when it is first used: that takes a second and 80 MB, and the dev server has no use for it. */
async function openWindow(): Promise<DOMWindow> {
  const { JSDOM } = await import("jsdom")
  const { window } = new JSDOM("<!doctype html><html><head></head><body></body></html>", {
    url: "http://127.0.0.1/",
    runScripts: "outside-only",
    pretendToBeVisual: true,
  })
  lendGlobals(window)
  return window
}

function start(
  program: Program,
  window: DOMWindow,
  script: string,
  options: Omit<LaunchOptions, "conditions">,
): Launched {
  const calls: WxCall[] = []
  const errors: unknown[] = []
  const warnings: string[] = []
  // With a document of its own: a closed window has none, and an answer of the network may come after the end.
  window.eval(`(document => {${script}\nwindow.dengluStage = dengluStage})(document)`)
  const { url, scene, host, ...wx } = options
  const phone = (window as unknown as StageWindow).dengluStage.startPhone({
    program,
    wx: { fetch: globalThis.fetch, ...wx },
    ...(host !== undefined && { host }),
    ...(url !== undefined && { url }),
    ...(scene !== undefined && { scene }),
    onError: error => errors.push(error),
    onWarning: message => warnings.push(message),
    onCall: call => calls.push(call),
  })
  const { document } = window

  const launched: Launched = {
    page() {
      const { instance } = phone.page() ?? {}
      if (instance === undefined) throw new Error(`no page is open; ${told(errors)}`)
      return { route: instance.route, data: instance.data }
    },
    tap(target) {
      const element = find(document, target)
      for (const type of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"])
        element.dispatchEvent(
          new window.MouseEvent(type, { bubbles: true, composed: true, cancelable: true }),
        )
    },
    input(target, text) {
      const element = find(document, target)
      const control = element.matches("input, textarea") ? element : element.querySelector("input, textarea")
      if (control === null) throw new Error(`${target} is no field to type into`)
      const field = control as HTMLInputElement
      field.focus()
      field.value = text
      field.dispatchEvent(new window.Event("input", { bubbles: true }))
      field.blur()
    },
    text: target => visibleText(target === undefined ? document.body : find(document, target)),
    async until(condition, timeoutMs = 5_000) {
      const end = performance.now() + timeoutMs
      for (;;) {
        const { holds, because } = await tried(condition)
        if (holds) return
        if (performance.now() > end)
          throw new Error(
            [
              `it did not happen within ${timeoutMs} ms: ${condition}${because}`,
              `on the phone: ${visibleText(document.body)}`,
              told(errors),
            ].join("\n"),
          )
        await new Promise(resolve => setTimeout(resolve, 5))
      }
    },
    calls: name => (name === undefined ? calls : calls.filter(call => call.name === name)),
    errors: () => errors,
    warnings,
    hide: phone.hide,
    show: phone.show,
    files: phone.files,
    wx: phone.wx,
    window: window as unknown as Launched["window"],
    close: () => window.close(),
  }
  return launched
}

interface StageWindow {
  readonly dengluStage: {
    startPhone(setting: Hooks & Readonly<Record<string, unknown>>): {
      page():
        | { readonly instance: { readonly route: string; readonly data: Record<string, unknown> } }
        | undefined
      hide(): void
      show(): void
      readonly files: PhoneFiles
      readonly wx: Readonly<Record<string, unknown>>
    }
  }
}

interface Hooks {
  onError(error: unknown): void
  onWarning(message: string): void
  onCall(call: WxCall): void
}

/** What a browser has and jsdom has not, or not as Node's `fetch` takes it. */
function lendGlobals(window: DOMWindow): void {
  let made = 0
  Object.assign(window, {
    TextEncoder,
    TextDecoder,
    AbortController,
    AbortSignal,
    Headers,
    Request,
    Response,
    WebSocket,
    structuredClone,
    // Without a layout nothing comes into sight.
    IntersectionObserver: class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
    matchMedia: () => ({
      matches: false,
      addEventListener() {},
      removeEventListener() {},
      addListener() {},
      removeListener() {},
    }),
    scrollTo() {},
  })
  window.URL.createObjectURL = () => {
    made += 1
    return `blob:stage/${made}`
  }
  window.URL.revokeObjectURL = () => {}
}

/** A condition that speaks of what is not there yet does not hold yet. */
async function tried(condition: () => unknown): Promise<{ holds: boolean; because: string }> {
  try {
    return { holds: Boolean(await condition()), because: "" }
  } catch (error) {
    return { holds: false, because: `: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function told(errors: readonly unknown[]): string {
  const texts = errors.map(error => String((error as { stack?: string })?.stack ?? JSON.stringify(error)))
  return texts.length === 0 ? "nothing was thrown" : `thrown: ${texts.join("\n")}`
}
