/** The callbacks that every API of `wx` takes. */
export interface Callbacks {
  success?(result: object): void
  fail?(failure: { errMsg: string }): void
  complete?(result: object): void
}

/** As {@link answer}; the work is done when what runs now has come to its end, and what was asked before is done. */
export function answerLater(
  name: string,
  callbacks: Callbacks,
  work: () => object | undefined,
  report: (error: unknown) => void,
): Promise<object> | undefined {
  if (callbacks.success || callbacks.fail || callbacks.complete) {
    setTimeout(() => answer(name, callbacks, work, report))
    return undefined
  }
  return new Promise((resolve, reject) => {
    setTimeout(() => answer(name, callbacks, work, report)?.then(resolve, reject))
  })
}

/**
 * Does it and answers as `wx` does, never before the caller went on: by callbacks, or by Promise where there are none.
 * @param work what it answers besides `errMsg`; a thrown Error's message follows `NAME:fail `
 * @param report is given what a callback throws
 */
export function answer(
  name: string,
  { success, fail, complete }: Callbacks,
  work: () => object | undefined,
  report: (error: unknown) => void,
): Promise<object> | undefined {
  let ok = true
  let result: { errMsg: string }
  try {
    result = { ...work(), errMsg: `${name}:ok` }
  } catch (error) {
    ok = false
    result = { errMsg: `${name}:fail ${error instanceof Error ? error.message : String(error)}` }
  }
  if (!success && !fail && !complete) return ok ? Promise.resolve(result) : Promise.reject(result)
  queueMicrotask(() => {
    for (const callback of [ok ? success : fail, complete]) {
      try {
        callback?.(result)
      } catch (error) {
        report(error)
      }
    }
  })
  return undefined
}
