// biome-ignore-all lint/complexity/useOptionalChain: at ES2017 it is more code, and this goes over a phone's network
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
 * @param timeout milliseconds, how long at most
 * @param failure what a refusal is, unless it is about time
 * @param onTask is given what the API returned
 */
export type Settle = <Result>(
  api: Api,
  options: object,
  timeout: number,
  failure: ClientErrorCode,
  onTask?: (task: never) => void,
) => Promise<Result>

export function createSettle(platform: Platform, fail: Fail): Settle {
  return (api, options, timeout, failure, onTask) => {
    let timer: unknown
    const answer = new Promise<never>((success, reject) => {
      const ours: PlatformCallbacks<never> & { timeout: number } = {
        timeout,
        success,
        fail(reason) {
          const data = reason && reason.errMsg
          reject(fail(/time/.test(data) ? "timeout" : failure, { data }))
        },
      }
      const task = platform[api](Object.assign({}, options, ours) as never) as Task | undefined
      timer = setTimeout(() => {
        reject(fail("timeout"))
        if (task && task.abort) task.abort()
      }, timeout)
      // Taro answers by callback and by a promise, which nobody here waits for.
      if (task && task.catch) task.catch(() => {})
      if (onTask) onTask(task as never)
    })
    const over = () => clearTimeout(timer as number)
    answer.then(over, over)
    return answer
  }
}
