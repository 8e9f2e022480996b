import type { ClientErrorCode, Fail } from "./login-error.ts"
import type { Platform, PlatformCallbacks } from "./platform.ts"

interface Task {
  abort?(): void
  catch?(handler: () => void): unknown
}

/** The asynchronous APIs that are called. */
export type Api = "login" | "checkSession" | "request" | "uploadFile" | "downloadFile"

/**
 * Calls an API of the platform and settles in any case: platforms have been seen that never call back, whatever their
 * own `timeout` says.
 * @param timeoutMs how long at most
 * @param failure what a refusal is, unless it is about time
 * @param onTask is given what the API returned
 */
export function settle<Result>(
  platform: Platform,
  api: Api,
  options: object,
  timeoutMs: number,
  fail: Fail,
  failure: ClientErrorCode,
  onTask?: (task: never) => void,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    let task: Task | undefined
    const timer = setTimeout(() => {
      reject(fail("timeout"))
      if (task && task.abort) task.abort()
    }, timeoutMs)
    const callbacks: PlatformCallbacks<Result> = {
      success(result) {
        clearTimeout(timer)
        resolve(result)
      },
      fail(reason) {
        clearTimeout(timer)
        reject(fail(/time/.test(reason && reason.errMsg) ? "timeout" : failure))
      },
    }
    try {
      task = platform[api](Object.assign({}, options, callbacks, { timeout: timeoutMs }) as never) as Task
    } catch (thrown) {
      clearTimeout(timer)
      reject(thrown)
    }
    // Taro answers by callback and by a promise, which nobody here waits for.
    if (task && task.catch) task.catch(() => {})
    if (onTask) onTask(task as never)
  })
}
