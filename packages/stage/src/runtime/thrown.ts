import { addGlobalErrorListener, addGlobalWarningListener } from "glass-easel"
import type { AppInstance } from "./app.ts"
import { createAppEvents } from "./app-events.ts"
import { isBuiltin } from "./builtins/builtin.ts"
import type { PhoneOptions } from "./phone.ts"

/** Takes what the mini program's code throws, wherever it does, to the phone's owner and to the mini program itself. */
export function createThrown(app: AppInstance, { onError, onWarning }: PhoneOptions) {
  function report(error: unknown): void {
    onError(error)
    const message = error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error)
    events.tell("Error", { message })
    try {
      app.onError?.(message)
    } catch (thrown) {
      onError(thrown)
    }
  }
  const events = createAppEvents(report)

  // Answering false keeps the library from writing it to the console as well.
  addGlobalErrorListener(error => {
    report(error)
    return false
  })
  addGlobalWarningListener((message, _, element) => {
    // WeChat's own components take whatever they are given.
    if (!(message.endsWith("is not a valid property") && isBuiltin(element))) onWarning?.(message)
    return false
  })
  // In timers, and in promises that nobody waits for.
  window.addEventListener("error", event => {
    // Without an error it is the browser's own complaint, as of a ResizeObserver.
    if (!event.error) return
    event.preventDefault()
    report(event.error)
  })
  window.addEventListener("unhandledrejection", ({ reason, promise }) => {
    onError(reason)
    try {
      app.onUnhandledRejection?.({ reason, promise })
    } catch (thrown) {
      report(thrown)
    }
    events.tell("UnhandledRejection", { reason, promise })
  })

  return { report, events }
}
