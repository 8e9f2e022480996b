import { createLogin, type Login, type LoginOptions } from "../create-login.ts"
import { element } from "./element.ts"
import { type Offer, passwordWay } from "./password-way.ts"
import { scanWay } from "./scan-way.ts"
import { smsWay } from "./sms-way.ts"
import { style } from "./style.ts"
import { texts, type Way } from "./texts.ts"
import type { WayContext, WayView } from "./way.ts"

/** The events a panel sends, by name. */
export interface PanelEvents {
  /** Somebody has logged in; `detail` is the user. */
  "denglu-login": CustomEvent
  /** Something did not work; `detail` is the `LoginError`. The person has been told. */
  "denglu-error": CustomEvent
}

/** Pages are also rendered on servers, where there are no elements: there it may be imported, and is nothing. */
const Element = globalThis.HTMLElement ?? (class {} as typeof HTMLElement)

const allWays: readonly Way[] = ["scan", "sms", "password"]
const known = (words: readonly string[]) =>
  [...new Set(words)].filter(word => allWays.includes(word as Way)) as Way[]

/**
 * `<denglu-login>`: the ways in as tabs. Attributes: `base-url`, `session` (`cookie` or `token`), `ways` (`"scan sms password"`: which, and in which
 * order; default is all that the server offers), `lang`, `theme` (`light` or `dark`; else the person's own setting). `login` as a property is a login that the page has made itself, and
 * `challenge` a function that answers what the server's captcha asks for before an SMS.
 *
 * It sends `denglu-login` and `denglu-error`, both with `detail`; see {@link PanelEvents}.
 */
export class LoginPanel extends Element {
  static readonly observedAttributes = ["base-url", "session", "ways", "lang"]

  /** Answers what the server's captcha asks for; `undefined` where there is none. */
  challenge: () => Promise<string | undefined> = async () => undefined

  #login: Login | undefined
  #views = new Map<Way, WayView>()
  #shown: Way | undefined
  /** Counts, so that an answer that is no longer asked for shows nothing. */
  #renders = 0
  readonly #root = this.attachShadow({ mode: "open" })

  /** The login behind the panel: the page's own, or one made from the attributes. */
  get login(): Login {
    this.#login ??= createLogin(this.#options())
    return this.#login
  }

  set login(login: Login) {
    this.#login = login
    if (this.isConnected) void this.#render()
  }

  connectedCallback(): void {
    void this.#render()
  }

  disconnectedCallback(): void {
    this.#stop()
  }

  attributeChangedCallback(name: string): void {
    if (name === "base-url" || name === "session") this.#login = undefined
    if (this.isConnected && this.#renders > 0) void this.#render()
  }

  #options(): LoginOptions {
    const baseUrl = this.getAttribute("base-url")
    const session = this.getAttribute("session")
    return {
      ...(baseUrl !== null && { baseUrl }),
      ...(session === "token" && { session }),
      language: this.#language(),
    }
  }

  #language(): "zh" | "en" {
    const said = this.lang || document.documentElement.lang || navigator.language
    return /^zh/i.test(said) ? "zh" : "en"
  }

  #stop(): void {
    if (this.#shown !== undefined) this.#views.get(this.#shown)?.stop()
    this.#shown = undefined
  }

  async #render(): Promise<void> {
    this.#stop()
    this.#renders += 1
    const render = this.#renders
    const asked = known((this.getAttribute("ways") ?? "").split(/\s+/))
    // Where the attribute names the ways, nothing waits for the server: at most the offer to register comes later.
    const asks = asked.length === 0 || asked.includes("password")
    const offer = asks ? this.login.ways().catch(() => undefined) : undefined
    const ways = asked.length > 0 ? asked : known((await offer)?.ways ?? [])
    if (render !== this.#renders || !this.isConnected) return
    // Scanning if it can't be found out.
    this.#show(ways.length > 0 ? ways : ["scan"], offer)
  }

  #show(ways: readonly Way[], offer?: Offer): void {
    const words = texts[this.#language()]
    const context: WayContext = {
      login: this.login,
      texts: words,
      onLogin: user => this.#send("denglu-login", user),
      onError: error => this.#send("denglu-error", error),
    }
    const make: Readonly<Record<Way, () => WayView>> = {
      scan: () => scanWay(context),
      sms: () => smsWay(context, () => this.challenge()),
      password: () => passwordWay(context, offer),
    }
    this.#views = new Map(ways.map(way => [way, make[way]()]))
    const tabs = ways.map(way =>
      element(
        "button",
        {
          type: "button",
          role: "tab",
          part: "tab",
          id: `tab-${way}`,
          "aria-controls": `panel-${way}`,
          "data-way": way,
        },
        words.tabs[way],
      ),
    )
    const panels = ways.map(way =>
      element(
        "div",
        { role: "tabpanel", id: `panel-${way}`, "aria-labelledby": `tab-${way}` },
        ...(this.#views.get(way)?.content ?? []),
      ),
    )
    const list = element(
      "div",
      { role: "tablist", "aria-label": words.title, ...(ways.length === 1 && { hidden: "" }) },
      ...tabs,
    )

    const show = (way: Way, focus: boolean) => {
      this.#stop()
      this.#shown = way
      tabs.forEach((tab, index) => {
        const selected = ways[index] === way
        tab.setAttribute("aria-selected", String(selected))
        tab.tabIndex = selected ? 0 : -1
        if (selected && focus) tab.focus()
        const panel = panels[index]
        if (panel) panel.hidden = !selected
      })
      this.#views.get(way)?.start()
    }
    list.addEventListener("click", event => {
      const way = (event.target as HTMLElement).dataset.way as Way | undefined
      if (way !== undefined && way !== this.#shown) show(way, true)
    })
    list.addEventListener("keydown", event => {
      const at = ways.indexOf(this.#shown as Way)
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[event.key]
      const way = to === undefined ? undefined : ways.at(to % ways.length)
      if (way === undefined) return
      event.preventDefault()
      show(way, true)
    })
    this.#root.replaceChildren(
      element("style", {}, style),
      element(
        "section",
        { class: "panel", part: "panel", "aria-label": words.title, lang: this.#language() },
        list,
        ...panels,
      ),
    )
    show(ways[0] as Way, false)
  }

  #send(name: keyof PanelEvents, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }
}
