import type { Login } from "../create-login.ts"
import { LoginError } from "../login-error.ts"
import type { User } from "../wire.ts"
import { element } from "./element.ts"
import type { Texts } from "./texts.ts"

/** What a way in is given by the panel. */
export interface WayContext {
  readonly login: Login
  readonly texts: Texts
  /** Called with the user when it has worked. */
  readonly onLogin: (user: User) => void
  readonly onError: (error: LoginError) => void
}

/** One tab's content. */
export interface WayView {
  readonly content: readonly Node[]
  /** The tab is shown. */
  start(): void
  /** The tab is left, or the panel is. */
  stop(): void
}

/** A line that says how it goes, also to those who hear the page. */
export interface Said {
  readonly line: HTMLElement
  say(text: string, kind?: "error"): void
}

export function createSaid(): Said {
  const line = element("p", { class: "said", role: "status", "aria-live": "polite" })
  return {
    line,
    say(text, kind) {
      line.textContent = text
      if (kind === undefined) line.removeAttribute("data-kind")
      else line.dataset.kind = kind
    },
  }
}

/** What a person is told of an error: our words where we have some, else the server's, which are in their language. */
export function wordsFor(error: unknown, texts: Texts): string {
  if (!(error instanceof LoginError)) return texts.otherError
  return (
    texts.errors[error.code] ??
    (error.status === undefined || error.message === error.code ? texts.otherError : error.message)
  )
}

/** Runs what a form sends, once at a time: the button is off meanwhile, and what goes wrong is said. */
export async function submitOnce(
  button: HTMLButtonElement,
  said: Said,
  { texts, onError }: WayContext,
  work: () => Promise<void>,
): Promise<void> {
  if (button.disabled) return
  button.disabled = true
  said.say(texts.working)
  try {
    await work()
  } catch (error) {
    said.say(wordsFor(error, texts), "error")
    if (error instanceof LoginError) onError(error)
  } finally {
    button.disabled = false
  }
}
