import type { WxCallbacks } from "../../src/wx/callbacks.ts"

export interface Settled<Success> {
  /** Which callbacks ran, in their order. */
  readonly called: readonly string[]
  readonly success: Success | undefined
  readonly failure: { readonly errMsg: string; readonly errno?: number } | undefined
}

/** Calls an API with all three callbacks and waits for `complete`. */
export function settled<Success>(
  call: (callbacks: Required<WxCallbacks<Success>>) => unknown,
): Promise<Settled<Success>> {
  return new Promise(resolve => {
    const called: string[] = []
    let success: Success | undefined
    let failure: Settled<Success>["failure"]
    call({
      success(result) {
        called.push("success")
        success = result
      },
      fail(result) {
        called.push("fail")
        failure = result
      },
      complete() {
        called.push("complete")
        resolve({ called, success, failure })
      },
    })
  })
}
